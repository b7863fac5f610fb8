"""A compliant platform, made once by the real engine: its plan, and the account it stands in.

The engine runs once, however many mutants there are: a mutant of the plan edits the recorded
resources, a mutant of the account breaks a copy of it that is put back in milliseconds.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from policy.plan.resources import Resource
from policy.report import resources
from rehearsal.cli import ready, server
from rehearsal.cli.install import install
from rehearsal.cli.workspace import ROOT, Workspace
from rehearsal.emulator import state
from rehearsal.emulator.server import create_app
from rehearsal.engine import find
from tests.e2e.stacks.rehearsal import Rehearsal
from tests.e2e.stacks.shapes import COMPLIANT, logs_bucket

NAME = "mutant"
AGE = 35 * 60
"""Seconds since the platform was made: a younger environment may be silent."""


@dataclass(frozen=True)
class Recorded:
    """The plan's resources, and the file in which the emulated AWS kept the account."""

    plan: tuple[Resource, ...]
    account: Path


def record(home: Path, say: Callable[[str], None]) -> Recorded:
    """Bring the platform up in a workspace of its own below ``home``, and stop the server."""
    workspace = Workspace(ROOT, home / "rehearsal")
    install(workspace, find(say, ours=ROOT / ".local" / "bin"))
    (workspace.stacks / "Pulumi.yaml").write_text("name: mwaa\nruntime: python\n")
    _long_ago(server.state_file(workspace))
    running = server.ensure(workspace, lambda _: None)
    try:
        rehearsal = Rehearsal(workspace, running)
        logs_bucket(rehearsal.client("s3"))
        stack = rehearsal.stack(NAME, **COMPLIANT)
        done = stack.up(policy=False)
        if done.code != 0:
            raise RuntimeError(f"the compliant platform did not come up: {done.text}")
        ready.wait(NAME, stack.environment, lambda _: None)
        plan = resources(stack.export())
    finally:
        server.stop(workspace)
    account = home / "account.state"
    shutil.copy(server.state_file(workspace), account)
    return Recorded(plan, account)


def _long_ago(file: Path) -> None:
    """An empty account whose clock is late: what is made in it now is old when the clock is set."""
    emulator = create_app()
    emulator.load()
    emulator.reset()
    state.save(file, -AGE)
