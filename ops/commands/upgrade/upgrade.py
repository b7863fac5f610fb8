"""``mwaa upgrade``: change the Airflow version in place, proved first.

The way is made of MWAA's own updates, because the published provider plans a replacement when the
major version rises. After each step the stack's settings and the engine's state follow, so that the
program finds what it wants. What is to be done is read from the running environment each time, so
the same command continues after any interruption.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import typer

from mwaa.words import counted
from ops import options
from ops.airflow.api import PERMISSIONS as INVOKE
from ops.airflow.api import Airflow
from ops.airflow.dags import BUCKET_PERMISSIONS
from ops.artifacts.source import require_folder
from ops.commands.impact.assessment import assess
from ops.commands.impact.disruption import ENVIRONMENT, Disruption
from ops.commands.impact.environment import Impact
from ops.commands.impact.preview import parse
from ops.commands.pause import pause
from ops.commands.preflight import Place
from ops.commands.resume import resume
from ops.commands.upgrade import database, proof, rehearsed
from ops.commands.upgrade.files import deliver
from ops.commands.upgrade.pools import Pools
from ops.commands.upgrade.proof import Proof
from ops.commands.upgrade.way import Step, way
from ops.errors import FailedError, RefusedError, code
from ops.follow import follow
from ops.stack import StackFile
from ops.target import CHANGING, Target, describe, resolve
from ops.terminal import Format, emit, say

PERMISSIONS = (
    "airflow:GetEnvironment",
    "airflow:ListEnvironments",
    "airflow:UpdateEnvironment",
    *INVOKE,
    *BUCKET_PERMISSIONS,
    "s3:GetObjectVersion",
)
# One that is being updated may be the upgrade that was interrupted: it is followed.
STATUSES = {"AVAILABLE", "UPDATE_FAILED"} | (CHANGING - {"CREATING", "DELETING", "PENDING"})
EXAMPLES = (
    "mwaa upgrade --to 2.11.2 . --stack prod --dry-run",
    "mwaa upgrade --to 3.2.1 . --stack prod --rehearse --dry-run",
    "mwaa upgrade --to 3.2.1 . --stack prod --pause",
    "mwaa upgrade --to 3.2.1 --unproved --environment prod",
)


def run(
    to: Annotated[str, typer.Option("--to", metavar="VERSION", help="The Airflow version.")],
    source: Annotated[
        Path | None,
        typer.Argument(help="Folder with dags/, plugins/, requirements.txt, as for preflight."),
    ] = None,
    unproved: Annotated[
        bool, typer.Option("--unproved", help="Go on without proving files.")
    ] = False,
    rehearses: Annotated[
        bool,
        typer.Option(
            "--rehearse",
            help="Upgrade a copy first, with the real Airflow on this machine (in a checkout).",
        ),
    ] = False,
    imports: options.Imports = True,
    pauses: Annotated[
        bool,
        typer.Option(
            "--pause", help="Pause the DAGs first; at the end resume all that are paused so."
        ),
    ] = False,
    interval: options.Interval = 15,
    environment: options.Environment = "",
    stack: options.Stack = "",
    config_file: options.ConfigFile = "",
    dry_run: options.DryRun = False,
    profile: options.Profile = "",
    region: options.Region = "",
    form: options.Form = Format.TEXT,
) -> None:
    """Plans the way (2.10.3 to 2.11.2 to 3.x, back from 3.x to 2.11.x, minor versions), proves
    settings, options and files for each step as `mwaa preflight` does, then updates in place,
    follows each step to its end, sets back the pools that it changed, brings the stack's setting
    airflowVersion and state along, and asks Airflow for its health. Exit 1 when something would not
    work, before the first step, or when the service rolled back, with its cause. Killed anywhere,
    the same command continues. --rehearse makes the same steps on a copy first, and stops where
    that goes wrong. Requirements, plugins and startup script of the stack's settings go
    with the first step where they differ from what runs."""
    if source is None and not unproved:
        raise RefusedError(
            "which files run there? Give the folder that holds them, or --unproved to go on "
            "without a proof"
        )
    if source is not None:
        require_folder(source)
    if rehearses:
        rehearsed.require()
    target = resolve(
        environment=environment, stack=stack, profile=profile, region=region, statuses=STATUSES
    )
    settings = None if environment else StackFile(stack, config_file)
    target = settled(target, interval)
    steps = way(version_of(target), to)
    proofs = [_proved(step, target, settings, source, imports) for step in steps]
    if proofs:
        proofs[0].advice.append(database.advice(Airflow(target)))
    is_stopped = any(one.problems for one in proofs)
    goes_on = steps and not is_stopped and (rehearses or not dry_run)
    files = settings.files() if settings and goes_on else {}
    report = rehearsed.rehearse(target, to, files) if rehearses and goes_on else None
    is_stopped = is_stopped or bool(report and rehearsed.problems(report))
    is_done = not (is_stopped or dry_run)
    remaining: list[Impact] = []
    if is_done:
        remaining = carry_out(
            target, to, steps, settings, files=files, pauses=pauses, interval=interval
        )
    emit(
        form,
        {"environment": target.name, "from": version_of(target), "to": to, "dry_run": dry_run}
        | {"steps": [one.document() for one in proofs], "done": is_done}
        | {"remaining_changes": [one.document() for one in remaining], "rehearsal": report},
        lambda: _words(target, to, proofs, remaining, report, is_done=is_done),
    )
    if is_stopped:
        raise FailedError("nothing was changed: solve the problems above first")


def version_of(target: Target) -> str:
    """The version that the environment runs."""
    return str(target.description.get("AirflowVersion", ""))


def settled(target: Target, interval: float = 15) -> Target:
    """``target`` when what it is doing has ended; an upgrade that was interrupted goes on there."""
    if target.status not in CHANGING:
        return target
    say(f"{target.name} is {target.status}: following that first")
    follow(target.aws.mwaa, target.name, strict=False, interval_seconds=interval)
    return again(target)


def again(target: Target) -> Target:
    """``target`` as it is now."""
    return replace(target, description=describe(target.aws, target.name))


def carry_out(
    target: Target,
    to: str,
    steps: Sequence[Step],
    settings: StackFile | None,
    *,
    files: Mapping[str, bytes] = MappingProxyType({}),
    pauses: bool = False,
    interval: float = 15,
) -> list[Impact]:
    """Make the steps; with none, only what follows them. Returns what the next ``pulumi up`` would
    do to the stack. Raises ``FailedError`` on a rollback.

    ``files`` are the project's artifacts by kind; those that the environment does not run go along.
    """
    pools = Pools(target)
    remaining: list[Impact] = []
    if steps:
        pools.remember()
        if pauses:
            pause(target, [])
    for number, step in enumerate(steps, 1):
        say(f"step {number} of {len(steps)}: {step.old} to {step.new}")
        target = make(target, step, interval, files)
        if settings:
            remaining = _take_along(settings, step.new)
    if settings and not steps:
        remaining = _take_along(settings, to)
    for name in pools.restore(target):
        say(f"the pool {name} has its slots again, which the update had changed")
    unwell = [part for part, one in Airflow(target).health().items() if one != "healthy"]
    if unwell:
        raise FailedError(
            f"{target.name} runs {to}, and is not healthy: {', '.join(unwell)}. Run the same "
            "command again in a few minutes; `mwaa doctor` looks deeper"
        )
    if pauses:
        _, gone = resume(target, [])
        if gone:
            say(f"paused before, and not there any more: {', '.join(gone)}")
    return remaining


def make(
    target: Target,
    step: Step,
    interval: float = 15,
    files: Mapping[str, bytes] = MappingProxyType({}),
) -> Target:
    """One update, followed to its end; returns the environment as it is then.

    ``files`` are the project's artifacts by kind; those that the environment does not run go along.
    """
    from botocore.exceptions import ClientError

    request: dict[str, Any] = {"AirflowVersion": step.new, **deliver(target, files)}
    try:
        target.aws.mwaa.update_environment(Name=target.name, **request)
    except ClientError as error:
        # A request whose answer was lost was sent again, and met its own update.
        if code(error) != "ValidationException" or again(target).status not in CHANGING:
            raise
    try:
        follow(target.aws.mwaa, target.name, interval_seconds=interval)
    except FailedError as failure:
        raise _rolled_back(target, step, failure) from None
    now = again(target)
    if version_of(now) != step.new:
        raise _rolled_back(now, step, FailedError(f"{target.name} is {now.status}"))
    return now


def _rolled_back(target: Target, step: Step, failure: FailedError) -> FailedError:
    now = version_of(again(target))
    return FailedError(
        f"{failure}\n{target.name} runs {now}, with its database: the change to {step.new} was "
        "taken back. Correct the cause, then run the same command again; `mwaa doctor` looks "
        "deeper"
    )


def _take_along(settings: StackFile, version: str) -> list[Impact]:
    """The stack file says what runs, and the engine's state has read it; what the next
    ``pulumi up`` would do."""
    if settings.get("airflowVersion") != version:
        settings.set("airflowVersion", version)
    settings.refresh()
    planned = assess(parse(settings.preview()).steps)
    if replaced := [one for one in planned if _replaces(one)]:
        raise FailedError(
            f"the environment runs {version}, and the next `pulumi up` would replace it: do not "
            f"run it. {replaced[0].message}"
        )
    return planned


def _replaces(one: Impact) -> bool:
    return f"{ENVIRONMENT}::" in one.urn and one.worst is Disruption.LOSS


def _proved(
    step: Step, target: Target, settings: StackFile | None, source: Path | None, imports: bool
) -> Proof:
    found = proof.of_environment(step, target.description)
    if settings:
        proof.of_stack(found, settings)
    if source is not None:
        access = target.description.get("WebserverAccessMode")
        place = Place(step.new, access != "PUBLIC_ONLY", region=target.aws.region_name)
        say(f"proving the files for {step.new}")
        proof.of_files(found, source, place, imports=imports)
    return found


def _words(
    target: Target,
    to: str,
    proofs: list[Proof],
    remaining: list[Impact],
    report: dict[str, Any] | None,
    *,
    is_done: bool,
) -> str:
    name, old = target.name, version_of(target)
    if not proofs:
        lines = [f"{name} runs {to}: no step is to be made"]
    else:
        route = " to ".join([old, *(one.step.new for one in proofs)])
        lines = [f"{name}: {route} in place; the metadata database stays"]
    for number, one in enumerate(proofs, 1):
        lines.append(f"{number}. {one.step}")
        lines += [f"   PROBLEM  {line}" for line in one.problems]
        lines += [f"   know     {line}" for line in one.advice]
    if report:
        lines += rehearsed.words(report)
    if is_done and proofs:
        lines.append(f"{name} runs {to}")
    if is_done and remaining:
        changes = counted(len(remaining), "change")
        lines.append(f"no replacement is planned; the next `pulumi up` makes {changes}")
    return "\n".join(lines)
