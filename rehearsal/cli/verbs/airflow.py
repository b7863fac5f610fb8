"""`airflow`: a real Airflow behind the environment of a stack that is up."""

from __future__ import annotations

import os

from rehearsal.airflow import launch
from rehearsal.airflow.account import Account
from rehearsal.airflow.place import Place
from rehearsal.cli import ready, server, stackfiles
from rehearsal.cli.console import Console
from rehearsal.cli.engine_run import Stack
from rehearsal.cli.workspace import RehearsalError, Workspace


def run(workspace: Workspace, stack: str, console: Console, *, port: int | None = None) -> None:
    """Start it and wait until it is healthy; quick when it runs already.

    Raises `RehearsalError` where the stack is not up, and when Airflow does not start.
    """
    running = server.running(workspace)
    if running is None or not server.healthy(running) or not workspace.has_stack(stack):
        raise RehearsalError(f"stack {stack} is not up: make up{_suffix(stack)} first")
    region = stackfiles.region(workspace, stack)
    environment = workspace.environment(running.port, region, os.environ)
    name = Stack(workspace, stack, environment).outputs().get("environmentName")
    if not isinstance(name, str):
        raise RehearsalError(f"stack {stack} has no environment: make up{_suffix(stack)} first")
    status, message = ready.status(name, environment)
    if status != "AVAILABLE":
        reason = message or "make status shows more"
        raise RehearsalError(f"environment {name} is {status}, not AVAILABLE: {reason}")
    place = Place.of(workspace, stack)
    console.say(launch.NOTICE)
    with console.timed("airflow"):
        found = launch.launch(
            place,
            Account(environment["AWS_ENDPOINT_URL"], region),
            name,
            console.progress,
            port=port,
        )
    console.say(
        f"{name} runs Airflow {found.version} on http://{found.web} ({console.took()}); "
        f"logs: {place.logs}"
    )
    console.say("make status shows its processes, make down ends them")


def _suffix(stack: str) -> str:
    return "" if stack == "local" else f" STACK={stack}"
