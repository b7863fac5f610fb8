"""An environment that a stack file describes and nobody has created: what can be read of it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from day2.failure import RefusedError
from day2.target import pulumi
from mwaa.endpoints import service_name
from mwaa.maybe import UNKNOWN
from mwaa.problems import SettingsError
from mwaa.settings import Settings
from mwaa.subject import Endpoint, Subject, known

MODULES = {
    "dag_processing": "DagProcessingLogs",
    "scheduler": "SchedulerLogs",
    "task": "TaskLogs",
    "webserver": "WebserverLogs",
    "worker": "WorkerLogs",
}


def settings(stack: str) -> Settings:
    """The settings of a stack (empty: the selected one), as the program would read them.

    Raises ``RefusedError`` with every problem of the stack file.
    """
    raw: Any = json.loads(pulumi("config", "--json", stack=stack) or "{}")
    prefix = "mwaa:"
    values = {key: _raw(item) for key, item in raw.items()}
    try:
        return Settings.load(
            {k.removeprefix(prefix): v for k, v in values.items() if k.startswith(prefix)},
            region=values.get("aws:region", ""),
            base=Path.cwd(),
        )
    except SettingsError as problem:
        raise RefusedError(str(problem)) from None


def _raw(item: Mapping[str, Any]) -> str:
    # A secret is not shown here, and nothing that is judged before a create needs it.
    if item.get("secret"):
        return "{}"
    value = item.get("objectValue", item.get("value", ""))
    return value if isinstance(value, str) else json.dumps(value)


def described(found: Settings) -> dict[str, Any]:
    """GetEnvironment's form of what a create would say; ``UNKNOWN`` for what is not made yet."""
    key: Any = {"aws-owned": None, "existing": found.existing_key_arn}
    sizing = found.sizing
    bucket = found.existing_bucket_name
    partition = "aws-cn" if found.region.startswith("cn-") else "aws"
    return {
        "Name": found.environment_name,
        "AirflowVersion": found.airflow_version,
        "EnvironmentClass": found.environment_class,
        "MinWorkers": sizing.min_workers,
        "MaxWorkers": sizing.max_workers,
        "Schedulers": sizing.schedulers,
        "MinWebservers": sizing.min_webservers,
        "MaxWebservers": sizing.max_webservers,
        "WebserverAccessMode": found.webserver_access_mode,
        "EndpointManagement": found.endpoint_management,
        "KmsKey": key.get(found.encryption, UNKNOWN),
        "ExecutionRoleArn": found.existing_role_arn or UNKNOWN,
        "SourceBucketArn": f"arn:{partition}:s3:::{bucket}" if bucket else UNKNOWN,
        "DagS3Path": found.dag_s3_path,
        "NetworkConfiguration": {
            "SubnetIds": found.existing_subnet_ids or UNKNOWN,
            "SecurityGroupIds": (UNKNOWN, *found.additional_security_group_ids),
        },
        "AirflowConfigurationOptions": UNKNOWN,
        "LoggingConfiguration": {
            MODULES[module]: {"Enabled": level is not None, "LogLevel": level or "INFO"}
            for module, level in found.log_group_levels.items()
        },
        "WeeklyMaintenanceWindowStart": found.weekly_maintenance_window_start or None,
        "Tags": dict(found.tags),
    }


def with_own_parts(subject: Subject, found: Settings) -> Subject:
    """``subject`` with the endpoints that the program would add to an existing VPC.

    A second endpoint with private DNS for a service is refused, so this is known before a create.
    """
    if not known(subject.endpoints) or not known(subject.vpcs):
        return replace(subject, log_groups=UNKNOWN)
    (vpc,) = subject.vpcs
    tables = found.existing_route_table_ids
    own = tuple(
        Endpoint(
            id=f"planned-{suffix}",
            service=service_name(suffix, found.region),
            type="Gateway" if gateway else "Interface",
            vpc=vpc.id,
            subnets=() if gateway else found.existing_subnet_ids,
            security_groups=() if gateway else UNKNOWN,
            route_tables=tables if gateway else (),
            private_dns=not gateway,
            policy=UNKNOWN,
            state=UNKNOWN,
        )
        for suffix in found.endpoint_services
        if (gateway := suffix == "s3") is False or tables
    )
    # The program also makes log groups.
    return replace(subject, endpoints=(*subject.endpoints, *own), log_groups=UNKNOWN)
