"""`status`: what is up, without starting anything."""

from __future__ import annotations

import os

from rehearsal.airflow import processes, record
from rehearsal.airflow.place import Place
from rehearsal.cli import ready, server, stackfiles
from rehearsal.cli.console import Console
from rehearsal.cli.engine_run import Stack
from rehearsal.cli.workspace import RehearsalError, Workspace

MIB = 1024**2


def run(workspace: Workspace, console: Console) -> bool:
    """Print the server and each stack's environment; False when a part is not well."""
    running = server.running(workspace)
    stacks = workspace.known_stacks()
    if running is None:
        kept = f"; stacks kept for the next start: {', '.join(stacks)}" if stacks else ""
        console.say(f"emulated AWS: not running{kept} (make up starts it)")
        return _airflows(workspace, console)
    answers = server.healthy(running)
    console.say(
        f"emulated AWS: process {running.pid} on 127.0.0.1:{running.port}, "
        + ("healthy" if answers else "does not answer (make up starts it again)")
    )
    if not stacks:
        console.say("stacks: none (make up creates one)")
    well = answers
    for name in stacks:
        environment = workspace.environment(
            running.port, stackfiles.region(workspace, name), os.environ
        )
        mwaa = Stack(workspace, name, environment).outputs().get("environmentName")
        if not isinstance(mwaa, str):
            console.say(f"stack {name}: no environment")
            continue
        if not answers:
            console.say(f"stack {name}: environment {mwaa}, status unknown")
            continue
        try:
            state, message = ready.status(mwaa, environment)
        except RehearsalError as error:
            state, message = "UNKNOWN", str(error)
        well = well and state == "AVAILABLE"
        console.say(f"stack {name}: environment {mwaa} is {state}" + (message and f": {message}"))
    return _airflows(workspace, console) and well


def _airflows(workspace: Workspace, console: Console) -> bool:
    """Print every Airflow of the workspace; False when one is not well."""
    well = [_airflow(place, console) for place in record.places(workspace)]
    return all(well)


def _airflow(place: Place, console: Console) -> bool:
    """Print the processes of one environment's Airflow; False when one that should be is not."""
    found = record.read(place)
    if found is None or found.phase == "stopped":
        return True
    if not found.is_alive:
        reason = found.detail or "its supervisor has ended (make airflow starts it again)"
        console.say(f"airflow of {found.environment}: not running: {reason}")
        for pid in sorted(record.left(place)):
            console.say(f"  left over: process {pid} (make airflow or make down ends it)")
        return False
    held = {
        name: processes.memory(pid, processes.children(pid)) for name, pid in found.started.items()
    }
    total = sum(held.values()) + processes.memory(found.pid)
    console.say(
        f"airflow of {found.environment}: {found.phase}, Airflow {found.version} on "
        f"http://{found.web}, {total / MIB:.0f} MiB"
    )
    for name, pid in found.started.items():
        console.say(f"  {name:<14} process {pid}, {held[name] / MIB:.0f} MiB")
    return found.phase == "running"
