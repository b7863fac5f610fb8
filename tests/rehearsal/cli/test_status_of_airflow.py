"""`status` and `down` where an Airflow runs, or where a killed supervisor has left something."""

from __future__ import annotations

import io
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from rehearsal.airflow import record
from rehearsal.airflow.place import Place
from rehearsal.cli.console import Console
from rehearsal.cli.processes import born
from rehearsal.cli.verbs import down, status
from rehearsal.cli.workspace import Workspace
from tests.rehearsal.airflow.test_record import recorded, started

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path, tmp_path / "local")


@pytest.fixture
def worker(workspace: Workspace) -> Iterator[subprocess.Popen[bytes]]:
    with started(Place.of(workspace, "dev")) as process:
        yield process
        process.kill()


def said(workspace: Workspace) -> tuple[bool, list[str]]:
    """What `status` finds, and its lines about Airflow."""
    stream = io.StringIO()
    well = status.run(workspace, Console(stream))
    return well, stream.getvalue().splitlines()[1:]


def test_processes_addresses_and_memory_are_shown(
    workspace: Workspace, worker: subprocess.Popen[bytes]
) -> None:
    facts = {"version": "2.10.3", "web": "127.0.0.1:8080"}
    found = recorded(Place.of(workspace, "dev"), os.getpid(), **facts)
    record.write(
        Place.of(workspace, "dev"),
        record.Record(**{**vars(found), "started": {"worker-1": worker.pid}}),
    )
    well, lines = said(workspace)
    assert well
    assert lines[0].startswith("airflow of etl: running, Airflow 2.10.3 on http://127.0.0.1:8080, ")
    assert lines[0].endswith(" MiB")
    assert lines[1].split()[:3] == ["worker-1", "process", f"{worker.pid},"]


def test_what_a_killed_supervisor_left_is_shown_and_ended(
    workspace: Workspace, worker: subprocess.Popen[bytes]
) -> None:
    place = Place.of(workspace, "dev")
    gone = subprocess.Popen(["true"])
    gone.wait()
    recorded(place, gone.pid, born="1")
    well, lines = said(workspace)
    assert not well
    assert "its supervisor has ended (make airflow starts it again)" in lines[0]
    assert lines[1:] == [f"  left over: process {worker.pid} (make airflow or make down ends it)"]
    stream = io.StringIO()
    down.run(workspace, None, Console(stream))
    assert "airflow of stack dev: stopped" in stream.getvalue()
    assert born(worker.pid) is None
    assert said(workspace) == (True, [])
