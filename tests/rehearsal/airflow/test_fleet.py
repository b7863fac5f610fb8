"""The processes of an environment: kept as many as are wanted, and given up when they cannot be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from ops.artifacts.image import Image
from rehearsal.airflow import fleet as module
from rehearsal.airflow.fleet import Fleet
from rehearsal.airflow.install.interpreter import Interpreter
from rehearsal.airflow.place import Place
from rehearsal.airflow.preparation import CONTAINERS
from rehearsal.cli.workspace import RehearsalError
from tests.rehearsal.airflow.life import until
from tests.rehearsal.airflow.specifications import specification


class Quiet:
    """Logs that nobody reads."""

    def writer(self, *_: Any) -> Callable[[str], None]:
        return lambda _: None

    into = writer


def fleet(home: Path, script: str) -> Fleet:
    """One whose every process is ``script``."""
    python = home / "python.sh"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    interpreter = Interpreter(cast(Image, None), python, home)
    environments = {one: {"PATH": "/usr/bin:/bin"} for one in CONTAINERS}
    spec = specification(MinWorkers=2)
    return Fleet(spec, Place(home), interpreter, environments, 1, cast(Any, Quiet()))


def ended(made: Fleet) -> None:
    made.end()
    until(lambda: not made.alive, 5)


def test_what_always_ends_is_given_up_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REPLACE_SECONDS", 0.0)
    made = fleet(tmp_path, "echo 'ValueError: many is no number'; exit 1")
    words = "scheduler-1 has ended 3 times: ValueError: many is no number"

    def given_up() -> bool:
        made.ensure()
        try:
            made.check()
        except RehearsalError as error:
            return str(error) == words
        return False

    until(given_up, 20)
    ended(made)


def test_every_process_is_started_at_once_whatever_the_clock_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 34_567.3
    assert now - (now - 0.2) < 0.2, "this clock shows nothing: its floats are exact"
    monkeypatch.setattr(module, "REPLACE_SECONDS", 0.2)
    monkeypatch.setattr("time.monotonic", lambda: now)
    made = fleet(tmp_path, "exec sleep 60")
    made.ensure()
    monkeypatch.undo()
    assert len(made.alive) == 7
    ended(made)


def test_workers_are_taken_away_and_what_is_killed_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REPLACE_SECONDS", 0.2)
    made = fleet(tmp_path, "exec sleep 60")
    made.ensure()
    assert "worker-2" in made.alive
    made.workers = 1
    killed = made.components["scheduler-1"]
    killed.process.kill()

    def is_so() -> bool:
        made.ensure()
        again = made.components.get("scheduler-1", killed)
        return again is not killed and "worker-2" not in made.alive

    until(is_so, 10)
    assert sorted(made.alive) == [
        *("dag-processor", "scheduler-1", "scheduler-2", "triggerer", "webserver", "worker-1")
    ]
    ended(made)
