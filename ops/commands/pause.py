"""``mwaa pause``: pause DAGs, and remember which of them were running."""

import time
from typing import Annotated

import typer

from mwaa.words import counted
from ops import options
from ops.airflow.api import PERMISSIONS as INVOKE
from ops.airflow.api import Airflow
from ops.airflow.dags import BUCKET_PERMISSIONS, Memory, chosen, set_paused, states
from ops.errors import FailedError
from ops.target import USABLE, Target, resolve
from ops.terminal import Format, duration, emit, say

PERMISSIONS = (
    "airflow:GetEnvironment",
    "airflow:ListEnvironments",
    *INVOKE,
    *BUCKET_PERMISSIONS,
)
STATUSES = USABLE
EXAMPLES = (
    "mwaa pause --stack prod",
    "mwaa pause 'ingest_*' report --environment prod --dry-run",
    "mwaa pause --stack prod --wait 30",
)
LOOK_SECONDS = 10.0


def run(
    dags: Annotated[
        list[str] | None,
        typer.Argument(help="DAGs; * stands for any characters. Without any: all."),
    ] = None,
    wait: Annotated[
        float,
        typer.Option(min=0, help="Then wait up to this many minutes until no task runs."),
    ] = 0,
    environment: options.Environment = "",
    stack: options.Stack = "",
    dry_run: options.DryRun = False,
    profile: options.Profile = "",
    region: options.Region = "",
    form: options.Form = Format.TEXT,
) -> None:
    """Pauses DAGs that are not paused yet. Which they were is written to the environment's bucket
    first (mwaa-pause/NAME.json), so `mwaa resume` starts those and no others, whoever runs it.
    Running tasks go on to their end; --wait waits for it, and exits with 1 if they take longer."""
    target = resolve(
        environment=environment, stack=stack, profile=profile, region=region, statuses=STATUSES
    )
    found = pause(target, dags or [], writes=not dry_run)
    document = {"environment": target.name, "dry_run": dry_run, "paused": found}
    emit(form, document, lambda: _words(target.name, found, dry_run))
    if wait and not dry_run:
        _until_idle(Airflow(target), wait * 60)


def pause(target: Target, names: list[str], *, writes: bool = True) -> list[str]:
    """Pause the DAGs that ``names`` mean, all without a name; returns those that were running."""
    airflow, memory = Airflow(target), Memory(target)
    known = states(airflow)
    found = [name for name in chosen(known, names, f"in {target.name}") if not known[name]]
    before = memory.read()
    if writes and found:
        # First the memory: a run that is killed between the two can still be taken back.
        memory.write(before.dags | set(found), before)
        set_paused(airflow, found, known, paused=True)
    return found


def _until_idle(airflow: Airflow, seconds: float) -> None:
    start = time.monotonic()
    told = -1
    while running := airflow.running_tasks():
        if time.monotonic() - start >= seconds:
            raise FailedError(
                f"{counted(running, 'task')} still running after {duration(seconds)}; the DAGs "
                "stay paused"
            )
        if running != told:
            say(f"{counted(running, 'task')} still running")
            told = running
        airflow.sleep(LOOK_SECONDS)
    say("no task is running")


def _words(name: str, found: list[str], dry_run: bool) -> str:
    if not found:
        return f"{name}: every DAG that was asked for is paused already"
    did = "would be paused" if dry_run else "paused; `mwaa resume` starts them again"
    return "\n".join([f"{name}: {counted(len(found), 'DAG')} {did}", *(f"  {n}" for n in found)])
