"""S3: the settings of a bucket that are resources of their own; the id is the bucket's name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rehearsal.plugins.aws.context import Context
from rehearsal.plugins.aws.resource import Change, Input, ResourceType, State
from rehearsal.plugins.aws.services.s3.bucket import client

_BUCKET = Input(required=True, replace=True)
_FLAGS = {
    "blockPublicAcls": "BlockPublicAcls",
    "blockPublicPolicy": "BlockPublicPolicy",
    "ignorePublicAcls": "IgnorePublicAcls",
    "restrictPublicBuckets": "RestrictPublicBuckets",
}


def _setting(
    name: str,
    inputs: dict[str, Input],
    put: Callable[[Context, str, State], object],
    get: Callable[[Context, str], State | None],
    drop: Callable[[Context, str], object],
) -> ResourceType:
    """A type whose create and update are the same `put`."""

    def create(context: Context, state: State) -> str:
        put(context, state["bucket"], state)
        return str(state["bucket"])

    def update(context: Context, bucket: str, change: Change) -> None:
        put(context, bucket, change.new)

    def delete(context: Context, bucket: str, _state: State) -> None:
        drop(context, bucket)

    def read(context: Context, bucket: str, _known: State) -> State | None:
        found = get(context, bucket)
        return None if found is None else {"bucket": bucket, **found}

    return ResourceType(
        name=f"aws:s3/{name[0].lower()}{name[1:]}:{name}",
        inputs={"bucket": _BUCKET, **inputs},
        create=create,
        read=read,
        update=update,
        delete=delete,
        from_id=lambda bucket: {"bucket": bucket},
    )


def _put_versioning(context: Context, bucket: str, state: State) -> None:
    wanted = state["versioningConfiguration"]
    if wanted["status"] != "Disabled":
        configuration = {"Status": wanted["status"]}
        client(context).put_bucket_versioning(Bucket=bucket, VersioningConfiguration=configuration)


def _get_versioning(context: Context, bucket: str) -> State:
    answer = client(context).get_bucket_versioning(Bucket=bucket)
    return {"versioningConfiguration": {"status": answer.get("Status", "Disabled")}}


def _suspend(context: Context, bucket: str) -> None:
    # Versioning cannot be taken away, only suspended.
    if _get_versioning(context, bucket)["versioningConfiguration"]["status"] == "Enabled":
        suspended = {"Status": "Suspended"}
        client(context).put_bucket_versioning(Bucket=bucket, VersioningConfiguration=suspended)


def _put_public_access(context: Context, bucket: str, state: State) -> None:
    block = {api: bool(state[name]) for name, api in _FLAGS.items()}
    client(context).put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=block)


def _get_public_access(context: Context, bucket: str) -> State:
    answer = client(context).get_public_access_block(Bucket=bucket)
    block = answer["PublicAccessBlockConfiguration"]
    return {name: block[api] for name, api in _FLAGS.items()}


def _put_encryption(context: Context, bucket: str, state: State) -> None:
    rules = []
    for rule in state["rules"]:
        default = rule.get("applyServerSideEncryptionByDefault") or {}
        key = default.get("kmsMasterKeyId")
        algorithm = {"SSEAlgorithm": default.get("sseAlgorithm", "AES256")}
        rules.append(
            {
                "ApplyServerSideEncryptionByDefault": {
                    **algorithm,
                    **({"KMSMasterKeyID": key} if key else {}),
                },
                "BucketKeyEnabled": bool(rule.get("bucketKeyEnabled", False)),
            }
        )
    client(context).put_bucket_encryption(
        Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules}
    )


def _get_encryption(context: Context, bucket: str) -> State:
    answer = client(context).get_bucket_encryption(Bucket=bucket)
    rules = []
    for rule in answer["ServerSideEncryptionConfiguration"]["Rules"]:
        default = rule.get("ApplyServerSideEncryptionByDefault", {})
        key = default.get("KMSMasterKeyID")
        rules.append(
            {
                "applyServerSideEncryptionByDefault": {
                    "sseAlgorithm": default.get("SSEAlgorithm"),
                    **({"kmsMasterKeyId": key} if key else {}),
                },
                "bucketKeyEnabled": rule.get("BucketKeyEnabled", False),
            }
        )
    return {"rules": rules}


def _put_policy(context: Context, bucket: str, state: State) -> None:
    client(context).put_bucket_policy(Bucket=bucket, Policy=state["policy"])


def _put_ownership(context: Context, bucket: str, state: State) -> None:
    rules = [{"ObjectOwnership": state["rule"]["objectOwnership"]}]
    client(context).put_bucket_ownership_controls(Bucket=bucket, OwnershipControls={"Rules": rules})


def _get_ownership(context: Context, bucket: str) -> State:
    answer = client(context).get_bucket_ownership_controls(Bucket=bucket)
    return {"rule": {"objectOwnership": answer["OwnershipControls"]["Rules"][0]["ObjectOwnership"]}}


def _put_logging(context: Context, bucket: str, state: State) -> None:
    target = {"TargetBucket": state["targetBucket"], "TargetPrefix": state["targetPrefix"]}
    client(context).put_bucket_logging(
        Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": target}
    )


def _get_logging(context: Context, bucket: str) -> State | None:
    enabled = client(context).get_bucket_logging(Bucket=bucket).get("LoggingEnabled")
    if not enabled:
        return None
    return {"targetBucket": enabled["TargetBucket"], "targetPrefix": enabled["TargetPrefix"]}


# Pulumi's nested names of a lifecycle rule and AWS's; the lists are of such objects.
_LIFECYCLE_NAMES = {
    "id": "ID",
    "status": "Status",
    "filter": "Filter",
    "prefix": "Prefix",
    "and": "And",
    "tag": "Tag",
    "tags": "Tags",
    "key": "Key",
    "value": "Value",
    "objectSizeGreaterThan": "ObjectSizeGreaterThan",
    "objectSizeLessThan": "ObjectSizeLessThan",
    "expiration": "Expiration",
    "date": "Date",
    "days": "Days",
    "expiredObjectDeleteMarker": "ExpiredObjectDeleteMarker",
    "noncurrentVersionExpiration": "NoncurrentVersionExpiration",
    "noncurrentDays": "NoncurrentDays",
    "newerNoncurrentVersions": "NewerNoncurrentVersions",
    "abortIncompleteMultipartUpload": "AbortIncompleteMultipartUpload",
    "daysAfterInitiation": "DaysAfterInitiation",
    "transitions": "Transitions",
    "storageClass": "StorageClass",
    "noncurrentVersionTransitions": "NoncurrentVersionTransitions",
}
_LIFECYCLE_BACK = {api: name for name, api in _LIFECYCLE_NAMES.items()}


def _renamed(value: Any, names: dict[str, str]) -> Any:
    """The tree with every key renamed. Raises ValueError with the name of an unknown one."""
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    for key in value:
        if key not in names:
            raise ValueError(f"A lifecycle rule has the property {key!r}, which is not known here.")
    return {names[key]: _renamed(item, names) for key, item in value.items() if item is not None}


def _put_lifecycle(context: Context, bucket: str, state: State) -> None:
    rules = _renamed(state["rules"], _LIFECYCLE_NAMES)
    for rule in rules:
        # A rule of the new form must have a filter, if only one that fits everything.
        rule.setdefault("Filter", {"Prefix": ""})
    client(context).put_bucket_lifecycle_configuration(
        Bucket=bucket, LifecycleConfiguration={"Rules": rules}
    )


def _get_lifecycle(context: Context, bucket: str) -> State:
    answer = client(context).get_bucket_lifecycle_configuration(Bucket=bucket)
    return {"rules": _renamed(answer["Rules"], _LIFECYCLE_BACK)}


TYPES = (
    _setting(
        "BucketVersioning",
        {"versioningConfiguration": Input(required=True, partial=True)},
        _put_versioning,
        _get_versioning,
        _suspend,
    ),
    _setting(
        "BucketPublicAccessBlock",
        {name: Input(default=False) for name in _FLAGS},
        _put_public_access,
        _get_public_access,
        lambda context, bucket: client(context).delete_public_access_block(Bucket=bucket),
    ),
    _setting(
        "BucketServerSideEncryptionConfiguration",
        {"rules": Input(required=True, unordered=True)},
        _put_encryption,
        _get_encryption,
        lambda context, bucket: client(context).delete_bucket_encryption(Bucket=bucket),
    ),
    _setting(
        "BucketPolicy",
        {"policy": Input(required=True, document=True)},
        _put_policy,
        lambda context, bucket: {
            "policy": client(context).get_bucket_policy(Bucket=bucket)["Policy"]
        },
        lambda context, bucket: client(context).delete_bucket_policy(Bucket=bucket),
    ),
    _setting(
        "BucketOwnershipControls",
        {"rule": Input(required=True)},
        _put_ownership,
        _get_ownership,
        lambda context, bucket: client(context).delete_bucket_ownership_controls(Bucket=bucket),
    ),
    _setting(
        "BucketLogging",
        {"targetBucket": Input(required=True), "targetPrefix": Input(required=True)},
        _put_logging,
        _get_logging,
        lambda context, bucket: client(context).put_bucket_logging(
            Bucket=bucket, BucketLoggingStatus={}
        ),
    ),
    _setting(
        "BucketLifecycleConfiguration",
        {"rules": Input(required=True)},
        _put_lifecycle,
        _get_lifecycle,
        lambda context, bucket: client(context).delete_bucket_lifecycle(Bucket=bucket),
    ),
)
