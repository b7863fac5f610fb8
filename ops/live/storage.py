"""The source bucket, its settings and the objects that the environment uses."""

import json
from collections.abc import Mapping
from concurrent.futures import Executor
from typing import Any

from mwaa.model.platform import (
    Bucket,
    BucketEncryption,
    LifecycleRule,
    ObjectVersion,
    PublicAccessBlock,
    known,
)
from mwaa.model.unknown import UNKNOWN, Maybe
from ops.errors import DENIED
from ops.live.reader import AwsReader, member

GONE = ("NoSuchBucket", "404")
NO_OBJECT = ("404", "NoSuchKey", "NoSuchVersion", "400")


def region_of(location: Any) -> Any:
    """The region that a bucket's LocationConstraint means.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html (read 2026-11)
    """
    # The oldest region has no name there, and old buckets in Ireland have that of a continent.
    return {None: "us-east-1", "": "us-east-1", "EU": "eu-west-1"}.get(location, location)


def document(text: Any) -> Any:
    """A policy document, whether boto3 gave it parsed or as JSON."""
    return json.loads(text) if isinstance(text, str) else text


def read(
    aws: AwsReader, arn: str, environment: Mapping[str, Any], account: Maybe[str], pool: Executor
) -> Any:
    """The bucket, or None when it is gone. ``account`` is whose bucket it should be."""
    name = arn.rpartition(":")[2]
    place, owner = _place(aws, name, account)
    if place is None:
        return None

    def ask(operation: str, *absent: str) -> Any:
        return pool.submit(aws.call, "s3", operation, absent, Bucket=name).result

    versioning = ask("get_bucket_versioning")
    access = ask("get_public_access_block", "NoSuchPublicAccessBlockConfiguration")
    encryption = ask("get_bucket_encryption", "ServerSideEncryptionConfigurationNotFoundError")
    policy = ask("get_bucket_policy", "NoSuchBucketPolicy")
    ownership = ask("get_bucket_ownership_controls", "OwnershipControlsNotFoundError")
    lifecycle = ask("get_bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration")
    logging = ask("get_bucket_logging")
    objects = _objects(aws, name, environment)
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
    )


def _place(aws: AwsReader, name: str, account: Maybe[str]) -> tuple[Any, Maybe[str]]:
    """GetBucketLocation's answer, and the bucket's owner as far as a caller can tell."""
    if not known(account):
        return aws.call("s3", "get_bucket_location", GONE, Bucket=name), UNKNOWN
    absent = (*GONE, *DENIED)
    wish: dict[str, Any] = {"Bucket": name, "ExpectedBucketOwner": account}
    place = aws.call("s3", "get_bucket_location", absent, **wish)
    if place is not None:
        return place, account if known(place) else UNKNOWN
    # Refused: gone, denied, or not ours; without the expectation S3 tells these apart.
    place = aws.call("s3", "get_bucket_location", GONE, Bucket=name)
    return place, "another account" if known(place) else UNKNOWN


def public_access(answer: Any) -> Any:
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


def _encryption(rules: Any) -> Any:
    if not known(rules):
        return rules
    # S3 encrypts every new object with its own key since January 2023.
    default = rules[0].get("ApplyServerSideEncryptionByDefault", {}) if rules else {}
    return BucketEncryption(
        algorithm=default.get("SSEAlgorithm", "AES256"),
        key=default.get("KMSMasterKeyID"),
        bucket_key=rules[0].get("BucketKeyEnabled", False) if rules else False,
    )


def _ownership(rules: Any) -> Any:
    if not known(rules):
        return rules
    return rules[0]["ObjectOwnership"] if rules else None


def _lifecycle(rules: Any) -> Any:
    if not known(rules):
        return rules
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


def _objects(aws: AwsReader, name: str, environment: Mapping[str, Any]) -> Any:
    """The artifacts in the pinned version, and one object below the DAG prefix."""
    found: list[ObjectVersion] = []
    for kind in ("Requirements", "Plugins", "StartupScript"):
        key = environment.get(f"{kind}S3Path")
        version = environment.get(f"{kind}S3ObjectVersion")
        if not key:
            continue
        newest = aws.call("s3", "head_object", NO_OBJECT, Bucket=name, Key=key)
        if not known(newest):
            return UNKNOWN
        latest = member(newest, "VersionId")
        head: Any = newest
        if version and version != latest:
            wish = {"Bucket": name, "Key": key, "VersionId": version}
            head = aws.call("s3", "head_object", NO_OBJECT, **wish)
            if not known(head):
                return UNKNOWN
        if head is not None:
            found.append(
                ObjectVersion(
                    key=key,
                    version=version or latest,
                    is_latest=version in (None, latest),
                    size=head["ContentLength"],
                )
            )
    prefix = str(environment.get("DagS3Path", "dags")).strip("/") + "/"
    # One page is enough to know that there is something.
    listed = aws.call(
        *("s3", "list_objects_v2"), all_pages=False, Bucket=name, Prefix=prefix, MaxKeys=1
    )
    if not known(listed):
        return UNKNOWN
    below = member(listed, "Contents") or ()
    # A listing does not tell versions.
    found += [ObjectVersion(key=one["Key"], version=UNKNOWN, size=one["Size"]) for one in below]
    return tuple(found)
