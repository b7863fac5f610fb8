"""A real Airflow behind the emulated environment: its start, its tasks, its memory, its end."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from benchmarks.figure import Figure, spread
from rehearsal.airflow import processes, record
from tests.rehearsal.airflow.life import Life, lived

RUNS = 5
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
    with lived(home, lambda line: print(line, file=sys.stderr)) as life:
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
    pids = processes.marked(life.place.home) | {life.record.pid, *life.record.started.values()}
    yield Figure(
        name="Airflow, memory of mw1.small with two schedulers and one worker",
        value=sum(map(processes.memory, pids)) / MIB,
        unit="MiB",
        bound=1536,
        note="shared pages counted once; without the emulated AWS",
    )
    began = time.monotonic()
    record.stop(life.place)
    yield Figure(
        name="Airflow, stop of all processes",
        value=time.monotonic() - began,
        unit="s",
        bound=10,
    )
