"""Living environments with one thing wrong: in their settings, their status or their work."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from mwaa import policies
from mwaa.versions import VERSIONS
from tests.mutants.account import NAMES, REGION, Court, LiveMutant, acted
from tests.mutants.account_parts import document
from tests.mutants.recorded import NAME

E, N, S, ID = "mwaa-environment-", "mwaa-network-", "mwaa-storage-", "mwaa-identity-"
K, L, D = "mwaa-encryption-", "mwaa-logs-", "mwaa-delivery-"


def updated(rule: str, **changes: Any) -> LiveMutant:
    """UpdateEnvironment."""
    return acted(rule, lambda court: court.update(**changes))


def recreated(rule: str, **changes: Any) -> LiveMutant:
    """Deleted and created again, with what an update cannot change."""
    return acted(rule, lambda court: court.recreate(**changes))


def option(rule: str, name: str, value: str) -> LiveMutant:
    """One more Airflow option, or another value."""

    def act(court: Court) -> None:
        found = court.client("mwaa").get_environment(Name=NAME)["Environment"]
        options = {**found["AirflowConfigurationOptions"], name: value}
        court.update(AirflowConfigurationOptions=options)

    return acted(f"{E}{rule}", act)


def _modules(**change: Any) -> dict[str, Any]:
    return {"LoggingConfiguration": {"TaskLogs": {"Enabled": True, "LogLevel": "INFO", **change}}}


def _folder(court: Court) -> None:
    """Requirements whose key names a folder."""
    key = "requirements/"
    made = court.client("s3").put_object(Bucket=court.bucket, Key=key, Body=b"")
    court.update(RequirementsS3Path=key, RequirementsS3ObjectVersion=made["VersionId"])


def _lazy_plugins(court: Court) -> None:
    made = court.client("s3").put_object(Bucket=court.bucket, Key="plugins.zip", Body=b"PK")
    court.recreate(
        AirflowVersion="2.10.3",
        PluginsS3Path="plugins.zip",
        PluginsS3ObjectVersion=made["VersionId"],
    )


def _aws_key(court: Court) -> None:
    """No key of the customer's, and a role that may use AWS's own."""
    wish = policies.aws_owned_key_permissions(NAMES)
    court.client("iam").put_role_policy(
        RoleName=NAMES.role, PolicyName="queue-key", PolicyDocument=json.dumps(wish)
    )
    court.recreate(KmsKey=None)


def _aws_key_withdrawn(court: Court) -> None:
    _aws_key(court)
    court.client("iam").delete_role_policy(RoleName=NAMES.role, PolicyName="queue-key")


def _old(court: Court) -> None:
    """An environment from a time in which its version was supported."""
    ended = VERSIONS["2.6.3"]
    made = datetime.combine(ended.available, datetime.min.time(), UTC).timestamp()
    clock = court.emulator.clock
    clock.offset = made + 86400 - (clock.now() - clock.offset)
    court.recreate(AirflowVersion=ended.version)


SETTINGS = [
    updated(f"{L}all-five-enabled", **_modules(Enabled=False)),
    updated(f"{L}levels-informative", **_modules(LogLevel="ERROR")),
    updated(f"{N}webserver-private", WebserverAccessMode="PUBLIC_AND_PRIVATE"),
    updated(f"{E}workers-within-quota", MaxWorkers=26),
    acted(f"{S}paths-relative", _folder),
    option("multi-team-off", "core.multi_team", "True"),
    option("option-keys-valid", "nosection", "x"),
    option("options-hold-no-secrets", "smtp.smtp_password", "hunter2hunter2"),
    option("options-not-locked", "core.executor", "LocalExecutor"),
    option("secrets-backend-valid", "secrets.backend", "mine.Backend"),
    recreated(f"{S}artefacts-pinned", StartupScriptS3ObjectVersion=None),
    acted(f"{K}customer-key", _aws_key),
    acted(f"{ID}may-use-service-key", _aws_key_withdrawn),
    acted(f"{E}lazy-plugins-off", _lazy_plugins),
    acted(f"{E}version-supported", _old),
    acted(f"{E}alarms-exist", lambda court: court.client("cloudwatch").delete_alarms(
        AlarmNames=[NAMES.alarm("scheduler-heartbeat")])),
]  # fmt: skip


def _refuse_logs(court: Court) -> None:
    deny = {"Effect": "Deny", "Action": "logs:*", "Resource": "*"}
    court.client("iam").put_role_policy(
        RoleName=NAMES.role, PolicyName="no-logs", PolicyDocument=document(deny)
    )


def _unavailable(court: Court) -> None:
    """Maintenance cannot bring the environment up, because its role may not write logs."""
    _refuse_logs(court)
    court.befall(event="maintenance")
    court.emulator.advance()
    court.client("iam").delete_role_policy(RoleName=NAMES.role, PolicyName="no-logs")


def _failed_update(court: Court) -> None:
    """A group without rules is refused only when the containers find no way, and rolled back."""
    vpc = court.ids["Vpc mwaa-network-vpc"]
    closed = court.client("ec2").create_security_group(
        GroupName="closed", Description="closed", VpcId=vpc
    )["GroupId"]
    court.update(NetworkConfiguration={"SecurityGroupIds": [closed]})


def metric(rule: str, **values: float) -> LiveMutant:
    """What the components of the environment report from now on."""
    return acted(f"{E}{rule}", lambda court: court.befall(event="measures", values=values))


LIFE = [
    acted(f"{E}status-available", _unavailable),
    acted(f"{E}last-update-succeeded", _failed_update),
    acted(f"{E}interfaces-present",
          lambda court: court.befall(event="zone-lost", zone=f"{REGION}a")),
    metric("scheduler-heartbeat", SchedulerHeartbeat=0),
    metric("worker-heartbeat", CeleryWorkerHeartbeat=0),
    metric("dags-import", ImportErrors=3),
    metric("dag-count-fits", DagBagSize=100_000),
    metric("queue-moves", QueuedTasks=7),
    metric("utilisation-moderate", CPUUtilization=99),
]  # fmt: skip

MUTANTS = [*SETTINGS, *LIFE]
