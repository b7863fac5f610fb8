"""S3: what a bucket's resource is in all its versions; `inline` has the versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rehearsal.plugins.aws.context import Context, error_code
from rehearsal.plugins.aws.resource import Change, Function, Input, ResourceType, State
from rehearsal.plugins.aws.tags import tag_list, tag_map

_DELETE_PER_CALL = 1000
_HOME_REGION = "us-east-1"


def client(context: Context) -> Any:
    """The S3 client in the resource's region."""
    return context.client("s3")


def _create(context: Context, inputs: State) -> str:
    name = str(inputs["bucket"])
    acl = {"ACL": inputs["acl"]} if inputs.get("acl") else {}
    # The oldest region must not be named as a location.
    place = {"CreateBucketConfiguration": {"LocationConstraint": context.region}}
    lock = {"ObjectLockEnabledForBucket": True} if inputs.get("objectLockEnabled") else {}
    client(context).create_bucket(
        Bucket=name, **acl, **lock, **({} if context.region == _HOME_REGION else place)
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


def bucket_type(
    token: str,
    *,
    inputs: Mapping[str, Input],
    put: Callable[[Context, str, State], None],
    read: Callable[[Context, str, State], State],
) -> ResourceType:
    """A version of the bucket's resource; `put` and `read` are of the settings it takes inline."""

    def create(context: Context, state: State) -> str:
        bucket = _create(context, state)
        put(context, bucket, state)
        return bucket

    def update(context: Context, bucket: str, change: Change) -> None:
        if change.touches("acl"):
            client(context).put_bucket_acl(Bucket=bucket, ACL=change.new["acl"])
        put(context, bucket, {name: change.new.get(name) for name in change.properties})

    return ResourceType(
        name=token,
        inputs={
            "bucket": Input(replace=True, autoname="random"),
            "acl": Input(computed=True, unread=True),
            "forceDestroy": Input(default=False, unread=True),
            "objectLockEnabled": Input(replace=True, computed=True),
            **inputs,
        },
        outputs=("arn", "bucketDomainName", "bucketRegionalDomainName", "bucketRegion"),
        create=create,
        read=lambda context, bucket, known: {
            **_read(context, bucket, known),
            **read(context, bucket, known),
        },
        update=update,
        delete=_delete,
        tagger=_retag,
        from_id=lambda bucket: {"bucket": bucket, "forceDestroy": False},
    )


def _look_up(context: Context, arguments: State) -> State:
    name = str(arguments["bucket"])
    answer = client(context).head_bucket(Bucket=name)
    return {
        "id": name,
        "bucket": name,
        "arn": context.arn("s3", name, account=False),
        "bucketRegion": answer.get("BucketRegion", context.region),
        "bucketDomainName": f"{name}.s3.amazonaws.com",
    }


FUNCTIONS = (Function("aws:s3/getBucket:getBucket", frozenset({"bucket"}), _look_up),)
