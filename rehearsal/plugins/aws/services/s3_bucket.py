"""S3: buckets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.plugins.aws.context import Context, error_code
from rehearsal.plugins.aws.resource import Input, ResourceType, State
from rehearsal.plugins.aws.tags import tag_list, tag_map

_DELETE_PER_CALL = 1000
_HOME_REGION = "us-east-1"


def client(context: Context) -> Any:
    """The S3 client in the resource's region."""
    return context.client("s3")


def _create(context: Context, inputs: State) -> str:
    name = str(inputs["bucket"])
    # The oldest region must not be named as a location.
    place = {"CreateBucketConfiguration": {"LocationConstraint": context.region}}
    lock = {"ObjectLockEnabledForBucket": True} if inputs.get("objectLockEnabled") else {}
    client(context).create_bucket(
        Bucket=name, **lock, **({} if context.region == _HOME_REGION else place)
    )
    context.created(name)
    _retag(context, name, inputs, inputs.get("tagsAll") or {}, [])
    return name


def _read(context: Context, bucket: str, _known: State) -> State:
    client(context).head_bucket(Bucket=bucket)
    return {
        "bucket": bucket,
        "objectLockEnabled": _locked(context, bucket),
        "arn": context.arn("s3", bucket, account=False),
        "bucketDomainName": f"{bucket}.s3.amazonaws.com",
        "bucketRegionalDomainName": f"{bucket}.s3.{context.region}.amazonaws.com",
        "bucketRegion": context.region,
        "tags": _tags(context, bucket),
    }


def _locked(context: Context, bucket: str) -> bool:
    try:
        answer = client(context).get_object_lock_configuration(Bucket=bucket)
    except Exception as error:
        if error_code(error) != "ObjectLockConfigurationNotFoundError":
            raise
        return False
    return bool(answer["ObjectLockConfiguration"].get("ObjectLockEnabled") == "Enabled")


def _tags(context: Context, bucket: str) -> dict[str, str]:
    try:
        return tag_map(client(context).get_bucket_tagging(Bucket=bucket)["TagSet"])
    except Exception as error:
        if error_code(error) != "NoSuchTagSet":
            raise
        return {}


def _retag(
    context: Context, bucket: str, _state: State, tags: Mapping[str, str], _gone: list[str]
) -> None:
    if tags:
        client(context).put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tag_list(tags)})
    elif _tags(context, bucket):
        client(context).delete_bucket_tagging(Bucket=bucket)


def _delete(context: Context, bucket: str, state: State) -> None:
    if state.get("forceDestroy"):
        delete_versions(context, bucket)
    client(context).delete_bucket(Bucket=bucket)


def delete_versions(context: Context, bucket: str, key: str | None = None) -> None:
    """Delete every version and marker of the bucket, or of one key of it."""
    pages = client(context).get_paginator("list_object_versions")
    for page in pages.paginate(Bucket=bucket, Prefix=key or ""):
        doomed = [
            {"Key": item["Key"], "VersionId": item["VersionId"]}
            for item in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
            if key in (None, item["Key"])
        ]
        for start in range(0, len(doomed), _DELETE_PER_CALL):
            batch = doomed[start : start + _DELETE_PER_CALL]
            client(context).delete_objects(Bucket=bucket, Delete={"Objects": batch, "Quiet": True})


TYPES = (
    ResourceType(
        name="aws:s3/bucket:Bucket",
        inputs={
            "bucket": Input(replace=True, autoname="random"),
            "forceDestroy": Input(default=False, unread=True),
            "objectLockEnabled": Input(replace=True, computed=True),
        },
        outputs=("arn", "bucketDomainName", "bucketRegionalDomainName", "bucketRegion"),
        create=_create,
        read=_read,
        # Only forceDestroy can change in place, and AWS knows nothing of it.
        update=lambda context, bucket, change: None,
        delete=_delete,
        tagger=_retag,
        from_id=lambda bucket: {"bucket": bucket, "forceDestroy": False},
    ),
)
