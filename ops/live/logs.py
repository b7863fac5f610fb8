"""The log groups of an environment, and what its newest containers wrote there."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any

from mwaa.model.platform import UNKNOWN, LogGroup, LogStream, Maybe, known
from mwaa.names import LOG_TYPES, meant_log_group
from mwaa.service.credentials import masked
from mwaa.service.log_streams import SETUP
from ops.live.reader import AwsReader

GONE = ("ResourceNotFoundException",)
MOST_STREAMS = 50  # a page of DescribeLogStreams, which is looked at alone
NEWEST = 2  # containers of a kind: the one that runs, and the one that it took over from
MOST_LINES = 200
# What Airflow wrote before is history. What a container did at its start is true until the next.
RECENT_SECONDS = 3 * 3600
STARTED = tuple(LOG_TYPES[module] for module in ("scheduler", "worker", "webserver"))
"""Groups of the containers that install requirements and run the startup script."""
RUNNING = (*STARTED, LOG_TYPES["dag_processing"])

Streams = Sequence[Mapping[str, Any]]


def log_groups(
    aws: AwsReader, name: str, pool: Executor, written_at: float | None = None
) -> Maybe[tuple[LogGroup, ...]]:
    """The environment's five log groups, those that exist, with their newest events, and groups
    that are nearly named like them. With the time ``written_at`` (seconds) their streams too."""
    prefix = f"airflow-{name}-"
    items = aws.each("logs", "describe_log_groups", "logGroups", logGroupNamePrefix=prefix)
    if not known(items):
        return UNKNOWN
    # The prefix also finds the groups of an environment whose name goes on: prod and prod-2.
    ours = [one for one in items if meant_log_group(name, one["logGroupName"])]
    most = 1 if written_at is None else MOST_STREAMS
    listed = list(pool.map(lambda one: _streams(aws, one["logGroupName"], most), ours))
    groups = tuple(map(_log_group, ours, listed))
    if written_at is None:
        return groups
    since = int((written_at - RECENT_SECONDS) * 1000)
    chosen = list(pool.map(lambda g, streams: _newest(aws, g.id, streams), groups, listed))
    # Each is begun before the first is waited for.
    tails = [
        {one: pool.submit(_lines, aws, group.id, one, since) for one in names}
        if known(names)
        else UNKNOWN
        for group, names in zip(groups, chosen, strict=True)
    ]
    return tuple(
        replace(group, streams=tuple(LogStream(name=n, lines=t.result()) for n, t in ends.items()))
        if known(ends)
        else group
        for group, ends in zip(groups, tails, strict=True)
    )


def _log_group(item: Mapping[str, Any], streams: Maybe[Streams]) -> LogGroup:
    last: Maybe[float | None] = UNKNOWN
    if known(streams):
        stamps = (one.get("lastEventTimestamp") for one in streams)
        last = next((stamp / 1000 for stamp in stamps if stamp), None)
    return LogGroup(
        id=item["logGroupName"],
        name=item["logGroupName"],
        arn=item["arn"].removesuffix(":*"),
        retention_days=item.get("retentionInDays"),
        key=item.get("kmsKeyId"),
        last_event=last,
    )


def _streams(aws: AwsReader, group: str, most: int) -> Maybe[Streams]:
    """The streams of a group by their newest events."""
    order = {"orderBy": "LastEventTime", "descending": True, "limit": most}
    return _page(aws, group, **order)


def _page(aws: AwsReader, group: str, **request: Any) -> Maybe[Streams]:
    answer = aws.call(
        "logs", "describe_log_streams", GONE, all_pages=False, logGroupName=group, **request
    )
    return (answer or {}).get("logStreams", ()) if known(answer) else UNKNOWN


def _newest(aws: AwsReader, group: str, streams: Maybe[Streams]) -> Maybe[tuple[str, ...]]:
    """The streams to read, each kind's newest first; none of a group that only tasks write."""
    suffix = group.rpartition("-")[2]
    if suffix not in RUNNING:
        return ()
    if not known(streams):
        return UNKNOWN
    running = [one for one in streams if not one["logStreamName"].startswith(tuple(SETUP.values()))]
    names = _names(running, "lastEventTimestamp")
    for prefix in SETUP.values() if suffix in STARTED else ():
        begun = [one for one in streams if one["logStreamName"].startswith(prefix)]
        if not begun and len(streams) == MOST_STREAMS:
            # A container that started long ago: what it wrote then is below the page.
            older = _page(aws, group, logStreamNamePrefix=prefix, descending=True)
            if not known(older):
                return UNKNOWN
            begun = list(older)
        names += _names(begun, "creationTime")
    return tuple(names)


def _names(streams: Streams, time: str) -> list[str]:
    """The newest by a member that is a time; of one time the name decides."""
    found = sorted(((one.get(time, 0), one["logStreamName"]) for one in streams), reverse=True)
    return [name for _, name in found[:NEWEST]]


def _lines(aws: AwsReader, group: str, stream: str, since: int) -> Maybe[tuple[str, ...]]:
    window = {} if stream.startswith(tuple(SETUP.values())) else {"startTime": since}
    answer = aws.call(
        "logs",
        "get_log_events",
        GONE,
        all_pages=False,
        logGroupName=group,
        logStreamName=stream,
        limit=MOST_LINES,
        startFromHead=False,
        **window,
    )
    if not known(answer):
        return UNKNOWN
    return tuple(_text((answer or {}).get("events", ())))


def _text(events: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for event in events:
        yield from masked(event["message"]).splitlines()
