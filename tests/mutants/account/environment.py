"""Emulated environments with one thing wrong: in their settings, their status or their work."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from mwaa import iam_policies
from mwaa.service.versions import VERSIONS
from tests.mutants.account.emulated import NAMES, REGION, LiveAccount, LiveMutant, acted
from tests.mutants.files import packed
from tests.mutants.policies import document
from tests.mutants.recorded import NAME

E, N, S, ID = "mwaa-environment-", "mwaa-network-", "mwaa-storage-", "mwaa-identity-"
K, L, D = "mwaa-encryption-", "mwaa-logs-", "mwaa-delivery-"


def updated(rule: str, **changes: Any) -> LiveMutant:
    """UpdateEnvironment."""
    return acted(rule, lambda target: target.update(**changes))


def recreated(rule: str, **changes: Any) -> LiveMutant:
    """Deleted and created again, with what an update cannot change."""
    return acted(rule, lambda target: target.recreate(**changes))


def option(rule: str, name: str, value: str) -> LiveMutant:
    """One more Airflow option, or another value."""

    def act(target: LiveAccount) -> None:
        found = target.client("mwaa").get_environment(Name=NAME)["Environment"]
        options = {**found["AirflowConfigurationOptions"], name: value}
        target.update(AirflowConfigurationOptions=options)

    return acted(f"{E}{rule}", act)


def _modules(**change: Any) -> dict[str, Any]:
    return {"LoggingConfiguration": {"TaskLogs": {"Enabled": True, "LogLevel": "INFO", **change}}}


def _folder(target: LiveAccount) -> None:
    """Requirements whose key names a folder."""
    key = "requirements/"
    made = target.client("s3").put_object(Bucket=target.bucket, Key=key, Body=b"")
    target.update(RequirementsS3Path=key, RequirementsS3ObjectVersion=made["VersionId"])


def _lazy_plugins(target: LiveAccount) -> None:
    made = target.client("s3").put_object(Bucket=target.bucket, Key="plugins.zip", Body=packed())
    target.recreate(
        AirflowVersion="2.10.3",
        PluginsS3Path="plugins.zip",
        PluginsS3ObjectVersion=made["VersionId"],
    )


def _aws_key(target: LiveAccount) -> None:
    """No key of the customer's, and a role that may use AWS's own."""
    wish = iam_policies.aws_owned_key_permissions(NAMES)
    target.client("iam").put_role_policy(
        RoleName=NAMES.role, PolicyName="queue-key", PolicyDocument=json.dumps(wish)
    )
    target.recreate(KmsKey=None)


def _aws_key_withdrawn(target: LiveAccount) -> None:
    _aws_key(target)
    target.client("iam").delete_role_policy(RoleName=NAMES.role, PolicyName="queue-key")


def _role_gone(target: LiveAccount) -> None:
    iam = target.client("iam")
    for name in iam.list_role_policies(RoleName=NAMES.role)["PolicyNames"]:
        iam.delete_role_policy(RoleName=NAMES.role, PolicyName=name)
    iam.delete_role(RoleName=NAMES.role)


def _old(target: LiveAccount) -> None:
    """An environment from a time in which its version was supported."""
    ended = VERSIONS["2.6.3"]
    made = datetime.combine(ended.available, datetime.min.time(), UTC).timestamp()
    clock = target.emulator.clock
    clock.offset = made + 86400 - (clock.now() - clock.offset)
    target.recreate(AirflowVersion=ended.version)


SETTINGS = [
    updated(f"{L}all-five-enabled", **_modules(Enabled=False)),
    updated(f"{L}levels-informative", **_modules(LogLevel="ERROR")),
    updated(f"{N}webserver-private", WebserverAccessMode="PUBLIC_AND_PRIVATE"),
    updated(f"{E}workers-within-quota", MaxWorkers=26),
    acted(f"{S}paths-relative", _folder),
    option("multi-team-off", "core.multi_team", "True"),
    option("option-keys-valid", "nosection", "x"),
    option("options-fit-class", "celery.worker_autoscale", "200,5"),
    option("options-hold-no-secrets", "smtp.smtp_password", "hunter2hunter2"),
    option("options-not-locked", "core.executor", "LocalExecutor"),
    option("secrets-backend-valid", "secrets.backend", "mine.Backend"),
    recreated(
        "mwaa-delivery-option-classes-delivered",
        AirflowConfigurationOptions={"core.xcom_backend": "backends.S3"},
        RequirementsS3Path=None,
        RequirementsS3ObjectVersion=None,
    ),
    recreated(f"{S}artefacts-pinned", StartupScriptS3ObjectVersion=None),
    acted(f"{K}customer-key", _aws_key),
    acted(f"{ID}may-use-service-key", _aws_key_withdrawn),
    acted(f"{E}lazy-plugins-off", _lazy_plugins),
    acted(f"{E}version-not-ending", _old),
    acted(f"{E}parts-exist", _role_gone),
    acted(f"{E}alarms-exist", lambda target: target.client("cloudwatch").delete_alarms(
        AlarmNames=[NAMES.alarm("scheduler-heartbeat")])),
]  # fmt: skip


def _refuse_logs(target: LiveAccount) -> None:
    deny = {"Effect": "Deny", "Action": "logs:*", "Resource": "*"}
    target.client("iam").put_role_policy(
        RoleName=NAMES.role, PolicyName="no-logs", PolicyDocument=document(deny)
    )


def _unavailable(target: LiveAccount) -> None:
    """Maintenance cannot bring the environment up, because its role may not write logs."""
    _refuse_logs(target)
    target.occur(event="maintenance")
    target.emulator.advance()
    target.client("iam").delete_role_policy(RoleName=NAMES.role, PolicyName="no-logs")


def _failed_update(target: LiveAccount) -> None:
    """A group without rules is refused only when the containers find no way, and rolled back."""
    vpc = target.ids["Vpc mwaa-network-vpc"]
    closed = target.client("ec2").create_security_group(
        GroupName="closed", Description="closed", VpcId=vpc
    )["GroupId"]
    target.update(NetworkConfiguration={"SecurityGroupIds": [closed]})


def metric(rule: str, **values: float) -> LiveMutant:
    """What the components of the environment report from now on."""
    return acted(f"{E}{rule}", lambda target: target.occur(event="measures", values=values))


LIFE = [
    acted(f"{E}status-available", _unavailable),
    acted(f"{E}last-update-succeeded", _failed_update),
    acted(f"{E}interfaces-present",
          lambda target: target.occur(event="zone-lost", zone=f"{REGION}a")),
    metric("scheduler-heartbeat", SchedulerHeartbeat=0),
    metric("worker-heartbeat", CeleryWorkerHeartbeat=0),
    metric("dags-import", ImportErrors=3),
    metric("dag-count-fits", DagBagSize=100_000),
    metric("queue-moves", QueuedTasks=7),
    metric("utilisation-moderate", CPUUtilization=99),
]  # fmt: skip

MUTANTS = [*SETTINGS, *LIFE]
