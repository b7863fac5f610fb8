"""S3: objects, whose content is an asset or text, and whose version ids other resources pin."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from rehearsal.plugins.aws.context import Context
from rehearsal.plugins.aws.resource import Change, Input, ResourceType, State
from rehearsal.plugins.aws.services.s3.bucket import client, delete_versions
from rehearsal.plugins.aws.tags import tag_list, tag_map
from rehearsal.plugins.protocol.values import Asset

_CONTENT = ("source", "content", "contentBase64")
_HEADERS = {
    "bucketKeyEnabled": "BucketKeyEnabled",
    "cacheControl": "CacheControl",
    "contentDisposition": "ContentDisposition",
    "contentEncoding": "ContentEncoding",
    "contentLanguage": "ContentLanguage",
    "contentType": "ContentType",
    "metadata": "Metadata",
    "serverSideEncryption": "ServerSideEncryption",
    "storageClass": "StorageClass",
}
# What makes a new version: the content, and all that is stored with it.
_WRITES = frozenset({*_CONTENT, *_HEADERS, "sourceHash", "kmsKeyId", "etag"})


def _body(inputs: State) -> bytes:
    if isinstance(inputs.get("source"), Asset):
        content: bytes = inputs["source"].content()
        return content
    if inputs.get("contentBase64") is not None:
        return base64.b64decode(inputs["contentBase64"])
    return str(inputs.get("content", "")).encode()


def _put(context: Context, inputs: State) -> str:
    request: dict[str, Any] = {
        api: inputs[name] for name, api in _HEADERS.items() if inputs.get(name) is not None
    }
    if inputs.get("kmsKeyId"):
        # Naming a key asks for encryption with it.
        request["SSEKMSKeyId"] = inputs["kmsKeyId"]
        request.setdefault("ServerSideEncryption", "aws:kms")
    client(context).put_object(
        Bucket=inputs["bucket"], Key=inputs["key"], Body=_body(inputs), **request
    )
    made = context.created(f"{inputs['bucket']}/{inputs['key']}")
    if inputs.get("tagsAll"):
        _retag(context, made, inputs, inputs["tagsAll"], [])
    return made


def _read(context: Context, _id: str, known: State) -> State:
    where = {"Bucket": known["bucket"], "Key": known["key"]}
    head = client(context).head_object(**where)
    return {
        "bucket": known["bucket"],
        "key": known["key"],
        **{name: head.get(api) for name, api in _HEADERS.items() if name != "metadata"},
        "metadata": head.get("Metadata") or None,
        "contentType": head.get("ContentType", "binary/octet-stream"),
        "storageClass": head.get("StorageClass", "STANDARD"),
        "bucketKeyEnabled": head.get("BucketKeyEnabled", False),
        "kmsKeyId": head.get("SSEKMSKeyId"),
        "etag": head["ETag"].strip('"'),
        # "null" is the id of what was stored while versioning was off: a version like any other.
        "versionId": head.get("VersionId"),
        "arn": context.arn("s3", f"{known['bucket']}/{known['key']}", account=False),
        "tags": tag_map(client(context).get_object_tagging(**where)["TagSet"]),
    }


def _update(context: Context, _id: str, change: Change) -> None:
    if change.properties & _WRITES:
        _put(context, change.new)


def _retag(
    context: Context, _id: str, state: State, tags: Mapping[str, str], _gone: list[str]
) -> None:
    client(context).put_object_tagging(
        Bucket=state["bucket"], Key=state["key"], Tagging={"TagSet": tag_list(tags)}
    )


def _delete(context: Context, _id: str, state: State) -> None:
    if state.get("versionId"):
        delete_versions(context, state["bucket"], state["key"])
    else:
        client(context).delete_object(Bucket=state["bucket"], Key=state["key"])


def _one_content(inputs: State) -> Iterator[tuple[str, str]]:
    given = [name for name in _CONTENT if inputs.get(name) is not None]
    if len(given) > 1:
        yield given[1], f"An object has at most one of {', '.join(_CONTENT)}; given: {given}."
    source = inputs.get("source")
    if isinstance(source, str):
        yield "source", "The source of an object is an asset: pulumi.FileAsset(path)."


def _from_id(import_id: str) -> State:
    bucket, _, key = import_id.removeprefix("s3://").partition("/")
    return {"bucket": bucket, "key": key}


def _object(token: str) -> ResourceType:
    return ResourceType(
        name=token,
        inputs={
            "bucket": Input(required=True, replace=True),
            "key": Input(replace=True, autoname="exact"),
            **{name: Input(unread=True) for name in _CONTENT},
            "sourceHash": Input(unread=True),
            **{name: Input(computed=True) for name in _HEADERS if name != "metadata"},
            "metadata": Input(),
            "etag": Input(computed=True),
            "kmsKeyId": Input(computed=True),
            "forceDestroy": Input(default=False, unread=True),
        },
        outputs=("arn", "versionId"),
        create=_put,
        read=_read,
        update=_update,
        delete=_delete,
        tagger=_retag,
        validate=_one_content,
        from_id=_from_id,
        unstable={"versionId": _WRITES, "etag": _WRITES - {"etag"}},
    )


TYPES = (
    _object("aws:s3/bucketObject:BucketObject"),
    _object("aws:s3/bucketObjectv2:BucketObjectv2"),
)
