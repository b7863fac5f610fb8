"""``mwaa rollback``: return to the previous artifacts, through the program.

The old content is written back to the files that the stack's settings name, and ``pulumi up``
brings it to the environment. So code, state and life agree afterwards, and version control shows
what was taken back.
"""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from mwaa.service.artifacts import KEYS
from ops import options, project
from ops.errors import RefusedError
from ops.history import (
    KINDS,
    ArtifactSet,
    Contents,
    Update,
    Version,
    running,
    sets,
    stored,
    updates,
)
from ops.stack import StackFile
from ops.target import Target, resolve
from ops.terminal import Format, emit

PERMISSIONS = (
    "airflow:GetEnvironment",
    "airflow:ListEnvironments",
    "s3:ListBucketVersions",
    "s3:GetObjectVersion",
    "kms:Decrypt",
)
# An update in any other status would be refused by the service.
STATUSES = frozenset({"AVAILABLE", "UPDATE_FAILED"})
EXAMPLES = (
    "mwaa rollback --stack prod --dry-run",
    "mwaa rollback --stack prod",
    "mwaa rollback --stack prod --to 12",
)
RESTORED = Path("rollback")


@dataclass(frozen=True)
class Restoration:
    """What one artifact needs: ``version`` back into ``file``, or no file at all.

    ``setting`` is its name in the stack file; ``is_new`` when the stack file must name it first.
    """

    setting: str
    file: Path | None
    version: Version | None
    is_new: bool = False


def run(
    stack: options.Stack = "",
    to: Annotated[
        int, typer.Option(min=0, help="Number of a set as `mwaa versions` shows it.")
    ] = 0,
    up: Annotated[
        bool, typer.Option("--up/--no-up", help="Run `pulumi up`, or only restore the files.")
    ] = True,
    config_file: options.ConfigFile = "",
    dry_run: options.DryRun = False,
    profile: options.Profile = "",
    region: options.Region = "",
    form: options.Form = Format.TEXT,
) -> None:
    """Goes back to the newest set that ran and differs from the present one. Running it again does
    nothing, because the environment then runs an earlier set already; --to goes further back.
    A set counts as one that ran when its update succeeded."""
    settings = StackFile(stack, config_file)
    target = resolve(stack=stack, profile=profile, region=region, statuses=STATUSES)
    goal, steps = go_back(
        target, stored(target), updates(stack), settings, to, writes=not dry_run, up=up
    )
    document = {
        "environment": target.name,
        "to": goal.number if goal else None,
        "dry_run": dry_run,
        "files": {
            step.setting: {
                "file": str(step.file) if step.file else None,
                "version": step.version.id if step.version else None,
            }
            for step in steps
        },
    }
    emit(form, document, lambda: _words(target.name, goal, steps, dry_run, up, stack))


def go_back(
    target: Target,
    versions: Sequence[Version],
    ups: Iterable[Update],
    settings: StackFile,
    to: int = 0,
    *,
    writes: bool = True,
    up: bool = True,
) -> tuple[ArtifactSet | None, list[Restoration]]:
    """Choose the set, restore its files and bring them up; a rerun after a kill continues."""
    contents = Contents(target.aws.s3, target.bucket)
    present = running(target, versions)
    goal = choose(sets(versions, ups), present, settings.files(), contents, to)
    steps = plan(goal, settings) if goal else []
    if goal and writes:
        for step in steps:
            restore(step, contents, settings)
        if up:
            settings.up()
    return goal, steps


def choose(
    history: Sequence[ArtifactSet],
    present: Mapping[str, Version],
    local: Mapping[str, bytes],
    contents: Contents,
    to: int = 0,
) -> ArtifactSet | None:
    """The set to go back to, or ``None`` when the environment runs an earlier one already.

    ``present`` is what the environment runs, ``local`` the content of the project's files. Raises
    ``RefusedError`` for an unknown number, or when there is nothing to go back to.
    """
    ran = [one for one in history if one.update and one.update.succeeded]
    numbers = ", ".join(str(one.number) for one in ran) or "none"
    if to:
        for one in ran:
            if one.number == to:
                return None if contents.same_set(one.versions, present) else one
        raise RefusedError(f"set {to} is none that ran; those are {numbers}")

    def is_local(one: ArtifactSet) -> bool:
        return all(contents.is_bytes(one.versions.get(kind), local.get(kind)) for kind in KINDS)

    alike = [one for one in ran if contents.same_set(one.versions, present)]
    others = [one for one in ran if not contents.same_set(one.versions, present)]
    # The files are an earlier set already: a rollback was interrupted before its update ended.
    interrupted = [one for one in others if is_local(one)]
    if interrupted:
        return interrupted[-1]
    # The last update failed and the service rolled back: only the program must follow it.
    if alike and history[-1] is not alike[-1] and not is_local(alike[-1]):
        return alike[-1]
    # An update that was killed reached the environment and left no record: it is made again.
    if alike and ran[-1] is not alike[-1]:
        return alike[-1]
    # The present content ran before something else did: this is the result of a rollback.
    if alike and alike[0] is not alike[-1]:
        return None
    if not others:
        raise RefusedError(
            f"there is no earlier set to go back to; sets that ran: {numbers} (`mwaa versions`)"
        )
    return others[-1]


def plan(goal: ArtifactSet, settings: "StackFile") -> list[Restoration]:
    """What must be restored, per artifact; settings are read from the stack's own file."""
    steps: list[Restoration] = []
    for kind in KINDS:
        setting = f"{kind}File"
        path = settings.get(setting)
        version = goal.versions.get(kind)
        if version is None and path:
            steps.append(Restoration(setting, None, None))
        elif version is not None:
            file = Path(path) if path else RESTORED / KEYS[kind]
            steps.append(Restoration(setting, file, version, is_new=not path))
    return steps


def restore(step: Restoration, contents: Contents, settings: "StackFile") -> None:
    """Bring one artifact back; a second time changes nothing."""
    if step.file is None or step.version is None:
        settings.remove(step.setting)
        return
    content = contents.read(step.version)
    file = project.root() / step.file
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)  # a run that was killed may have left it
    if not file.is_file() or file.read_bytes() != content:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        if file.exists():
            shutil.copymode(file, part)
        # The old file or the new one, never half of either.
        part.replace(file)
    if step.is_new:
        settings.set(step.setting, step.file.as_posix())


def _words(
    name: str,
    goal: ArtifactSet | None,
    steps: Sequence[Restoration],
    dry_run: bool,
    up: bool,
    stack: str,
) -> str:
    if goal is None:
        return f"{name} runs that set already: nothing to do (`mwaa versions`, --to goes further)"
    lines = [
        f"  {step.setting}: {step.file or 'none'}"
        + (f" from version {step.version.id}" if step.version else "")
        for step in steps
    ]
    did = "would go" if dry_run else "went" if up else "files went"
    end = [] if up or dry_run else [f"now run: pulumi up{' --stack ' + stack if stack else ''}"]
    return "\n".join(
        [f"{name} {did} back to set {goal.number} of {goal.when:%Y-%m-%d %H:%M} UTC", *lines, *end]
    )
