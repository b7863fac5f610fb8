"""What a destroyed stack leaves in its account, and what of it stands in the way of another one.

A stack keeps its data unless `forceDestroy` says otherwise: bucket, key and log groups leave the
stack and stay. Names are taken then, and the next stack of the same name cannot make them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
BUCKET = "aws:s3/bucket:Bucket"
KEY = "aws:kms/key:Key"


@dataclass(frozen=True)
class Leftover:
    """A resource that stays: its kind, its name, the setting that takes it over, the way out."""

    kind: str
    name: str
    adopt: str
    remove: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}\n    adopt:  {self.adopt}\n    remove: {self.remove}"


def _log_group(name: str) -> Leftover:
    return Leftover(
        "log group",
        name,
        "mwaa:adoptLogGroups: true",
        f"aws logs delete-log-group --log-group-name {name}",
    )


def _bucket(name: str) -> Leftover:
    return Leftover(
        "bucket",
        name,
        f"mwaa:existingBucketName: {name}, with its key (mwaa:existingKeyArn)",
        f"delete all versions of its objects, then aws s3api delete-bucket --bucket {name}",
    )


def _key(arn: str) -> Leftover:
    return Leftover(
        "key",
        arn,
        f"mwaa:encryption: existing, mwaa:existingKeyArn: {arn}",
        f"aws kms schedule-key-deletion --key-id {arn.rpartition('/')[2]} "
        "--pending-window-in-days 7",
    )


_KINDS: Mapping[str, tuple[str, Callable[[str], Leftover]]] = {
    LOG_GROUP: ("name", _log_group),
    BUCKET: ("bucket", _bucket),
    KEY: ("arn", _key),
}


def of_state(exported: Mapping[str, Any]) -> list[Leftover]:
    """What of an exported stack a destroy leaves, because its program says so."""
    resources = (exported.get("deployment") or {}).get("resources") or []
    return [
        make(str((resource.get("outputs") or {}).get(name) or resource.get("id")))
        for resource in resources
        if resource.get("retainOnDelete") and (known := _KINDS.get(resource.get("type")))
        for name, make in [known]
    ]


def in_the_way(
    steps: Iterable[Mapping[str, Any]], client: Callable[[str], Any]
) -> Iterator[Leftover]:
    """What a plan would make under a name that the account has already.

    `steps` are those of the engine's event log, `client` makes a client of the account.
    """
    wanted = {
        kind: {
            str(((step.get("new") or {}).get("inputs") or {}).get(_KINDS[kind][0]))
            for step in steps
            if step["op"] == "create" and step["type"] == kind
        }
        for kind in (LOG_GROUP, BUCKET)
    }
    if wanted[LOG_GROUP]:
        yield from map(_log_group, sorted(_log_groups(client) & wanted[LOG_GROUP]))
    if wanted[BUCKET]:
        yield from map(_bucket, sorted(_buckets(client) & wanted[BUCKET]))


def still_there(left: Iterable[Leftover], client: Callable[[str], Any]) -> list[Leftover]:
    """Those that the account has: a log group or a bucket may have been deleted outside of the
    stack, whose state does not know. All of them where the account does not say."""
    left = list(left)
    kinds = {one.kind for one in left}
    try:
        names = _log_groups(client) if "log group" in kinds else set()
        names |= _buckets(client) if "bucket" in kinds else set()
    except (BotoCoreError, ClientError):
        return left
    # A key cannot be gone at once: KMS waits for days.
    return [one for one in left if one.kind == "key" or one.name in names]


def _log_groups(client: Callable[[str], Any]) -> set[str]:
    pages = client("logs").get_paginator("describe_log_groups").paginate()
    return {one["logGroupName"] for page in pages for one in page["logGroups"]}


def _buckets(client: Callable[[str], Any]) -> set[str]:
    return {one["Name"] for one in client("s3").list_buckets()["Buckets"]}


def parsed(text: str) -> Mapping[str, Any]:
    """An exported stack; empty where the engine printed none."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, Mapping) else {}
