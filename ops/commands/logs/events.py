"""Reads the events of log groups in the order of time, once or for as long as somebody looks."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from mwaa.service.credentials import masked
from ops.commands.logs.sources import Source
from ops.errors import code

LATE_MS = 60_000
"""An event may become readable after one of another container that is younger."""


@dataclass(frozen=True)
class Event:
    """One event at ``at`` (milliseconds); credentials in ``message`` are masked."""

    at: int
    group: str
    stream: str
    id: str
    message: str


def merged(
    client: Any,
    sources: Iterable[Source],
    start: int,
    end: int | None,
    absent: Callable[[str], object],
) -> Iterator[Event]:
    """The events of all sources between two times; ``absent`` is told of a group that is not there.

    Pages are asked for as they are used, so that the first lines appear at once.
    """
    read = (_events(client, source, start, end, absent) for source in sources)
    return heapq.merge(*read, key=lambda event: event.at)


def followed(
    read: Callable[[int], Iterable[Event]], start: int, pause: Callable[[], object]
) -> Iterator[Event]:
    """The events since ``start``, and each later one when it arrives; ``pause`` comes between."""
    seen: dict[str, int] = {}
    while True:
        for event in read(start):
            if event.id not in seen:
                seen[event.id] = event.at
                yield event
        start = max(start, max(seen.values(), default=0) - LATE_MS)
        seen = {identity: at for identity, at in seen.items() if at >= start}
        pause()


def _events(
    client: Any, source: Source, start: int, end: int | None, absent: Callable[[str], object]
) -> Iterator[Event]:
    from botocore.exceptions import ClientError

    asked: dict[str, Any] = {"logGroupName": source.group, "startTime": start}
    if end is not None:
        asked["endTime"] = end
    if source.prefix:
        asked["logStreamNamePrefix"] = source.prefix
    try:
        for page in client.get_paginator("filter_log_events").paginate(**asked):
            for one in page["events"]:
                if source.keeps(one["logStreamName"]):
                    yield Event(
                        one["timestamp"],
                        source.group,
                        one["logStreamName"],
                        one["eventId"],
                        masked(one["message"]),
                    )
    except ClientError as error:
        if code(error) != "ResourceNotFoundException":
            raise
        absent(source.group)
