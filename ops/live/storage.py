"""The source bucket, its settings and the objects that the environment uses."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from typing import Any

from mwaa.model.platform import (
    Bucket,
    BucketEncryption,
    LifecycleRule,
    PublicAccessBlock,
    known,
)
from mwaa.model.unknown import UNKNOWN, Maybe
from ops.errors import DENIED
from ops.live import artifacts
from ops.live.reader import Answer, AwsReader, document, member

GONE = ("NoSuchBucket", "404")


def region_of(location: Maybe[str | None]) -> Maybe[str]:
    """The region that a bucket's LocationConstraint means.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html (read 2026-11)
    """
    # The oldest region has no name there, and old buckets in Ireland have that of a continent.
    if not known(location):
        return UNKNOWN
    return {"": "us-east-1", "EU": "eu-west-1"}.get(location or "", location or "")


def bucket(
    aws: AwsReader, environment: Mapping[str, Any], account: Maybe[str], pool: Executor
) -> Maybe[Bucket | None]:
    """The bucket, or None when it is gone. ``account`` is whose bucket it should be."""
    arn: Maybe[str] = environment.get("SourceBucketArn", UNKNOWN)
    if not known(arn):
        return UNKNOWN
    name = arn.rpartition(":")[2]
    place, owner = _place(aws, name, account)
    if place is None:
        return None

    def ask(operation: str, *absent: str) -> Callable[[], Maybe[Answer | None]]:
        return pool.submit(aws.call, "s3", operation, absent, Bucket=name).result

    versioning = ask("get_bucket_versioning")
    access = ask("get_public_access_block", "NoSuchPublicAccessBlockConfiguration")
    encryption = ask("get_bucket_encryption", "ServerSideEncryptionConfigurationNotFoundError")
    policy = ask("get_bucket_policy", "NoSuchBucketPolicy")
    ownership = ask("get_bucket_ownership_controls", "OwnershipControlsNotFoundError")
    lifecycle = ask("get_bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration")
    logging = ask("get_bucket_logging")
    objects, partial = artifacts.objects(aws, name, environment, pool)
    status = member(versioning(), "Status")
    return Bucket(
        id=name,
        name=name,
        region=region_of(member(place, "LocationConstraint")),
        owner=owner,
        versioning="Disabled" if status is None else status,
        public_access=public_access(access()),
        encryption=_encryption(member(encryption(), "ServerSideEncryptionConfiguration", "Rules")),
        policy=document(member(policy(), "Policy")),
        ownership=_ownership(member(ownership(), "OwnershipControls", "Rules")),
        lifecycle=_lifecycle(member(lifecycle(), "Rules")),
        access_logs=member(logging(), "LoggingEnabled", "TargetBucket"),
        objects=objects,
        partial=partial,
    )


def _place(
    aws: AwsReader, name: str, account: Maybe[str]
) -> tuple[Maybe[Answer | None], Maybe[str]]:
    """GetBucketLocation's answer, and the bucket's owner as far as a caller can tell."""
    if not known(account):
        return aws.call("s3", "get_bucket_location", GONE, Bucket=name), UNKNOWN
    absent = (*GONE, *DENIED)
    request: dict[str, Any] = {"Bucket": name, "ExpectedBucketOwner": account}
    place = aws.call("s3", "get_bucket_location", absent, **request)
    if place is not None:
        return place, account if known(place) else UNKNOWN
    # Refused: gone, denied, or not ours; without the expectation S3 answers differently.
    place = aws.call("s3", "get_bucket_location", GONE, Bucket=name)
    return place, "another account" if known(place) else UNKNOWN


def public_access(answer: Maybe[Answer | None]) -> Maybe[PublicAccessBlock | None]:
    """The four flags of a bucket or an account; None where nothing is set."""
    flags = member(answer, "PublicAccessBlockConfiguration")
    if not known(flags) or flags is None:
        return flags
    return PublicAccessBlock(
        block_public_acls=flags.get("BlockPublicAcls", False),
        ignore_public_acls=flags.get("IgnorePublicAcls", False),
        block_public_policy=flags.get("BlockPublicPolicy", False),
        restrict_public_buckets=flags.get("RestrictPublicBuckets", False),
    )


def _encryption(rules: Maybe[list[Any] | None]) -> Maybe[BucketEncryption]:
    if not known(rules):
        return UNKNOWN
    # S3 encrypts every new object with its own key since January 2023.
    default = rules[0].get("ApplyServerSideEncryptionByDefault", {}) if rules else {}
    return BucketEncryption(
        algorithm=default.get("SSEAlgorithm", "AES256"),
        key=default.get("KMSMasterKeyID"),
        bucket_key=rules[0].get("BucketKeyEnabled", False) if rules else False,
    )


def _ownership(rules: Maybe[list[Any] | None]) -> Maybe[str | None]:
    if not known(rules):
        return UNKNOWN
    return rules[0]["ObjectOwnership"] if rules else None


def _lifecycle(rules: Maybe[list[Any] | None]) -> Maybe[tuple[LifecycleRule, ...]]:
    if not known(rules):
        return UNKNOWN
    return tuple(_rule(one) for one in rules or ())


def _rule(item: Mapping[str, Any]) -> LifecycleRule:
    old = item.get("NoncurrentVersionExpiration") or {}
    chosen = item.get("Filter") or {}
    current = item.get("Expiration") or {}
    prefix = item.get("Prefix") or chosen.get("Prefix") or chosen.get("And", {}).get("Prefix")
    return LifecycleRule(
        id=item.get("ID"),
        enabled=item["Status"] == "Enabled",
        prefix=prefix or "",
        noncurrent_days=old.get("NoncurrentDays"),
        noncurrent_kept=old.get("NewerNoncurrentVersions"),
        current_days=current.get("Days"),
        current_date=current["Date"].date().isoformat() if "Date" in current else None,
    )
