"""The generated protocol messages, loaded without the rest of the Pulumi SDK.

`import pulumi` costs more than half a second; plugins and language host need only the messages
below it. They are imported with bare parent packages in place of `pulumi` and `pulumi.runtime`,
which are removed again at once, so that a later `import pulumi` in the same process still finds the
whole SDK and the very same message classes.
"""

from __future__ import annotations

import importlib.util
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING

_PARENTS = ("pulumi", "pulumi.runtime")
_MESSAGES = ("engine_pb2", "language_pb2", "plugin_pb2", "provider_pb2", "status_pb2")


def _bare_package(name: str, folder: str) -> ModuleType:
    package = ModuleType(name)
    package.__path__ = [folder]
    package.__spec__ = ModuleSpec(name, None, is_package=True)
    return package


def _load() -> None:
    """Put the messages into `sys.modules`, and leave the SDK's own packages as they were."""
    bare = "pulumi" not in sys.modules
    if bare:
        spec = importlib.util.find_spec("pulumi")
        if spec is None or not spec.submodule_search_locations:
            raise ImportError(
                "The package 'pulumi' is not installed. The plugins need its protocol messages. "
                "Install the pinned requirements: pip install -r requirements-dev.txt"
            )
        sdk = spec.submodule_search_locations[0]
        sys.modules["pulumi"] = _bare_package("pulumi", sdk)
        sys.modules["pulumi.runtime"] = _bare_package("pulumi.runtime", f"{sdk}/runtime")
    try:
        for name in _MESSAGES:
            importlib.import_module(f"pulumi.runtime.proto.{name}")
    finally:
        if bare:
            for name in _PARENTS:
                del sys.modules[name]


if TYPE_CHECKING:
    from pulumi.runtime.proto import engine_pb2 as engine_pb2
    from pulumi.runtime.proto import engine_pb2_grpc as engine_pb2_grpc
    from pulumi.runtime.proto import language_pb2 as language_pb2
    from pulumi.runtime.proto import language_pb2_grpc as language_pb2_grpc
    from pulumi.runtime.proto import plugin_pb2 as plugin_pb2
    from pulumi.runtime.proto import provider_pb2 as provider_pb2
    from pulumi.runtime.proto import provider_pb2_grpc as provider_pb2_grpc
    from pulumi.runtime.proto import status_pb2 as status_pb2
else:
    _load()
    engine_pb2 = sys.modules["pulumi.runtime.proto.engine_pb2"]
    engine_pb2_grpc = sys.modules["pulumi.runtime.proto.engine_pb2_grpc"]
    language_pb2 = sys.modules["pulumi.runtime.proto.language_pb2"]
    language_pb2_grpc = sys.modules["pulumi.runtime.proto.language_pb2_grpc"]
    plugin_pb2 = sys.modules["pulumi.runtime.proto.plugin_pb2"]
    provider_pb2 = sys.modules["pulumi.runtime.proto.provider_pb2"]
    provider_pb2_grpc = sys.modules["pulumi.runtime.proto.provider_pb2_grpc"]
    status_pb2 = sys.modules["pulumi.runtime.proto.status_pb2"]
