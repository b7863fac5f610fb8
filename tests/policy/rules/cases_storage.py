"""One broken fact in the source bucket."""

from typing import Any

from mwaa.model.platform import (
    UNKNOWN,
    BucketEncryption,
    LifecycleRule,
    ObjectVersion,
    PublicAccessBlock,
)
from tests.fixtures.policies import bucket_policy
from tests.fixtures.records import ACCOUNT, BUCKET, KEY_ARN
from tests.policy.rules.cases import (
    Change,
    account,
    bucket,
    environment,
    platform,
    rule_cases,
    running,
    together,
)

ALL = {
    "block_public_acls": True,
    "ignore_public_acls": True,
    "block_public_policy": True,
    "restrict_public_buckets": True,
}
NO_BUCKET = platform(bucket=UNKNOWN)
TLS = bucket_policy(BUCKET)["Statement"]


def rule(**values: Any) -> LifecycleRule:
    """An enabled rule on the whole bucket."""
    defaults: dict[str, Any] = {"id": "all", "enabled": True, "prefix": ""}
    return LifecycleRule(**{**defaults, **values})


def deny(**statement: Any) -> dict[str, object]:
    """A bucket policy that denies reading, beside the statement on TLS."""
    base = {"Effect": "Deny", "Principal": "*", "Action": "s3:Get*", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [*TLS, {**base, **statement}]}


def uploads(*objects: tuple[str, str]) -> Change:
    """The bucket's objects, each with the resource that uploads it; ``bucket`` comes in time."""
    return bucket(
        objects=tuple(
            ObjectVersion(key=key, version="v1", is_latest=True, uploaded_by=resource)
            for key, resource in objects
        )
    )


OPEN_ACCOUNT = account(public_access=None)
ONE_OFF = [bucket(public_access=PublicAccessBlock(**(ALL | {flag: False}))) for flag in ALL]

CASES = [
    *rule_cases(
        "mwaa-storage-public-access-blocked",
        fail=[
            together(OPEN_ACCOUNT, bucket(public_access=None)),
            together(account(public_access=UNKNOWN), bucket(public_access=None)),
            *(
                together(
                    OPEN_ACCOUNT, bucket(public_access=PublicAccessBlock(**(ALL | {flag: False})))
                )
                for flag in ALL
            ),
            together(
                account(public_access=PublicAccessBlock(**(ALL | {"block_public_acls": False}))),
                bucket(public_access=None),
            ),
        ],
        unknown=[
            bucket(public_access=UNKNOWN),
            together(
                OPEN_ACCOUNT,
                bucket(public_access=PublicAccessBlock(**(ALL | {"block_public_policy": UNKNOWN}))),
            ),
            NO_BUCKET,
        ],
        passing=[
            bucket(public_access=None),
            *ONE_OFF,
            OPEN_ACCOUNT,
        ],
    ),
    *rule_cases(
        "mwaa-storage-versioning-enabled",
        fail=[bucket(versioning="Suspended"), bucket(versioning="Disabled")],
        unknown=[bucket(versioning=UNKNOWN), NO_BUCKET],
    ),
    *rule_cases(
        "mwaa-storage-environment-after-bucket",
        fail=[
            bucket(parts=frozenset({"bucket", "late"})),
            uploads(("requirements.txt", "late"), ("dags/", "bucket")),
            uploads(("requirements.txt", "bucket"), ("dags/", "late"), ("dags/a.py", "later")),
        ],
        unknown=[environment(depends_on=UNKNOWN), bucket(objects=UNKNOWN)],
        passing=[
            uploads(("requirements.txt", "bucket"), ("dags/", "bucket"), ("dags/a.py", "late")),
            uploads(("requirements.txt", "bucket"), ("notes/x", "late"), ("dags/", "bucket")),
        ],
    ),
    *rule_cases(
        "mwaa-storage-same-region",
        fail=[bucket(region="eu-west-1")],
        unknown=[bucket(region=UNKNOWN), account(region=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-storage-same-account",
        fail=[bucket(owner="999999999999")],
        unknown=[bucket(owner=UNKNOWN)],
        base=running,
    ),
    *rule_cases(
        "mwaa-storage-name-plain",
        fail=[bucket(name="my.dags"), bucket(name="My_Dags")],
        unknown=[bucket(name=UNKNOWN)],
        also=["*"],
    ),
    *rule_cases(
        "mwaa-storage-tls-only",
        fail=[bucket(policy=None), bucket(policy={"Statement": []})],
        unknown=[bucket(policy=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-storage-policy-admits-role",
        fail=[bucket(policy=deny())],
        unknown=[
            bucket(policy=UNKNOWN),
            # Of all requests with an identifier, whose may be known to AWS alone.
            bucket(policy=deny(Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}})),
            bucket(
                policy=deny(
                    Condition={
                        "StringNotEquals": {"aws:SourceVpce": "vpce-1"},
                        "BoolIfExists": {"aws:ViaAWSService": "false"},
                    }
                )
            ),
        ],
        also=["mwaa-identity-may-read-bucket"],
    ),
    *rule_cases(
        "mwaa-storage-policy-admits-role",
        fail=[
            *(
                bucket(policy=deny(Condition=condition))
                for condition in (
                    {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
                    {"StringNotEqualsIfExists": {"aws:SourceVpc": "vpc-1"}},
                    {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
                    {"Null": {"aws:VpcSourceIp": "true"}},
                )
            ),
            *(
                bucket(
                    policy=deny(
                        Action=action, Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}
                    )
                )
                for action in ("s3:*", "s3:GetObjectVersion")
            ),
        ],
        passing=[
            bucket(
                policy=deny(
                    Condition={
                        "StringNotEquals": {"aws:SourceVpce": "vpce-1"},
                        "ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/*"},
                    }
                )
            ),
            bucket(
                policy=deny(
                    Action="s3:PutObject",
                    Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
                )
            ),
        ],
    ),
    *rule_cases(
        "mwaa-storage-policy-not-public",
        fail=[
            bucket(policy=deny(Effect="Allow")),
            bucket(policy=deny(Effect="Allow", Principal={"AWS": "*"})),
            bucket(policy=deny(Effect="Allow", Principal={"AWS": [f"{ACCOUNT}", "*"]})),
            *(
                bucket(
                    policy=deny(
                        Effect="Allow",
                        Principal={"AWS": ["*"]},
                        Action=action,
                        Condition={"Bool": {"aws:SecureTransport": "true"}},
                    )
                )
                for action in ("*", "s3:PutObject")
            ),
            *(
                bucket(policy=deny(Effect="Allow", Condition=condition))
                for condition in (
                    {"Bool": {"aws:SecureTransport": "true"}},
                    {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/0"]}},
                    {"StringNotEquals": {"aws:PrincipalAccount": ACCOUNT}},
                    {"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}},
                    {"StringLike": {"aws:SourceAccount": "*"}},
                    {"ArnLike": {"aws:SourceArn": "arn:aws:airflow:*:*:environment/x"}},
                )
            ),
        ],
        unknown=[
            bucket(policy=UNKNOWN),
            bucket(policy=deny(Effect="Allow", Condition=UNKNOWN)),
            bucket(policy=deny(Effect="Allow", Principal=UNKNOWN)),
        ],
        passing=[
            *(
                bucket(policy=deny(Effect="Allow", Condition=condition))
                for condition in (
                    {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
                    {"StringEquals": {"aws:PrincipalOrgID": "o-1", "aws:SecureTransport": "x"}},
                    {"ArnLike": {"aws:SourceArn": f"arn:aws:airflow:*:{ACCOUNT}:environment/*"}},
                    {"StringEquals": {"aws:SourceVpce": ["vpce-1", "vpce-2"]}},
                )
            ),
            bucket(policy=deny(Effect="Allow", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"})),
            bucket(policy=deny(Effect="Allow", Principal={"Service": "logs.amazonaws.com"})),
        ],
    ),
    *rule_cases(
        "mwaa-storage-lifecycle-keeps-pinned",
        fail=[
            bucket(lifecycle=(rule(noncurrent_days=30),)),
            bucket(lifecycle=(rule(prefix="dags/", current_days=30),)),
            bucket(lifecycle=(rule(prefix="dags", current_days=30),)),
            bucket(lifecycle=(rule(prefix="dags/old/", current_date="2027-01-31"),)),
            bucket(lifecycle=(rule(prefix="require", current_date="2027-01-31"),)),
        ],
        unknown=[
            bucket(lifecycle=UNKNOWN),
            bucket(lifecycle=(rule(prefix=UNKNOWN),)),
            bucket(lifecycle=(rule(current_date=UNKNOWN),)),
        ],
        passing=[
            bucket(lifecycle=(rule(enabled=False, noncurrent_days=1),)),
            bucket(lifecycle=(rule(prefix="dags-old/", current_days=30),)),
        ],
    ),
    *rule_cases(
        "mwaa-storage-pinned-versions-exist",
        fail=[
            environment(requirements_s3_object_version="v9"),
            environment(plugins_s3_path="plugins.zip", plugins_s3_object_version="v1"),
        ],
        unknown=[bucket(objects=UNKNOWN), environment(requirements_s3_path=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-storage-pinned-versions-latest",
        fail=[
            bucket(
                objects=(
                    ObjectVersion(key="requirements.txt", version="v1", is_latest=False),
                    ObjectVersion(key="dags/a.py", version="v1", is_latest=True),
                )
            )
        ],
        unknown=[bucket(objects=UNKNOWN)],
        base=running,
    ),
    *rule_cases(
        "mwaa-storage-dag-prefix-exists",
        fail=[environment(dag_s3_path="flows")],
        unknown=[bucket(objects=UNKNOWN), environment(dag_s3_path=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-storage-paths-relative",
        fail=[
            environment(requirements_s3_path="s3://bucket/requirements.txt"),
            environment(dag_s3_path="/dags"),
            environment(requirements_s3_path="folder/"),
            environment(dag_s3_path="dags/orders.py"),
            environment(source_bucket=f"arn:aws:s3:::{BUCKET}/"),
        ],
        unknown=[environment(dag_s3_path=UNKNOWN)],
        also=["*"],
    ),
    *rule_cases(
        "mwaa-storage-artefacts-pinned",
        fail=[environment(requirements_s3_object_version=None)],
        unknown=[environment(requirements_s3_path=UNKNOWN)],
        passing=[environment(requirements_s3_object_version=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-storage-artefacts-pinned",
        fail=[
            environment(requirements_s3_object_version=""),
            environment(requirements_s3_object_version="null"),
        ],
        # The versions that the bucket has are real ones.
        also=["mwaa-storage-pinned-versions-exist"],
    ),
    *rule_cases(
        "mwaa-storage-access-logged",
        fail=[bucket(access_logs=None)],
        unknown=[bucket(access_logs=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-storage-acls-off",
        fail=[bucket(ownership="ObjectWriter"), bucket(acl="public-read")],
        unknown=[bucket(ownership=UNKNOWN), bucket(acl=UNKNOWN)],
        passing=[bucket(acl="private")],
    ),
    *rule_cases(
        "mwaa-storage-encrypted-with-kms",
        fail=[
            bucket(encryption=BucketEncryption(algorithm="AES256")),
            bucket(encryption=BucketEncryption(algorithm="aws:kms", key=KEY_ARN)),
        ],
        unknown=[bucket(encryption=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-storage-not-destroyed-with-contents",
        fail=[bucket(force_destroy=True)],
        unknown=[bucket(force_destroy=UNKNOWN)],
    ),
    # MWAA takes the block of the account as it takes the bucket's own.
    *rule_cases(
        "mwaa-storage-public-access-blocked",
        fail=[
            together(bucket(public_access=None), account(public_access=None)),
            together(bucket(public_access=None), OPEN_ACCOUNT),
        ],
        unknown=[together(bucket(public_access=None), account(public_access=UNKNOWN))],
        passing=[
            bucket(public_access=None),
            together(bucket(public_access=None), account(public_access=PublicAccessBlock(**ALL))),
            together(
                bucket(public_access=PublicAccessBlock(**(ALL | {"block_public_acls": False}))),
                account(
                    public_access=PublicAccessBlock(
                        **(dict.fromkeys(ALL, False) | {"block_public_acls": True})
                    )
                ),
            ),
        ],
        base=running,
    ),
]
