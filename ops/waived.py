"""The waivers of the project that a verb runs in, with a refusal in the verbs' form."""

from ops.errors import RefusedError
from policy.waivers import Waivers, WaiversError


def waivers() -> Waivers:
    """Those of ``waivers.yaml``; ``RefusedError`` with every problem of the file."""
    try:
        return Waivers.of_project()
    except WaiversError as error:
        raise RefusedError(str(error)) from None
