"""``mwaa impact``: what would this change do to the running environment?

Reads the engine's own preview, so it says what the plan holds and nothing else.
"""

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from mwaa.words import counted
from ops import options
from ops.aws import AwsSession
from ops.commands.impact.changes import Impact, environment_name, impacts, parse
from ops.commands.impact.effects import WORDS, Effect
from ops.errors import FailedError, RefusedError
from ops.target import ANY_STATUS
from ops.terminal import Format, emit

PERMISSIONS = ("airflow:InvokeRestApi",)
STATUSES = ANY_STATUS
EXAMPLES = (
    "mwaa impact --stack prod",
    "pulumi preview --json | mwaa impact --preview -",
    "mwaa impact --preview plan.json --format json",
)
RUNNING_PATH = "/dags/~/dagRuns/~/taskInstances"


def run(
    stack: options.Stack = "",
    preview: Annotated[
        str, typer.Option(help="File with the output of `pulumi preview --json`; - for stdin.")
    ] = "",
    count_tasks: Annotated[
        bool, typer.Option("--tasks/--no-tasks", help="Count running tasks in Airflow first.")
    ] = True,
    profile: options.Profile = "",
    region: options.Region = "",
    form: options.Form = Format.TEXT,
) -> None:
    """Per change: nothing, in place, rolling restart (GRACEFUL or FORCED), interruption, or loss of
    data, with the cause and the documented duration. Exit 1 when data would be lost, so that a
    pipeline stops there."""
    if stack and preview:
        raise RefusedError("--stack makes a preview and --preview reads one: give one of them")
    steps = parse(_text(stack, preview))
    found = impacts(steps)
    name = environment_name(steps)
    disturbs = any(one.effect >= Effect.RESTART for one in found)
    running = (
        _running(AwsSession(profile, region), name) if name and disturbs and count_tasks else None
    )
    emit(
        form,
        {"environment": name, "running_tasks": running}
        | {"changes": [one.document() for one in found]},
        lambda: _words(found, name, running, disturbs),
    )
    if any(one.effect is Effect.LOSS for one in found):
        raise FailedError("")


def _text(stack: str, preview: str) -> str:
    if preview == "-":
        return sys.stdin.read()
    if preview:
        return Path(preview).read_text()
    program = shutil.which("pulumi")
    if program is None:
        raise RefusedError(
            "the pulumi command is not on PATH: run this in the project's shell, or give "
            "--preview FILE"
        )
    chosen = ["--stack", stack] if stack else []
    done = subprocess.run(
        [program, "preview", "--json", "--non-interactive", *chosen],
        capture_output=True,
        text=True,
        check=False,
    )
    # A policy violation ends the preview with 1 and a complete document.
    if "{" not in done.stdout or (done.returncode and not impacts(parse(done.stdout))):
        raise RefusedError(
            "pulumi preview failed, so what the change would do is not known:\n"
            f"{done.stderr.strip() or 'it says no reason; run it without --json'}"
        )
    return done.stdout


def _running(aws: AwsSession, name: str) -> int | str:
    """The number of running task instances, or why it is not known."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        answer = aws.mwaa.invoke_rest_api(
            Name=name, Path=RUNNING_PATH, Method="GET", QueryParameters={"state": "running"}
        )
        return int(answer["RestApiResponse"]["total_entries"])
    except (ClientError, BotoCoreError, KeyError, TypeError, ValueError) as error:
        # The plan must be readable without any right in Airflow.
        return f"not counted ({error})"


def _words(found: list[Impact], name: str, running: int | str | None, disturbs: bool) -> str:
    if not found:
        return "no changes: nothing happens"
    lines: list[str] = []
    if disturbs and running is not None:
        count = (
            f"{counted(running, 'task')} running now"
            if isinstance(running, int)
            else f"tasks {running}"
        )
        lines.append(f"{name}: {count}")
    plain = Counter[Effect]()
    for one in found:
        if not one.message:
            plain[one.effect] += 1
            continue
        time = f" ({_span(one.minutes)})" if one.minutes else ""
        lines.append(f"{WORDS[one.effect]}: {one.resource}: {one.operation}{time}\n  {one.message}")
    for effect, number in plain.items():
        lines.append(f"{WORDS[effect]}: {counted(number, 'other resource')}")
    return "\n".join(lines)


def _span(minutes: tuple[int, int]) -> str:
    low, high = minutes
    return f"{low} min to {high // 60} h {high % 60} min" if high > 90 else f"{low} to {high} min"
