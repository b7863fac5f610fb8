"""The end of an environment: whatever became of its supervisor, nothing of it is left."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from rehearsal.airflow import launch, processes, record
from rehearsal.airflow.account import Account
from rehearsal.airflow.configuration import MARK
from rehearsal.airflow.place import Place
from rehearsal.airflow.record import Record
from rehearsal.cli import ports
from rehearsal.cli.processes import born
from rehearsal.cli.workspace import RehearsalError, Workspace

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")


def started(place: Place) -> subprocess.Popen[bytes]:
    """A process as a task is: in a group of its own, knowing only its place."""
    environment = {MARK: str(place.home), "PATH": os.defpath}
    return subprocess.Popen(["sleep", "60"], env=environment, start_new_session=True)


def recorded(place: Place, pid: int, **changes: str) -> Record:
    facts = {"environment": "etl", "born": born(pid) or "", "phase": "running", **changes}
    found = Record(pid=pid, **facts)  # type: ignore[arg-type]
    record.write(place, found)
    return found


def test_what_a_killed_supervisor_left_is_ended(tmp_path: Path) -> None:
    place = Place(tmp_path)
    task = started(place)
    gone = subprocess.Popen(["true"])
    gone.wait()
    recorded(place, gone.pid, born="1")
    assert processes.marked(place.home) == {task.pid}
    assert record.stop(place)
    assert task.wait(timeout=5) < 0
    assert not record.stop(place)


def test_processes_of_another_place_are_left_alone(tmp_path: Path) -> None:
    mine, other = Place(tmp_path / "mine"), Place(tmp_path / "mine-too")
    task = started(other)
    try:
        assert not record.stop(mine)
        assert task.poll() is None
    finally:
        task.kill()
        task.wait()


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    place = Place.of(Workspace(tmp_path, tmp_path), "local")
    assert record.read(place) is None
    written = recorded(place, os.getpid())
    assert record.read(place) == written
    assert written.is_alive
    assert [one.home.name for one in record.places(Workspace(tmp_path, tmp_path))] == ["local"]
    place.state.write_text("{")
    assert record.read(place) is None


def test_a_running_environment_keeps_its_port(tmp_path: Path) -> None:
    place, account = Place(tmp_path), Account("http://127.0.0.1:1", "us-east-1")
    running = recorded(place, os.getpid(), web="127.0.0.1:8080")
    assert launch.launch(place, account, "etl", print) == running
    with pytest.raises(RehearsalError, match=r"runs on 127\.0\.0\.1:8080 already; make down"):
        launch.launch(place, account, "etl", print, port=9090)


def test_a_port_that_is_taken_and_too_little_disk_or_memory_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = Account("http://127.0.0.1:1", "us-east-1")
    monkeypatch.setattr(ports, "is_free", lambda _: False)
    with pytest.raises(RehearsalError, match="is taken by another program"):
        launch.launch(Place(tmp_path), account, "etl", print, port=8080)
    monkeypatch.setattr(launch, "DISK_NEEDED", 1 << 60)
    with pytest.raises(RehearsalError, match="MiB are free: make room and run again"):
        launch.launch(Place(tmp_path), account, "etl", print)
    group = tmp_path / "group"
    group.mkdir()
    assert launch.of_container(group) is None
    for name, text in (("max", "1000"), ("current", "900"), ("stat", "anon 1\ninactive_file 300")):
        (group / f"memory.{name}").write_text(text)
    assert launch.of_container(group) == 400
    monkeypatch.setattr(launch, "MEMORY_NEEDED", 1 << 60)
    with pytest.raises(RehearsalError, match="MiB are available: end other programs"):
        launch.launch(Place(tmp_path), account, "etl", print)
