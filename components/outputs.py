"""The stack's outputs: what ``mwaa.settings.outputs`` documents, taken from the parts of the
platform."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components.access import AirflowAccess
from components.customer_endpoints import CustomerEndpoints
from components.encryption import EnvironmentKey
from components.endpoints import PrivateEndpoints
from components.environment import AirflowEnvironment
from components.identity import ExecutionRole
from components.logs import LogGroups
from components.monitoring import Monitoring
from components.network import Network
from components.storage import Artifact, SourceBucket
from mwaa.settings.load import Settings
from mwaa.settings.outputs import PARAMETERS
from mwaa.settings.replacement import Guards


def stack_outputs(
    settings: Settings,
    *,
    account: str,
    fingerprint: str,
    guards: Guards,
    key: EnvironmentKey,
    network: Network,
    endpoints: PrivateEndpoints,
    bucket: SourceBucket,
    role: ExecutionRole,
    logs: LogGroups,
    environment: AirflowEnvironment,
    customer_endpoints: CustomerEndpoints | None,
    access: AirflowAccess | None,
    monitoring: Monitoring,
) -> dict[str, pulumi.Input[Any]]:
    """All outputs by name; what does not apply is an empty string or an empty mapping."""
    customer = customer_endpoints.endpoint_ids if customer_endpoints else {}
    return {
        "environmentName": environment.environment_name,
        "environmentArn": environment.arn,
        "airflowVersion": settings.airflow_version,
        "environmentClass": settings.environment_class,
        "status": environment.status,
        "webserverUrl": environment.webserver_url,
        "webserverAccessMode": settings.webserver_access_mode,
        "endpointManagement": settings.endpoint_management,
        "workerReplacementStrategy": settings.worker_replacement_strategy,
        "region": settings.region,
        "accountId": account,
        "bucketName": bucket.bucket_name,
        "bucketArn": bucket.bucket_arn,
        "dagS3Path": bucket.dag_path,
        **_pinned("requirements", bucket.requirements),
        **_pinned("plugins", bucket.plugins),
        **_pinned("startupScript", bucket.startup_script),
        "kmsKeyArn": key.key_arn or "",
        "executionRoleArn": role.role_arn,
        "vpcId": network.vpc_id,
        "subnetIds": network.subnet_ids,
        "securityGroupIds": network.security_group_ids,
        "endpointIds": {**endpoints.endpoint_ids, **customer},
        "logGroupNames": logs.names,
        # An adopted group keeps what it has.
        "logRetentionDays": "" if settings.adopt_log_groups else settings.log_retention_days,
        "databaseVpcEndpointService": environment.database_endpoint_service,
        "webserverVpcEndpointService": environment.webserver_endpoint_service,
        "accessPolicyArns": access.policy_arns if access else {},
        "alarmTopicArn": monitoring.topic_arn or "",
        "alarmNames": monitoring.alarm_names,
        "dashboardName": monitoring.dashboard_name or "",
        # These two are known only once the environment is: what was never built guards
        # nothing, and an update that failed is still to be made.
        "environmentFingerprint": pulumi.Output.secret(
            environment.arn.apply(lambda _: fingerprint)
        ),
        "replacementGuards": pulumi.Output.all(
            environment.arn, key.key_arn, network.subnet_ids, environment.airflow_version
        ).apply(
            lambda built: guards.export(
                key_arn=built[1], subnet_ids=built[2], airflow_version=built[3]
            )
        ),
    }


def _pinned(kind: str, artifact: Artifact | None) -> dict[str, pulumi.Input[str]]:
    return {
        f"{kind}Key": artifact.key if artifact else "",
        f"{kind}Version": artifact.version if artifact else "",
    }


def parameter_values(outputs: Mapping[str, pulumi.Input[Any]]) -> dict[str, pulumi.Input[str]]:
    """The outputs that SSM parameters hold, one text each; SSM takes no empty ones."""
    found: dict[str, pulumi.Input[str]] = {}
    # The provider's state of an environment with customer endpoints has no address.
    absent = {"webserverUrl"} if outputs["endpointManagement"] == "CUSTOMER" else set()
    for name in (name for name in PARAMETERS if name not in absent):
        value = outputs[name]
        if isinstance(value, Mapping):
            found |= {f"{name}/{key}": item for key, item in value.items()}
        elif isinstance(value, str):
            found |= {name: value} if value else {}
        else:
            # Texts and lists of texts that are known only when their resources are.
            found[name] = pulumi.Output.from_input(value).apply(_text)
    return found


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ",".join(value)
