"""`down`: destroys the stacks, names what they leave, stops the server."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

from mwaa.words import counted
from rehearsal.airflow import record
from rehearsal.airflow.place import Place
from rehearsal.cli import leftovers, server
from rehearsal.cli.console import Console
from rehearsal.cli.leftovers import Leftover
from rehearsal.cli.ready import client
from rehearsal.cli.session import open_stack
from rehearsal.cli.workspace import Workspace


def run(workspace: Workspace, stack: str | None, console: Console) -> None:
    """Destroy `stack`, or every stack when None; stop the server when no stack is left.

    The Airflow of a stack ends first: it would run against an account that is being taken away.

    A stack's `protect` guards a real environment; here the protection is taken off first, and
    said so. A stack whose destroy fails is forgotten with what the account has of it, and said so:
    the account is a throw-away. What a destroy leaves on purpose is listed and stays in the
    account, as it would in AWS. Without anything to do it says so and succeeds.
    """
    known = workspace.known_stacks()
    if stack is not None and stack not in known:
        console.say(f"stack {stack}: not there")
    names = [name for name in known if stack in (None, name)]
    running = record.places(workspace) if stack is None else [Place.of(workspace, stack)]
    for place in running:
        if record.stop(place):
            console.say(f"airflow of stack {place.home.name}: stopped")
        record.discard(place)
    try:
        for name in names:
            _destroy(workspace, name, console)
    finally:
        remaining = workspace.known_stacks()
        stopped = (stack is None or not remaining) and server.stop(workspace)
    kept = _record(workspace).is_file()
    if not remaining:
        if not kept:
            server.state_file(workspace).unlink(missing_ok=True)
        shutil.rmtree(workspace.stacks, ignore_errors=True)
    if stopped:
        console.say("emulated AWS: stopped")
    elif not names and stack is None:
        console.say("nothing is up")
    if kept and not remaining:
        console.say("what was left stays in the emulated account; make clean discards it")


def _record(workspace: Workspace) -> Path:
    """Exists while the account holds what a stack left."""
    return workspace.home / "leftovers.txt"


def _destroy(workspace: Workspace, name: str, console: Console) -> None:
    opened = open_stack(workspace, name, console)
    left = leftovers.of_state(leftovers.parsed(opened.exported()))
    console.say(f"stack {name}: taking off the protection of its resources, then destroying it")
    opened.quiet("state", "unprotect", "--all", "--yes")
    destroy = ("destroy", "--yes", "--skip-preview", "--suppress-outputs")
    is_gone = opened.operate(*destroy).code == 0
    if not is_gone:
        console.say(f"stack {name}: the destroy failed; trying again with what the account has")
        is_gone = opened.operate(*destroy, "--refresh").code == 0
    opened.quiet("stack", "rm", "--yes", "--preserve-config", *([] if is_gone else ["--force"]))
    (workspace.stacks / f"Pulumi.{name}.yaml").unlink(missing_ok=True)
    if not is_gone:
        console.say(
            f"stack {name}: could not be destroyed, for the reason above, and is forgotten. On AWS "
            "its resources would be left; here they go with the emulated account, with the last "
            "stack or by make clean"
        )
        return
    left = leftovers.still_there(left, partial(client, opened.environment))
    console.say(f"stack {name}: destroyed" + (f", leaving {_counted(left)}" if left else ""))
    for one in left:
        console.say(f"  {one}")
    if left:
        with _record(workspace).open("a", encoding="utf-8") as record:
            record.writelines(f"{name}: {one.kind} {one.name}\n" for one in left)


def _counted(left: list[Leftover]) -> str:
    return f"{counted(len(left), 'resource')} with data (mwaa:forceDestroy is false):"
