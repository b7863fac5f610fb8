"""The gRPC message classes of the Pulumi SDK, loaded without the rest of the SDK.

`import pulumi` costs about half a second, and the host needs only the messages: this process
never runs a program itself.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType


def load() -> None:
    """Make `pulumi.runtime.proto` importable; does nothing where the real SDK is loaded already.

    Raises `ModuleNotFoundError` when the SDK is not installed in this interpreter.
    """
    if "pulumi" in sys.modules:
        return
    spec = importlib.util.find_spec("pulumi")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("the pulumi package is not installed in this interpreter")
    root = Path(next(iter(spec.submodule_search_locations)))
    # Empty packages with the real search path: their submodules load, their __init__ never runs.
    for name in ("pulumi", "pulumi.runtime", "pulumi.runtime.proto"):
        package = ModuleType(name)
        package.__path__ = [str(root.joinpath(*name.split(".")[1:]))]
        sys.modules[name] = package
