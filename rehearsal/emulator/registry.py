"""Adds the MWAA backend to moto, which has no plug-in interface, and checks that it took; gives
moto the service models that are parsed already.

moto finds services through two pieces of module data, both read at call time: the list
``backend_index.backend_url_patterns`` and ``importlib.import_module("moto.<service>")``.
Only these two are touched; ``register`` says which one changed if a future moto breaks them.
"""

import importlib
import re
import sys
from functools import cache
from importlib.metadata import version

import botocore.session
import moto.backend_index
import moto.backends
import moto.core.utils
from botocore.loaders import create_loader

from rehearsal.emulator.accounts import loader

TESTED = ("5.2.5", "5.3")
"""moto from the first version, up to but not the second; requirements-dev.txt pins one."""

# The bare host too: moto's server rebuilds the host from the signature, without the prefix.
URL = re.compile(r"https?://(?:(?:api|env|ops)\.)?airflow\.(.+)\.amazonaws\.com(?:\.cn)?")


class SeamError(RuntimeError):
    """moto changed where this emulator holds on to it; the message names the seam."""


def share_service_models() -> None:
    """Let moto, and each session that it makes, parse a service's model once.

    Each would read the files anew; EC2's takes a fifth of a second. moto has a loader of its own:
    a client of S3 takes the bucket out of the paths in its model.
    """
    for module, shared in ((botocore.session, loader), (moto.core.utils, cache(create_loader))):
        if not hasattr(module, "create_loader"):
            raise SeamError(f"{module.__name__}.create_loader is gone: who reads the models now?")
        setattr(module, "create_loader", shared)  # noqa: B010


def register() -> None:
    """Make moto serve ``airflow`` from ``backends/mwaa``; repeating it changes nothing."""
    found = tuple(int(part) for part in version("moto").split(".")[:3])
    low, high = (tuple(int(part) for part in bound.split(".")) for bound in TESTED)
    if not low <= found < high:
        raise SeamError(
            f"moto {version('moto')} is installed; the emulator is tested with "
            f"{TESTED[0]} up to, not including, {TESTED[1]}: install requirements-dev.txt"
        )
    package = importlib.import_module("rehearsal.emulator.mwaa")
    sys.modules["moto.mwaa"] = package
    patterns = moto.backend_index.backend_url_patterns
    if not isinstance(patterns, list):
        raise SeamError("moto.backend_index.backend_url_patterns is no longer a list")
    if all(name != "mwaa" for name, _ in patterns):
        patterns.append(("mwaa", URL))
    service = moto.backends.get_service_from_url("https://airflow.us-east-1.amazonaws.com")
    if service != "mwaa":
        raise SeamError(f"moto.backends.get_service_from_url finds {service!r} for the MWAA host")
    if moto.backends.get_backend("mwaa") is not package.mwaa_backends:  # type: ignore[call-overload]
        raise SeamError("moto.backends.get_backend does not import moto.mwaa")
