"""A real Airflow behind the emulated environment: its start, its tasks, its memory, its end."""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from benchmarks.figure import Figure, spread
from mwaa.service.classes import IDLE_SECONDS
from rehearsal.airflow import control, processes, record
from rehearsal.airflow.account import Account
from tests.rehearsal.airflow.life import Life, lived
from tests.rehearsal.emulator.platforms.customer import REGION

RUNS = 5
TASKS = 200
STEP_SECONDS, LOOK_SECONDS = 30, 5
"""How far the emulated clock is moved at once while the workers are watched, and how long the
supervisor has to follow."""
MIB = 1024**2


def figures() -> Iterator[Figure]:
    """Cold installs Airflow from the package index; as root PostgreSQL has a cache of its own."""
    with tempfile.TemporaryDirectory(prefix="mwaa-bench-") as folder:
        home = Path(folder)
        with patch.dict(os.environ, {"XDG_CACHE_HOME": str(home / "cache")}):
            os.environ.pop("UV_CACHE_DIR", None)
            yield from _start(home / "cold", "cold", "nothing cached", 120)
            yield from _start(home / "warm", "warm", "installed, a new database", 40)


def _start(home: Path, kind: str, note: str, bound: float) -> Iterator[Figure]:
    home.mkdir()
    began = time.monotonic()
    with lived(home, lambda _: None) as life:
        life.run("hello")
        yield Figure(
            name=f"Airflow, {kind}: create of the environment to the first success of a DAG",
            value=time.monotonic() - began,
            unit="s",
            bound=bound,
            note=note,
        )
        if kind == "warm":
            yield from _running(life)


def _running(life: Life) -> Iterator[Figure]:
    taken = []
    for _ in range(RUNS):
        began = time.monotonic()
        life.run("hello")
        taken.append(time.monotonic() - began)
    yield Figure(
        name="Airflow, trigger to success of a DAG of two tasks",
        value=sorted(taken)[RUNS // 2],
        unit="s",
        bound=5,
        note=spread(taken),
    )
    pids = record.left(life.place) | {life.record.pid}
    yield Figure(
        name="Airflow, memory of mw1.small with two schedulers and one worker",
        value=sum(map(processes.memory, pids)) / MIB,
        unit="MiB",
        bound=1536,
        note="shared pages counted once; without the emulated AWS",
    )
    yield from _scaling(life)
    began = time.monotonic()
    record.stop(life.place)
    yield Figure(
        name="Airflow, stop of all processes",
        value=time.monotonic() - began,
        unit="s",
        bound=10,
    )


def _scaling(life: Life) -> Iterator[Figure]:
    """Scale-out, and scale-in by the emulated clock."""
    account = Account(life.endpoint, REGION)
    fewest = most = len(life.workers())
    began, since = time.monotonic(), control.now(account.endpoint)
    run = life.trigger("burst", count=TASKS - 1, seconds=0)
    while life.state("burst", run) in ("queued", "running"):
        most = max(most, len(life.workers()))
        time.sleep(1)
    taken, done = time.monotonic() - began, control.now(account.endpoint)
    if (state := life.state("burst", run)) != "success":
        raise RuntimeError(f"{TASKS} tasks: the run is {state}")
    yield Figure(
        name=f"Airflow, {TASKS} short tasks, trigger to success",
        value=taken,
        unit="s",
        note=f"{fewest} to {most} workers; "
        f"{len(life.log('task', 'dag_id=burst/').splitlines())} log events",
    )
    while len(life.workers()) > fewest:
        life.advance(STEP_SECONDS)
        time.sleep(LOOK_SECONDS)
    yield Figure(
        name="Airflow, back to the fewest workers after the last task, in service time",
        value=control.now(account.endpoint) - done,
        unit="s",
        note=f"after {IDLE_SECONDS} s without a task, looked at every {STEP_SECONDS} s; "
        f"{control.now(account.endpoint) - since:.0f} s since the trigger",
    )
