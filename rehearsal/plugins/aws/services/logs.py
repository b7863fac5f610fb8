"""CloudWatch Logs: log groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rehearsal.plugins.aws.context import Context
from rehearsal.plugins.aws.resource import Change, Function, Input, ResourceType, State

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
RETENTION_DAYS = (
    0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557,
    2922, 3288, 3653,
)  # fmt: skip


def client(context: Context) -> Any:
    """The CloudWatch Logs client in the resource's region."""
    return context.client("logs")


def _create(context: Context, inputs: State) -> str:
    optional = {
        "kmsKeyId": inputs.get("kmsKeyId"),
        "tags": inputs.get("tagsAll"),
        "logGroupClass": inputs.get("logGroupClass"),
    }
    client(context).create_log_group(
        logGroupName=inputs["name"],
        **{name: value for name, value in optional.items() if value},
    )
    made = context.created(inputs["name"])
    _retain(context, made, inputs["retentionInDays"])
    return made


def _retain(context: Context, name: str, days: int) -> None:
    if days:
        client(context).put_retention_policy(logGroupName=name, retentionInDays=int(days))


def _read(context: Context, name: str, _known: State) -> State | None:
    pages = client(context).get_paginator("describe_log_groups").paginate(logGroupNamePrefix=name)
    for group in (group for page in pages for group in page["logGroups"]):
        if group["logGroupName"] == name:
            arn = group["arn"].removesuffix(":*")
            return {
                "name": name,
                "kmsKeyId": group.get("kmsKeyId"),
                "retentionInDays": group.get("retentionInDays", 0),
                "logGroupClass": group.get("logGroupClass", "STANDARD"),
                "arn": arn,
                "tags": client(context).list_tags_for_resource(resourceArn=arn).get("tags", {}),
            }
    return None


def _update(context: Context, name: str, change: Change) -> None:
    if change.touches("retentionInDays"):
        if change.new["retentionInDays"]:
            _retain(context, name, change.new["retentionInDays"])
        else:
            client(context).delete_retention_policy(logGroupName=name)
    if change.touches("kmsKeyId"):
        if change.new.get("kmsKeyId"):
            key = change.new["kmsKeyId"]
            client(context).associate_kms_key(logGroupName=name, kmsKeyId=key)
        else:
            client(context).disassociate_kms_key(logGroupName=name)


def _delete(context: Context, name: str, state: State) -> None:
    if not state.get("skipDestroy"):
        client(context).delete_log_group(logGroupName=name)


def _retag(
    context: Context, name: str, _state: State, tags: Mapping[str, str], gone: list[str]
) -> None:
    arn = context.arn("logs", f"log-group:{name}")
    if gone:
        client(context).untag_resource(resourceArn=arn, tagKeys=gone)
    if tags:
        client(context).tag_resource(resourceArn=arn, tags=dict(tags))


def _retention(inputs: State) -> Iterator[tuple[str, str]]:
    days = inputs.get("retentionInDays")
    if isinstance(days, int) and days not in RETENTION_DAYS:
        yield "retentionInDays", f"expected one of {RETENTION_DAYS}, given {days}."


def _groups(context: Context, arguments: State) -> State:
    wanted = {key: value for key, value in arguments.items() if value}
    pages = client(context).get_paginator("describe_log_groups").paginate(**wanted)
    found = [group for page in pages for group in page["logGroups"]]
    return {
        "id": context.region,
        "logGroupNames": [group["logGroupName"] for group in found],
        "arns": [group["arn"].removesuffix(":*") for group in found],
    }


TYPES = (
    ResourceType(
        name="aws:cloudwatch/logGroup:LogGroup",
        inputs={
            "name": Input(replace=True, autoname="random"),
            "kmsKeyId": Input(),
            "retentionInDays": Input(default=0),
            "logGroupClass": Input(replace=True, computed=True),
            "skipDestroy": Input(default=False, unread=True),
        },
        outputs=("arn",),
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
        tagger=_retag,
        validate=_retention,
    ),
)

FUNCTIONS = (
    Function(
        "aws:cloudwatch/getLogGroups:getLogGroups", frozenset({"logGroupNamePrefix"}), _groups
    ),
)
