"""The members of an environment by their names: in MWAA's API, and as properties in Pulumi.

Sources: https://docs.aws.amazon.com/mwaa/latest/API/API_Environment.html,
https://www.pulumi.com/registry/packages/aws/api-docs/mwaa/environment/
"""

from typing import Final


def property_name(member: str) -> str:
    """Pulumi's name of a member of the API: ``DagS3Path`` is the property ``dagS3Path``."""
    return member[0].lower() + member[1:]


_PLAIN: Final = (
    "AirflowConfigurationOptions",
    "AirflowVersion",
    "DagS3Path",
    "EndpointManagement",
    "EnvironmentClass",
    "ExecutionRoleArn",
    "KmsKey",
    "MaxWebservers",
    "MaxWorkers",
    "MinWebservers",
    "MinWorkers",
    "PluginsS3ObjectVersion",
    "PluginsS3Path",
    "RequirementsS3ObjectVersion",
    "RequirementsS3Path",
    "Schedulers",
    "SourceBucketArn",
    "StartupScriptS3ObjectVersion",
    "StartupScriptS3Path",
    "WebserverAccessMode",
    "WeeklyMaintenanceWindowStart",
)

PROPERTIES: Final = {property_name(member): member for member in _PLAIN}
"""Property in Pulumi -> member of the API, where both have one value without a structure."""

LOG_MEMBERS: Final = {
    "dag_processing": "DagProcessingLogs",
    "scheduler": "SchedulerLogs",
    "task": "TaskLogs",
    "webserver": "WebserverLogs",
    "worker": "WorkerLogs",
}
"""Logging module, a key of ``mwaa.names.LOG_TYPES`` -> member of ``LoggingConfiguration``."""

LOG_PROPERTIES: Final = {property_name(member): member for member in LOG_MEMBERS.values()}
"""Property of ``loggingConfiguration`` in Pulumi -> member of ``LoggingConfiguration``."""
