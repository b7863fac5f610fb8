"""Emulated buckets, roles, keys and log groups with one thing broken."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from mwaa.service.log_messages import PIP_FAILED
from mwaa.service.log_streams import REQUIREMENTS, STARTUP, stream_name
from tests.mutants.account.emulated import ACCOUNT, NAMES, REGION, LiveAccount, LiveMutant, acted
from tests.mutants.files import MEMBERS
from tests.mutants.policies import OPEN, document
from tests.mutants.recorded import NAME

S, ID = "mwaa-storage-", "mwaa-identity-"
K, L = "mwaa-encryption-", "mwaa-logs-"


def s3(rule: str, operation: str, **wish: Any) -> LiveMutant:
    return acted(
        f"{S}{rule}",
        lambda target: getattr(target.client("s3"), operation)(Bucket=target.bucket, **wish),
    )


def _no_dags(target: LiveAccount) -> None:
    client, bucket = target.client("s3"), target.bucket
    for one in client.list_objects_v2(Bucket=bucket, Prefix="dags/")["Contents"]:
        client.delete_object(Bucket=bucket, Key=one["Key"])


def _bucket_policy(*more: Any, keep: bool = True) -> Callable[[LiveAccount], None]:
    def act(target: LiveAccount) -> None:
        client, bucket = target.client("s3"), target.bucket
        before = json.loads(client.get_bucket_policy(Bucket=bucket)["Policy"])
        client.put_public_access_block(
            Bucket=bucket,
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": True,
                "IgnorePublicAcls": True,
                "BlockPublicPolicy": False,
                "RestrictPublicBuckets": True,
            },
        ) if OPEN in more else None
        kept = before["Statement"] if keep else []
        client.put_bucket_policy(Bucket=bucket, Policy=document(*kept, *more))

    return act


def _encrypted(**default: str) -> dict[str, Any]:
    rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}
    return {"Rules": [rule]}


def compliant_bucket(
    target: LiveAccount, name: str, region: str = REGION, owner: str = ACCOUNT
) -> None:
    """A bucket like the recorded one, but for its name, its region or its owner."""
    mine, s3 = target.client("s3"), target.client("s3", region, owner)
    place: Any = {}
    if region != REGION:
        place = {"CreateBucketConfiguration": {"LocationConstraint": region}}
    logs = f"{name}-logs"
    for one in (name, logs):
        s3.create_bucket(Bucket=one, **place)
    logging = mine.get_bucket_logging(Bucket=target.bucket)["LoggingEnabled"]
    policy = mine.get_bucket_policy(Bucket=logging["TargetBucket"])["Policy"]
    s3.put_bucket_policy(Bucket=logs, Policy=policy.replace(logging["TargetBucket"], logs))
    s3.put_bucket_logging(
        Bucket=name, BucketLoggingStatus={"LoggingEnabled": {**logging, "TargetBucket": logs}}
    )
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    for setting, member in (
        ("public_access_block", "PublicAccessBlockConfiguration"),
        ("bucket_encryption", "ServerSideEncryptionConfiguration"),
        ("bucket_ownership_controls", "OwnershipControls"),
    ):
        found = getattr(mine, f"get_{setting}")(Bucket=target.bucket)[member]
        getattr(s3, f"put_{setting}")(Bucket=name, **{member: found})
    policy = mine.get_bucket_policy(Bucket=target.bucket)["Policy"]
    s3.put_bucket_policy(Bucket=name, Policy=policy.replace(target.bucket, name))
    s3.put_object(Bucket=name, Key="dags/orders.py", Body=b"")


def _dotted(target: LiveAccount) -> None:
    """The environment in a bucket whose name has dots."""
    client, name = target.client("s3"), "dags.of.mutants"
    compliant_bucket(target, name)
    _let_in(target, name)
    versions: dict[str, str] = {}
    for key, artifact in MEMBERS.items():
        body = client.get_object(Bucket=target.bucket, Key=key)["Body"].read()
        made = client.put_object(Bucket=name, Key=key, Body=body)
        versions |= {f"{artifact}S3Path": key, f"{artifact}S3ObjectVersion": made["VersionId"]}
    target.recreate(SourceBucketArn=f"arn:aws:s3:::{name}", **versions)


def _let_in(target: LiveAccount, name: str) -> None:
    """The role and the S3 endpoint may use the bucket ``name`` as they may the recorded one."""
    iam, ec2 = target.client("iam"), target.client("ec2")
    for policy in iam.list_role_policies(RoleName=NAMES.role)["PolicyNames"]:
        found = iam.get_role_policy(RoleName=NAMES.role, PolicyName=policy)["PolicyDocument"]
        text = json.dumps(found).replace(target.bucket, name)
        iam.put_role_policy(RoleName=NAMES.role, PolicyName=policy, PolicyDocument=text)
    gateway = target.ids["VpcEndpoint mwaa-endpoints-s3"]
    (there,) = ec2.describe_vpc_endpoints(VpcEndpointIds=[gateway])["VpcEndpoints"]
    text = there["PolicyDocument"].replace(target.bucket, name)
    ec2.modify_vpc_endpoint(VpcEndpointId=gateway, PolicyDocument=text)


def _no_requirements(target: LiveAccount) -> None:
    client = target.client("s3")
    versions = client.list_object_versions(Bucket=target.bucket, Prefix="requirements.txt")
    for one in versions["Versions"]:
        client.delete_object(Bucket=target.bucket, Key=one["Key"], VersionId=one["VersionId"])


STORAGE = [
    s3("access-logged", "put_bucket_logging", BucketLoggingStatus={}),
    s3("acls-off", "put_bucket_ownership_controls", OwnershipControls={
        "Rules": [{"ObjectOwnership": "ObjectWriter"}]}),
    s3("versioning-enabled", "put_bucket_versioning", VersioningConfiguration={
        "Status": "Suspended"}),
    s3("public-access-blocked", "delete_public_access_block"),
    s3("tls-only", "delete_bucket_policy"),
    s3("encrypted-with-kms", "put_bucket_encryption",
        ServerSideEncryptionConfiguration=_encrypted(SSEAlgorithm="AES256")),
    s3("lifecycle-keeps-pinned", "put_bucket_lifecycle_configuration", LifecycleConfiguration={
        "Rules": [{"ID": "x", "Status": "Enabled", "Filter": {"Prefix": ""},
                   "Expiration": {"Days": 30}}]}),
    s3("lifecycle-keeps-pinned", "put_bucket_lifecycle_configuration", LifecycleConfiguration={
        "Rules": [{"ID": "x", "Status": "Enabled", "Filter": {"Prefix": "dags"},
                   "Expiration": {"Date": "2027-01-31T00:00:00Z"}}]}),
    acted(f"{S}dag-prefix-exists", _no_dags),
    acted(f"{S}policy-admits-role", _bucket_policy(
        {**OPEN, "Effect": "Deny", "Action": "s3:GetObject",
         "Principal": {"AWS": NAMES.role_arn}})),
    acted(f"{S}policy-not-public", _bucket_policy(OPEN)),
    acted(f"{S}name-plain", _dotted),
    acted(f"{S}pinned-versions-exist", _no_requirements),
    s3("pinned-versions-latest", "put_object", Key="requirements.txt", Body=b"# newer"),
]  # fmt: skip


def _trust(
    alter: Callable[[dict[str, Any]], list[dict[str, Any]]],
) -> Callable[[LiveAccount], None]:
    def act(target: LiveAccount) -> None:
        iam = target.client("iam")
        before = iam.get_role(RoleName=NAMES.role)["Role"]["AssumeRolePolicyDocument"]
        made = document(*alter(before["Statement"][0]))
        iam.update_assume_role_policy(RoleName=NAMES.role, PolicyDocument=made)

    return act


def _bounded(target: LiveAccount) -> None:
    iam = target.client("iam")
    allow = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    made = iam.create_policy(PolicyName="boundary", PolicyDocument=document(allow))["Policy"]
    iam.put_role_permissions_boundary(RoleName=NAMES.role, PermissionsBoundary=made["Arn"])


def _wide(target: LiveAccount) -> None:
    allow = {"Effect": "Allow", "Action": "airflow:CreateWebLoginToken", "Resource": "*"}
    target.client("iam").create_policy(PolicyName="wide", PolicyDocument=document(allow))


def _commands(target: LiveAccount) -> None:
    """A user may run Airflow CLI commands, by a policy of its own."""
    iam = target.client("iam")
    allow = {"Effect": "Allow", "Action": "airflow:CreateCliToken", "Resource": "*"}
    iam.create_user(UserName="analyst")
    iam.put_user_policy(UserName="analyst", PolicyName="commands", PolicyDocument=document(allow))


ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
IDENTITY = [
    acted(f"{ID}boundary-permits", _bounded),
    acted(f"{ID}web-roles-scoped", _wide),
    acted(f"{ID}web-roles-scoped", _commands),
    acted(f"{ID}trust-both-principals", _trust(
        lambda s: [{**s, "Principal": {"Service": "airflow.amazonaws.com"}}])),
    acted(f"{ID}trust-bound-to-environment", _trust(
        lambda s: [{k: v for k, v in s.items() if k != "Condition"}])),
    acted(f"{ID}trust-only-mwaa", _trust(lambda s: [s, {**s, "Principal": ROOT, "Sid": "Root"}])),
]  # fmt: skip


def kms(rule: str, operation: str, **wish: Any) -> LiveMutant:
    return acted(
        f"{K}{rule}",
        lambda target: getattr(target.client("kms"), operation)(KeyId=target.key, **wish),
    )


def _key_policy(
    alter: Callable[[list[dict[str, Any]]], list[dict[str, Any]]],
) -> Callable[[LiveAccount], None]:
    def act(target: LiveAccount) -> None:
        client, key = target.client("kms"), target.key
        before = json.loads(client.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
        made = document(*alter(before["Statement"]))
        client.put_key_policy(
            KeyId=key, PolicyName="default", Policy=made, BypassPolicyLockoutSafetyCheck=True
        )

    return act


def _other_key(target: LiveAccount) -> None:
    arn = target.client("kms").create_key()["KeyMetadata"]["Arn"]
    target.client("s3").put_bucket_encryption(
        Bucket=target.bucket,
        ServerSideEncryptionConfiguration=_encrypted(SSEAlgorithm="aws:kms", KMSMasterKeyID=arn),
    )


def logs(rule: str, operation: str, **wish: Any) -> LiveMutant:
    group_name = NAMES.log_group("task")
    return acted(
        f"{L}{rule}",
        lambda target: getattr(target.client("logs"), operation)(logGroupName=group_name, **wish),
    )


def _revoke_grant(target: LiveAccount) -> None:
    client = target.client("kms")
    grant = client.list_grants(KeyId=target.key)["Grants"][0]["GrantId"]
    client.revoke_grant(KeyId=target.key, GrantId=grant)


def _no_streams(target: LiveAccount) -> None:
    client = target.client("logs")
    for group in client.describe_log_groups(logGroupNamePrefix=f"airflow-{NAME}-")["logGroups"]:
        name = group["logGroupName"]
        for one in client.describe_log_streams(logGroupName=name)["logStreams"]:
            client.delete_log_stream(logGroupName=name, logStreamName=one["logStreamName"])


def _near_miss(target: LiveAccount) -> None:
    """Beside MWAA's own group one that is written in another way, and else like it."""
    client, own = target.client("logs"), NAMES.log_group("task")
    (there,) = client.describe_log_groups(logGroupNamePrefix=own)["logGroups"]
    name = own.lower()
    client.create_log_group(logGroupName=name, kmsKeyId=there["kmsKeyId"])
    client.put_retention_policy(logGroupName=name, retentionInDays=there["retentionInDays"])


def _wrote(stream: str, line: str) -> Callable[[LiveAccount], None]:
    """A container of the worker wrote this line, in a stream of its own."""

    def act(target: LiveAccount) -> None:
        client, group = target.client("logs"), NAMES.log_group("worker")
        name = stream_name(stream, "ip-10-0-0-1.ec2.internal", time.time())
        client.create_log_stream(logGroupName=group, logStreamName=name)
        event = {"timestamp": int(time.time() * 1000), "message": line}
        client.put_log_events(logGroupName=group, logStreamName=name, logEvents=[event])

    return act


KEYS_AND_LOGS = [
    acted(f"{L}requirements-installed", _wrote(REQUIREMENTS, PIP_FAILED)),
    acted(f"{L}startup-script-succeeded", _wrote(STARTUP, "line 3: jq: command not found")),
    acted(f"{L}components-run", _wrote("worker", "psycopg2.OperationalError: timeout")),
    kms("key-rotates", "disable_key_rotation"),
    kms("key-usable", "disable_key"),
    acted(f"{K}bucket-uses-key", _other_key),
    acted(f"{K}policy-serves-logs", _key_policy(
        lambda found: [s for s in found if "logs." not in json.dumps(s["Principal"])])),
    acted(f"{K}policy-keeps-administrators", _key_policy(
        lambda found: [s for s in found if ":root" not in json.dumps(s["Principal"])])),
    acted(f"{K}policy-not-open", _key_policy(
        lambda found: [*found, {**OPEN, "Action": "kms:Decrypt"}])),
    acted(f"{K}grants-present", _revoke_grant),
    logs("groups-declared", "delete_log_group"),
    logs("groups-encrypted", "disassociate_kms_key"),
    logs("retention-set", "delete_retention_policy"),
    logs("group-arns-match", "delete_log_group"),
    acted(f"{L}events-arrive", _no_streams),
    acted(f"{L}group-names-exact", _near_miss),
]  # fmt: skip


MUTANTS = [*STORAGE, *IDENTITY, *KEYS_AND_LOGS]
