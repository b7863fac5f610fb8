"""The start that every command shares: engine, plugins, server, stack."""

from __future__ import annotations

from rehearsal.cli import launcher, server, stackfiles
from rehearsal.cli.console import Console
from rehearsal.cli.engine_run import Stack
from rehearsal.cli.install import install
from rehearsal.cli.workspace import Workspace, notice
from rehearsal.engine import Engine, find


def get_engine(workspace: Workspace, console: Console) -> Engine:
    """Find, install or build the engine and put it into the workspace."""
    with console.timed("engine"):
        engine = find(console.progress, ours=workspace.bin)
        install(workspace, engine)
    return engine


def open_stack(
    workspace: Workspace,
    name: str,
    console: Console,
    *,
    port: int | None = None,
    speed: float | None = None,
) -> Stack:
    """Everything that a run of stack `name` needs; starts and creates what is missing."""
    if not workspace.has_stack(name):
        stackfiles.source(workspace, name)  # a wrong name must not cost an engine build
    get_engine(workspace, console)
    with console.timed("emulated AWS"):
        running = server.ensure(workspace, console.progress, port=port, speed=speed)
    environment = workspace.environment(running.port, stackfiles.region(workspace, name))
    console.say(notice(environment["AWS_ENDPOINT_URL"], published=workspace.published))
    with console.timed("stack"):
        launcher.prepare(workspace, name, environment)
    return Stack(workspace, name, environment)
