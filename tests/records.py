"""The records of a compliant platform that are not network: environment, bucket, key, role, logs.

Each function makes a new record; ``tests.subjects`` puts them together with a network.
"""

from dataclasses import fields, replace
from typing import Any

from mwaa.subject import (
    Account,
    Alarm,
    Bucket,
    BucketEncryption,
    Environment,
    Key,
    LifecycleRule,
    LogGroup,
    LogModule,
    ObjectVersion,
    Policy,
    PublicAccessBlock,
    Role,
)
from tests.policies import access_policy, bucket_policy, execution_policy, key_policy, trust_policy

ACCOUNT = "123456789012"
REGION = "us-east-1"
NAME = "prod"
BUCKET = "prod-airflow-source"
BUCKET_ARN = f"arn:aws:s3:::{BUCKET}"
KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/prod-airflow-execution"
ENVIRONMENT_ARN = f"arn:aws:airflow:{REGION}:{ACCOUNT}:environment/{NAME}"
VPC_CIDR = "10.192.0.0/16"
SUBNETS = ("subnet-a", "subnet-b")
ZONES = (f"{REGION}a", f"{REGION}b")
MODULES = {
    "dag_processing": "DAGProcessing",
    "scheduler": "Scheduler",
    "task": "Task",
    "webserver": "WebServer",
    "worker": "Worker",
}
REQUIRED = ("sqs", "logs", "monitoring", "kms")

CLOSED = PublicAccessBlock(**{flag.name: True for flag in fields(PublicAccessBlock)})


def environment(**changes: Any) -> Environment:
    """A private ``mw1.small`` environment with a customer managed key."""
    base = Environment(
        id="env",
        name=NAME,
        airflow_version="3.2.1",
        environment_class="mw1.small",
        min_workers=1,
        max_workers=5,
        schedulers=2,
        min_webservers=2,
        max_webservers=2,
        webserver_access_mode="PRIVATE_ONLY",
        endpoint_management="SERVICE",
        kms_key=KEY_ARN,
        execution_role=ROLE_ARN,
        source_bucket=BUCKET_ARN,
        dag_s3_path="dags",
        requirements_s3_path="requirements.txt",
        requirements_s3_object_version="v1",
        subnets=SUBNETS,
        security_groups=("sg-env",),
        options={"core.default_timezone": "utc"},
        logging={
            module: LogModule(enabled=True, level="INFO", log_group_arn=log_group_arn(suffix))
            for module, suffix in MODULES.items()
        },
        weekly_maintenance_window_start="SUN:03:00",
        worker_replacement_strategy="GRACEFUL",
        tags={"Project": "mwaa"},
        protected=True,
        timeouts={"create": 10800.0, "update": 50400.0, "delete": 7200.0},
        depends_on=frozenset(
            {"bucket", "bucket-access", "bucket-versioning", "bucket-encryption", "bucket-policy"}
            | {"role", "role-policy", "role-key-policy", "key", "key-policy", "requirements"}
            | {f"airflow-{NAME}-{suffix}" for suffix in MODULES.values()}
            | {"sg-env", "sg-endpoints", "vpce-s3", *(f"vpce-{suffix}" for suffix in REQUIRED)}
            | {"nat-a", "nat-b", "rtb-a", "rtb-b", "dags/ready.py"}
        ),
    )
    return replace(base, **changes)


def log_group_arn(suffix: str) -> str:
    return f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:airflow-{NAME}-{suffix}"


def bucket() -> Bucket:
    return Bucket(
        id="bucket",
        name=BUCKET,
        region=REGION,
        owner=ACCOUNT,
        versioning="Enabled",
        public_access=CLOSED,
        encryption=BucketEncryption(algorithm="aws:kms", key=KEY_ARN, bucket_key=True),
        policy=bucket_policy(BUCKET),
        ownership="BucketOwnerEnforced",
        lifecycle=(
            LifecycleRule(id="expire-old-dags", enabled=True, prefix="dags/", noncurrent_days=90),
        ),
        access_logs="access-logs-bucket",
        objects=(
            ObjectVersion(key="requirements.txt", version="v1", is_latest=True, size=512),
            ObjectVersion(key="dags/ready.py", version="v1", is_latest=True, size=900),
        ),
        protected=True,
        force_destroy=False,
        parts=frozenset(
            {"bucket", "bucket-access", "bucket-versioning", "bucket-encryption", "bucket-policy"}
        ),
    )


def account() -> Account:
    return Account(
        id=ACCOUNT,
        region=REGION,
        partition="aws",
        caller=f"arn:aws:iam::{ACCOUNT}:role/deployer",
        environments=(),
        environment_quota=10,
        worker_quota=25,
        has_service_linked_role=True,
        public_access=CLOSED,
        now=1_790_000_000.0,
    )


def key() -> Key:
    return Key(
        id="key",
        arn=KEY_ARN,
        rotation=True,
        deletion_window=30,
        policy=key_policy(NAME, REGION, ACCOUNT),
        bypass_lockout_check=False,
        grants=(),
        protected=True,
        parts=frozenset({"key", "key-policy"}),
    )


def role() -> Role:
    return Role(
        id="role",
        name="prod-airflow-execution",
        arn=ROLE_ARN,
        trust=trust_policy(NAME, REGION, ACCOUNT),
        policies=(
            Policy(
                id="role-policy",
                name="execution",
                document=execution_policy(NAME, REGION, ACCOUNT, BUCKET, KEY_ARN),
            ),
        ),
        parts=frozenset({"role", "role-policy"}),
    )


def access_policies() -> tuple[Policy, ...]:
    return tuple(
        Policy(
            id=f"access-{name.lower()}",
            name=f"{NAME}-airflow-{name.lower()}",
            document=access_policy(NAME, REGION, ACCOUNT, name),
            arn=f"arn:aws:iam::{ACCOUNT}:policy/{NAME}-airflow-{name.lower()}",
        )
        for name in ("Admin", "Op", "User", "Viewer", "Public")
    )


def log_groups() -> tuple[LogGroup, ...]:
    return tuple(
        LogGroup(
            id=f"airflow-{NAME}-{suffix}",
            name=f"airflow-{NAME}-{suffix}",
            arn=log_group_arn(suffix),
            retention_days=365,
            key=KEY_ARN,
            protected=True,
            retained=True,
        )
        for suffix in MODULES.values()
    )


def alarms() -> tuple[Alarm, ...]:
    return tuple(
        Alarm(
            id=f"alarm-{metric}",
            namespace="AmazonMWAA",
            metric=metric,
            dimensions={"Environment": NAME, "Function": function},
            actions=1,
        )
        for metric, function in (
            ("SchedulerHeartbeat", "Scheduler"),
            ("QueuedTasks", "Executor"),
            ("ImportErrors", "DAG Processing"),
            ("CeleryWorkerHeartbeat", "Celery"),
        )
    )
