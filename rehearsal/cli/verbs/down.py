"""`down`: destroys the stacks, forgets the emulated account, stops the server."""

from __future__ import annotations

import shutil

from rehearsal.airflow import record
from rehearsal.airflow.place import Place
from rehearsal.cli import server
from rehearsal.cli.console import Console
from rehearsal.cli.session import open_stack
from rehearsal.cli.workspace import RehearsalError, Workspace


def run(workspace: Workspace, stack: str | None, console: Console) -> None:
    """Destroy `stack`, or every stack when None; stop the server when no stack is left.

    The Airflow of a stack ends first: it would run against an account that is being taken away.

    A stack's `protect` guards a real environment; here the protection is taken off first, and
    said so. What a destroy fails on is kept, and reported by `RehearsalError`; the server stops in
    any case, its account stays on disk. Without anything to do it says so and succeeds.
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
        left = workspace.known_stacks()
        stopped = (stack is None or not left) and server.stop(workspace)
    if not left:
        # What a destroy leaves on purpose (retained data) goes with its throw-away account.
        server.state_file(workspace).unlink(missing_ok=True)
        shutil.rmtree(workspace.stacks, ignore_errors=True)
    if stopped:
        console.say("emulated AWS: stopped")
    elif not names and stack is None:
        console.say("nothing is up")


def _destroy(workspace: Workspace, name: str, console: Console) -> None:
    opened = open_stack(workspace, name, console)
    console.say(f"stack {name}: taking off the protection of its resources, then destroying it")
    opened.quiet("state", "unprotect", "--all", "--yes")
    result = opened.operate("destroy", "--yes", "--skip-preview", "--suppress-outputs")
    if result.code != 0:
        raise RehearsalError(
            f"stack {name} could not be destroyed; its state is kept: correct it and repeat, or "
            "make clean to discard the whole emulated account"
        )
    opened.quiet("stack", "rm", "--yes", "--preserve-config")
    (workspace.stacks / f"Pulumi.{name}.yaml").unlink(missing_ok=True)
    console.say(f"stack {name}: destroyed")
