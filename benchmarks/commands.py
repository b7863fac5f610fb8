"""What the two commands of the front door cost when everything is installed."""

import os
import re
import subprocess
from collections.abc import Iterator

from benchmarks.figure import Figure, timed
from rehearsal.cli import server
from rehearsal.cli.workspace import ROOT, Workspace

UNIT_SECONDS = 60.0


def figures() -> Iterator[Figure]:
    """Warm ``make up``, which stays up only where it was before, and the unit tests."""
    was_up = server.running(Workspace()) is not None
    _run("make", "up")
    text = ""

    def up() -> None:
        nonlocal text
        text = _run("make", "up")

    seconds = timed(up)
    if not was_up:
        _run("make", "down")
    where = re.search(r"\(([^()]*engine[^()]*)\)", text)
    yield Figure(
        name="warm make up to AVAILABLE, nothing to change",
        value=seconds,
        unit="seconds",
        note=where.group(1) if where else "",
    )
    yield Figure(
        name="unit tests",
        value=timed(lambda: _run("make", "unit")),
        unit="seconds",
        # The bound says "about a minute": half as much again is still about.
        bound=1.5 * UNIT_SECONDS,
    )


def _run(*command: str) -> str:
    # As a person types it: a make inside `make bench` would take its parent's flags and say where
    # it works.
    typed = {name: text for name, text in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(command, cwd=ROOT, env=typed, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr
