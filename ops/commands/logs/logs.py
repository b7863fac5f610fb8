"""``mwaa logs``: what did scheduler, workers, web server and tasks write?"""

import json
import os
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated

import typer

from ops import options
from ops.commands.logs.events import Event, followed, merged
from ops.commands.logs.sources import Component, agreeing, component_of, sources
from ops.commands.logs.when import moment
from ops.errors import RefusedError
from ops.target import ANY_STATUS, resolve
from ops.terminal import Format, say

PERMISSIONS = ("airflow:GetEnvironment", "airflow:ListEnvironments", "logs:FilterLogEvents")
STATUSES = ANY_STATUS
EXAMPLES = (
    "mwaa logs --stack prod --component scheduler --component worker",
    "mwaa logs --environment prod --component requirements --since 2d",
    "mwaa logs --environment prod --task orders.load --since 3h --format json",
    "mwaa logs --environment prod --follow",
)
POLL_SECONDS = 2.0


def run(
    environment: options.Environment = "",
    stack: options.Stack = "",
    component: Annotated[
        list[Component] | None,
        typer.Option(
            *("--component", "-c"),
            metavar="NAME",
            help="Whose logs; may be repeated. Default: all five groups.",
        ),
    ] = None,
    task: Annotated[
        str, typer.Option("--task", metavar="DAG[.TASK]", help="The log of this DAG or task only.")
    ] = "",
    since: Annotated[
        str, typer.Option("--since", help="An age (15m, 3h, 2d) or a time in UTC.")
    ] = "1h",
    until: Annotated[str, typer.Option("--until", help="An age or a time; default: now.")] = "",
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with what is written from now on.")
    ] = False,
    profile: options.Profile = "",
    region: options.Region = "",
    form: Annotated[
        Format, typer.Option("--format", help="Words, or one JSON document for each event.")
    ] = Format.TEXT,
) -> None:
    """Prints what the five log groups hold, in the order of time, with credentials masked.
    Components are dag-processing, scheduler, task, webserver and worker, and requirements and
    startup: what every container writes when it starts. Ends with 0, also
    when nothing was written; with --follow when it is interrupted."""
    now = time.time()
    start, end = moment("--since", since, now), moment("--until", until, now) if until else None
    if follow and until:
        raise RefusedError("--follow and --until exclude each other: leave one of them out")
    if start >= (now if end is None else end):
        raise RefusedError(
            f"--since {since} is not before {f'--until {until}' if until else 'now'}: give a "
            "time that is"
        )
    agreeing(component or (), task)
    target = resolve(
        environment=environment, stack=stack, profile=profile, region=region, statuses=STATUSES
    )
    wanted = sources(target.name, component or (), task)
    client, missing = target.aws.client("logs"), set[str]()

    def absent(group: str) -> None:
        if group not in missing:
            missing.add(group)
            say(f"there is no log group {group}: its log is off, or the group was deleted")

    def read(since_ms: int) -> Iterable[Event]:
        return merged(client, wanted, since_ms, _milliseconds(end), absent)

    begin = _milliseconds(start) or 0
    found = followed(read, begin, lambda: time.sleep(POLL_SECONDS)) if follow else read(begin)
    try:
        if not _printed(found, form):
            say(f"nothing was written since {_time(begin)}")
    except KeyboardInterrupt:
        if not follow:
            raise
    except BrokenPipeError:
        # Whoever read this (`head`) has seen enough; nothing may be written at the end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _milliseconds(seconds: float | None) -> int | None:
    return None if seconds is None else int(seconds * 1000)


def _printed(events: Iterable[Event], form: Format) -> bool:
    """Print each event when it is read; whether there was one."""
    found = False
    for event in events:
        found = True
        print(json.dumps(_document(event)) if form is Format.JSON else _words(event), flush=True)
    return found


def _document(event: Event) -> dict[str, str]:
    return {
        "time": _time(event.at),
        "component": component_of(event.group, event.stream),
        "group": event.group,
        "stream": event.stream,
        "message": event.message,
    }


def _words(event: Event) -> str:
    first, *more = event.message.splitlines() or [""]
    head = f"{_time(event.at)} {component_of(event.group, event.stream):14} {first}"
    return "\n".join((head, *(f"    {line}" for line in more)))


def _time(milliseconds: int) -> str:
    when = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
