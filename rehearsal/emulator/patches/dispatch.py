"""All services: how a request finds its method is worked out once, not once per request.

moto 5.2.5 lists its own folder twice for every request, and every member of the class that answers.
"""

from collections.abc import Callable
from functools import lru_cache

from moto.core import responses
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

from rehearsal.emulator.patches.seam import around
from rehearsal.emulator.registry import SeamError

_SIZE = 1024


def apply() -> None:
    """Remember the answers of two functions of moto, which depend on their arguments alone."""
    names = getattr(responses, "method_names_from_class", None)
    if names is None:
        raise SeamError(
            "moto no longer has moto.core.responses.method_names_from_class: look whether the "
            "patch is still needed"
        )
    setattr(responses, "method_names_from_class", lru_cache(_SIZE)(names))  # noqa: B010

    @lru_cache(_SIZE)
    def backend(original: Callable[..., object], dispatcher: object, host: str | None) -> object:
        return original(dispatcher, host)

    around(DomainDispatcherApplication, "get_backend_for_host")(backend)
