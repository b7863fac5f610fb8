"""The log groups of an environment, with their newest events."""

from collections.abc import Mapping
from concurrent.futures import Executor
from typing import Any

from mwaa.model.platform import UNKNOWN, LogGroup, Maybe, known
from mwaa.names import meant_log_group
from ops.live.reader import AwsReader


def log_groups(aws: AwsReader, name: str, pool: Executor) -> Maybe[tuple[LogGroup, ...]]:
    """The environment's five log groups, those that exist, with their newest events, and groups
    that are nearly named like them."""
    prefix = f"airflow-{name}-"
    items = aws.each("logs", "describe_log_groups", "logGroups", logGroupNamePrefix=prefix)
    if not known(items):
        return UNKNOWN
    # The prefix also finds the groups of an environment whose name goes on: prod and prod-2.
    ours = [one for one in items if meant_log_group(name, one["logGroupName"])]
    return tuple(pool.map(lambda one: _log_group(aws, one), ours))


def _log_group(aws: AwsReader, item: Mapping[str, Any]) -> LogGroup:
    newest = aws.call(
        "logs",
        "describe_log_streams",
        all_pages=False,
        logGroupName=item["logGroupName"],
        orderBy="LastEventTime",
        descending=True,
        limit=1,
    )
    last: Maybe[float | None] = UNKNOWN
    if known(newest):
        stamps = [one.get("lastEventTimestamp") for one in (newest or {}).get("logStreams", ())]
        last = next((stamp / 1000 for stamp in stamps if stamp), None)
    return LogGroup(
        id=item["logGroupName"],
        name=item["logGroupName"],
        arn=item["arn"].removesuffix(":*"),
        retention_days=item.get("retentionInDays"),
        key=item.get("kmsKeyId"),
        last_event=last,
    )
