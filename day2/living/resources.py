"""Bucket, key, role, log groups, alarms and account facts of a living environment."""

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from day2.living.eyes import Eyes
from mwaa.maybe import UNKNOWN, Unknown
from mwaa.subject import (
    Account,
    Alarm,
    Bucket,
    BucketEncryption,
    Grant,
    Key,
    LifecycleRule,
    LogGroup,
    ObjectVersion,
    Policy,
    PublicAccessBlock,
    Role,
)


def document(text: Any) -> Any:
    """A policy document, whether boto3 gave it parsed, as JSON or percent-encoded."""
    if isinstance(text, Mapping) or text is None:
        return text
    return json.loads(text if text.lstrip().startswith("{") else unquote(text))


def _member(answer: Any, *path: str) -> Any:
    """A member of an answer; UNKNOWN stays UNKNOWN, an absent answer or member is None."""
    for name in path:
        if isinstance(answer, Unknown) or answer is None:
            return answer
        answer = answer.get(name)
    return answer


def public_access(answer: Any) -> Any:
    """The four flags."""
    flags = _member(answer, "PublicAccessBlockConfiguration")
    if isinstance(flags, Unknown) or flags is None:
        return flags
    return PublicAccessBlock(
        block_public_acls=flags.get("BlockPublicAcls", False),
        ignore_public_acls=flags.get("IgnorePublicAcls", False),
        block_public_policy=flags.get("BlockPublicPolicy", False),
        restrict_public_buckets=flags.get("RestrictPublicBuckets", False),
    )


def bucket(eyes: Eyes, name: str, environment: Mapping[str, Any]) -> Any:
    """The source bucket, or None when it is gone."""

    def ask(operation: str, *absent: str) -> Any:
        return eyes.see("s3", operation, absent, Bucket=name)

    place = ask("get_bucket_location", "NoSuchBucket")
    if place is None:
        return None
    region = _member(place, "LocationConstraint")
    versioning = ask("get_bucket_versioning")
    rules = _member(
        ask("get_bucket_encryption", "ServerSideEncryptionConfigurationNotFoundError"),
        "ServerSideEncryptionConfiguration",
        "Rules",
    )
    policy = _member(ask("get_bucket_policy", "NoSuchBucketPolicy"), "Policy")
    ownership = _member(
        ask("get_bucket_ownership_controls", "OwnershipControlsNotFoundError"),
        "OwnershipControls",
        "Rules",
    )
    lifecycle = _member(
        ask("get_bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration"), "Rules"
    )
    logging = _member(ask("get_bucket_logging"), "LoggingEnabled", "TargetBucket")
    return Bucket(
        id=name,
        name=name,
        region=region if isinstance(region, Unknown) else region or "us-east-1",
        owner=environment["Arn"].split(":")[4],
        versioning=(
            UNKNOWN
            if isinstance(versioning, Unknown)
            else _member(versioning, "Status") or "Disabled"
        ),
        public_access=public_access(
            ask("get_public_access_block", "NoSuchPublicAccessBlockConfiguration")
        ),
        encryption=_encryption(rules),
        policy=policy if isinstance(policy, Unknown) else document(policy),
        ownership=ownership[0]["ObjectOwnership"] if isinstance(ownership, list) else ownership,
        lifecycle=(
            lifecycle
            if isinstance(lifecycle, Unknown)
            else tuple(_lifecycle(one) for one in lifecycle or ())
        ),
        access_logs=logging,
        objects=_objects(eyes, name, environment),
    )


def _encryption(rules: Any) -> Any:
    if isinstance(rules, Unknown):
        return rules
    if not rules:
        return None
    default = rules[0].get("ApplyServerSideEncryptionByDefault", {})
    return BucketEncryption(
        algorithm=default.get("SSEAlgorithm", "AES256"),
        key=default.get("KMSMasterKeyID"),
        bucket_key=rules[0].get("BucketKeyEnabled", False),
    )


def _lifecycle(item: Mapping[str, Any]) -> LifecycleRule:
    old = item.get("NoncurrentVersionExpiration") or {}
    chosen = item.get("Filter") or {}
    prefix = item.get("Prefix") or chosen.get("Prefix") or chosen.get("And", {}).get("Prefix")
    return LifecycleRule(
        id=item.get("ID"),
        enabled=item["Status"] == "Enabled",
        prefix=prefix or "",
        noncurrent_days=old.get("NoncurrentDays"),
        noncurrent_kept=old.get("NewerNoncurrentVersions"),
        current_days=(item.get("Expiration") or {}).get("Days"),
    )


def _objects(eyes: Eyes, name: str, environment: Mapping[str, Any]) -> Any:
    found: list[ObjectVersion] = []
    for kind in ("Requirements", "Plugins", "StartupScript"):
        key = environment.get(f"{kind}S3Path")
        version = environment.get(f"{kind}S3ObjectVersion")
        if not key:
            continue
        wish = {"VersionId": version} if version else {}
        head = eyes.see("s3", "head_object", ("404", "NoSuchKey"), Bucket=name, Key=key, **wish)
        if isinstance(head, Unknown):
            return UNKNOWN
        newest = eyes.see("s3", "head_object", ("404", "NoSuchKey"), Bucket=name, Key=key)
        if head is not None:
            found.append(
                ObjectVersion(
                    key=key,
                    version=version,
                    is_latest=UNKNOWN
                    if isinstance(newest, Unknown)
                    else _member(newest, "VersionId") == version,
                    size=head["ContentLength"],
                )
            )
    prefix = str(environment.get("DagS3Path", "dags")).strip("/") + "/"
    # One page is enough to know that there is something.
    listed = eyes.see(
        *("s3", "list_objects_v2"), all_pages=False, Bucket=name, Prefix=prefix, MaxKeys=2
    )
    if isinstance(listed, Unknown):
        return UNKNOWN
    found += [
        ObjectVersion(key=one["Key"], version=None, size=one["Size"])
        for one in _member(listed, "Contents") or ()
    ]
    return tuple(found)


def key(eyes: Eyes, arn: str | None) -> Any:
    """The environment's key; None for the key that AWS owns."""
    if not arn:
        return None
    described = _member(eyes.see("kms", "describe_key", KeyId=arn), "KeyMetadata")
    if isinstance(described, Unknown) or described is None:
        return UNKNOWN
    rotation = eyes.see("kms", "get_key_rotation_status", KeyId=arn)
    policy = _member(eyes.see("kms", "get_key_policy", KeyId=arn, PolicyName="default"), "Policy")
    grants = eyes.each("kms", "list_grants", "Grants", KeyId=arn)
    return Key(
        id=described["Arn"],
        arn=described["Arn"],
        state=described["KeyState"],
        usage=described.get("KeyUsage", "ENCRYPT_DECRYPT"),
        spec=described.get("KeySpec", "SYMMETRIC_DEFAULT"),
        manager=described.get("KeyManager", "CUSTOMER"),
        multi_region=described.get("MultiRegion", False),
        rotation=_member(rotation, "KeyRotationEnabled"),
        deletion_window=described.get("PendingDeletionWindowInDays", UNKNOWN),
        policy=policy if isinstance(policy, Unknown) else document(policy),
        grants=grants
        if isinstance(grants, Unknown)
        else tuple(
            Grant(
                name=one.get("Name"),
                grantee=one.get("GranteePrincipal", ""),
                operations=tuple(one.get("Operations", [])),
            )
            for one in grants
        ),
    )


def role(eyes: Eyes, arn: str) -> Any:
    """The execution role with every policy that bears on it, or None when it is gone."""
    name = arn.rpartition("/")[2]
    found = _member(eyes.see("iam", "get_role", ("NoSuchEntity",), RoleName=name), "Role")
    if isinstance(found, Unknown) or found is None:
        return found
    inline = eyes.each("iam", "list_role_policies", "PolicyNames", RoleName=name)
    attached = eyes.each("iam", "list_attached_role_policies", "AttachedPolicies", RoleName=name)
    limit = _member(found, "PermissionsBoundary", "PermissionsBoundaryArn")
    unseen = isinstance(inline, Unknown) or isinstance(attached, Unknown)
    return Role(
        id=arn,
        name=name,
        arn=arn,
        trust=document(found["AssumeRolePolicyDocument"]),
        policies=UNKNOWN
        if unseen
        else (
            *(_inline(eyes, name, one) for one in inline),
            *(_managed(eyes, one["PolicyArn"]) for one in attached),
        ),
        boundary=_managed(eyes, limit) if limit else None,
    )


def _inline(eyes: Eyes, role_name: str, name: str) -> Policy:
    answer = eyes.see("iam", "get_role_policy", RoleName=role_name, PolicyName=name)
    text = _member(answer, "PolicyDocument")
    known = UNKNOWN if isinstance(text, Unknown) else document(text)
    return Policy(id=f"{role_name}:{name}", name=name, document=known)


def _managed(eyes: Eyes, arn: str) -> Policy:
    version = _member(eyes.see("iam", "get_policy", PolicyArn=arn), "Policy", "DefaultVersionId")
    text: Any = UNKNOWN
    if isinstance(version, str):
        answer = eyes.see("iam", "get_policy_version", PolicyArn=arn, VersionId=version)
        text = _member(answer, "PolicyVersion", "Document")
    known = UNKNOWN if isinstance(text, Unknown) else document(text)
    return Policy(id=arn, name=arn.rpartition("/")[2], document=known, arn=arn)


def log_groups(eyes: Eyes, name: str) -> Any:
    """The environment's five log groups, those that exist."""
    items = eyes.each(
        "logs", "describe_log_groups", "logGroups", logGroupNamePrefix=f"airflow-{name}-"
    )
    if isinstance(items, Unknown):
        return UNKNOWN
    return tuple(
        LogGroup(
            id=one["logGroupName"],
            name=one["logGroupName"],
            arn=one["arn"].removesuffix(":*"),
            retention_days=one.get("retentionInDays"),
            key=one.get("kmsKeyId"),
            last_event=_last_event(eyes, one["logGroupName"]),
        )
        for one in items
    )


def _last_event(eyes: Eyes, group: str) -> Any:
    answer = eyes.see(
        *("logs", "describe_log_streams"),
        all_pages=False,
        logGroupName=group,
        orderBy="LastEventTime",
        descending=True,
        limit=1,
    )
    streams = _member(answer, "logStreams")
    if isinstance(streams, Unknown):
        return UNKNOWN
    times = [one["lastEventTimestamp"] for one in streams or () if "lastEventTimestamp" in one]
    return max(times) / 1000 if times else None


def access_policies(eyes: Eyes, name: str) -> Any:
    """The account's own policies that speak of this environment by name."""
    listed = eyes.each("iam", "list_policies", "Policies", Scope="Local")
    if isinstance(listed, Unknown):
        return UNKNOWN
    found: list[Policy] = []
    for one in listed:
        if name not in one["PolicyName"]:
            continue
        arn, version = one["Arn"], one["DefaultVersionId"]
        answer = eyes.see("iam", "get_policy_version", PolicyArn=arn, VersionId=version)
        text = _member(answer, "PolicyVersion", "Document")
        known = UNKNOWN if isinstance(text, Unknown) else document(text)
        found.append(Policy(id=arn, name=one["PolicyName"], document=known, arn=arn))
    return tuple(found)


def alarms(eyes: Eyes, name: str) -> Any:
    """The alarms that watch this environment."""
    items = eyes.each("cloudwatch", "describe_alarms", "MetricAlarms")
    if isinstance(items, Unknown):
        return UNKNOWN
    found = []
    for one in items:
        dimensions = {each["Name"]: each["Value"] for each in one.get("Dimensions", [])}
        if name in dimensions.values():
            found.append(
                Alarm(
                    id=one["AlarmArn"],
                    namespace=one.get("Namespace"),
                    metric=one.get("MetricName"),
                    dimensions=dimensions,
                    actions=len(one.get("AlarmActions", [])),
                )
            )
    return tuple(found)


def account(eyes: Eyes, environment: Mapping[str, Any]) -> Account:
    """Facts about the account and the caller."""
    _, partition, _, region, number, _ = environment["Arn"].split(":", 5)
    names = eyes.each("mwaa", "list_environments", "Environments")
    linked = eyes.see("iam", "get_role", ("NoSuchEntity",), RoleName="AWSServiceRoleForAmazonMWAA")
    return Account(
        id=number,
        region=region,
        partition=partition,
        caller=_member(eyes.see("sts", "get_caller_identity"), "Arn"),
        environments=names if isinstance(names, Unknown) else tuple(names),
        has_service_linked_role=linked if isinstance(linked, Unknown) else linked is not None,
        public_access=public_access(
            eyes.see(
                "s3control",
                "get_public_access_block",
                ("NoSuchPublicAccessBlockConfiguration",),
                AccountId=number,
            )
        ),
        now=time.time(),
    )
