"""What is built: one ComponentResource per part of the platform, importable by any Pulumi program.

Components take their arguments, never the stack's configuration; only ``platform.py`` maps the
settings of a stack to arguments. They do not judge themselves: rules live in ``policy/rules/``.

``__all__`` is what other programs may rely on: the components, their arguments, and what those are
made of. docs/guides/components.md shows their use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from components.access import AirflowAccess, AirflowAccessArgs
    from components.airflow_objects import AirflowObjects, AirflowObjectsArgs
    from components.customer_endpoints import CustomerEndpoints, CustomerEndpointsArgs
    from components.encryption import EnvironmentKey, EnvironmentKeyArgs
    from components.endpoints import PrivateEndpoints, PrivateEndpointsArgs
    from components.environment import AirflowEnvironment, AirflowEnvironmentArgs
    from components.identity import ExecutionRole, ExecutionRoleArgs
    from components.logs import LogGroups, LogGroupsArgs
    from components.monitoring import Monitoring, MonitoringArgs
    from components.network import Network, NetworkArgs
    from components.parameters import StackParameters, StackParametersArgs
    from components.platform import Platform, PlatformArgs
    from components.storage import Artifact, SourceBucket, SourceBucketArgs
    from mwaa.names import Names
    from mwaa.service.classes import CLASSES, Sizing, size
    from mwaa.settings.load import Settings, SettingsError

__all__ = [
    "CLASSES",
    "AirflowAccess",
    "AirflowAccessArgs",
    "AirflowEnvironment",
    "AirflowEnvironmentArgs",
    "AirflowObjects",
    "AirflowObjectsArgs",
    "Artifact",
    "CustomerEndpoints",
    "CustomerEndpointsArgs",
    "EnvironmentKey",
    "EnvironmentKeyArgs",
    "ExecutionRole",
    "ExecutionRoleArgs",
    "LogGroups",
    "LogGroupsArgs",
    "Monitoring",
    "MonitoringArgs",
    "Names",
    "Network",
    "NetworkArgs",
    "Platform",
    "PlatformArgs",
    "PrivateEndpoints",
    "PrivateEndpointsArgs",
    "Settings",
    "SettingsError",
    "Sizing",
    "SourceBucket",
    "SourceBucketArgs",
    "StackParameters",
    "StackParametersArgs",
    "size",
]

# Where each of them is defined.
_MODULES = {
    "CLASSES": "mwaa.service.classes",
    "AirflowAccess": ".access",
    "AirflowAccessArgs": ".access",
    "AirflowEnvironment": ".environment",
    "AirflowEnvironmentArgs": ".environment",
    "AirflowObjects": ".airflow_objects",
    "AirflowObjectsArgs": ".airflow_objects",
    "Artifact": ".storage",
    "CustomerEndpoints": ".customer_endpoints",
    "CustomerEndpointsArgs": ".customer_endpoints",
    "EnvironmentKey": ".encryption",
    "EnvironmentKeyArgs": ".encryption",
    "ExecutionRole": ".identity",
    "ExecutionRoleArgs": ".identity",
    "LogGroups": ".logs",
    "LogGroupsArgs": ".logs",
    "Monitoring": ".monitoring",
    "MonitoringArgs": ".monitoring",
    "Names": "mwaa.names",
    "Network": ".network",
    "NetworkArgs": ".network",
    "Platform": ".platform",
    "PlatformArgs": ".platform",
    "PrivateEndpoints": ".endpoints",
    "PrivateEndpointsArgs": ".endpoints",
    "Settings": "mwaa.settings.load",
    "SettingsError": "mwaa.settings.load",
    "Sizing": "mwaa.service.classes",
    "SourceBucket": ".storage",
    "SourceBucketArgs": ".storage",
    "StackParameters": ".parameters",
    "StackParametersArgs": ".parameters",
    "size": "mwaa.service.classes",
}


def __getattr__(name: str) -> Any:
    """Loads a component at its first use: who wants one does not wait for the SDK of all."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name], __package__), name)
