"""What the containers of one environment wrote about a failure, for who waits for it.

``mwaa doctor`` judges the same by rules; a wait reads nothing but the logs.
"""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from mwaa.model.platform import LogGroup, known
from ops.live.logs import log_groups
from ops.live.reader import AwsReader, Clients
from policy.analysis import logs
from policy.analysis.logs import Trouble

PERMISSIONS = ("logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:GetLogEvents")
THREADS = 8


def at_start(session: Clients, name: str) -> tuple[Trouble, ...]:
    """What kept the newest containers from their requirements or their startup script."""
    return _troubles(session, name, (logs.requirements, logs.startup))


def troubles(session: Clients, name: str) -> tuple[Trouble, ...]:
    """The same, and what Airflow's processes report of late."""
    return _troubles(session, name, (logs.requirements, logs.startup, logs.components))


def summary(found: Iterable[Trouble]) -> str:
    """What was found, as a person reads it; empty for nothing."""
    lines: list[str] = []
    for one in found:
        lines += [f"  wrote: {one.sentence}", *(f"    | {line}" for line in one.lines)]
        lines.append(f"    do: {one.fix}")
    return "\n".join(lines)


def _troubles(
    session: Clients,
    name: str,
    readings: Iterable[Callable[[Iterable[LogGroup]], Iterable[Trouble]]],
) -> tuple[Trouble, ...]:
    """A log that may not be read says nothing: the wait has its own answer without it."""
    with ThreadPoolExecutor(THREADS) as pool:
        groups = log_groups(AwsReader(session), name, pool, time.time())
    if not known(groups):
        return ()
    return tuple(one for read in readings for one in read(groups))
