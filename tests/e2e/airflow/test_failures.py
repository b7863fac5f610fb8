"""What keeps an Airflow from starting is said in one line; nothing is left, and the next start
works. One emulated AWS for all; Airflow itself is started by none of these."""

from __future__ import annotations

import resource
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from rehearsal.airflow import launch, record
from rehearsal.airflow.account import Account
from rehearsal.airflow.place import Place
from rehearsal.cli import server
from rehearsal.cli.workspace import ROOT, RehearsalError, Workspace
from tests.rehearsal.airflow.life import Clients, until
from tests.rehearsal.emulator.platforms.customer import REGION, Customer
from tests.rehearsal.orphans import none_left

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")

NAME = "etl"
MIB = 1024**2


@dataclass
class Scene:
    """An environment without an Airflow, and where one would be."""

    account: Account
    place: Place
    customer: Customer

    def start(self, port: int | None = None) -> str:
        """Why it does not start, in one line; nothing is left of it."""
        with pytest.raises(RehearsalError) as refused:
            launch.launch(self.place, self.account, NAME, lambda _: None, port=port)
        found = record.read(self.place)
        assert record.left(self.place) == set()
        assert found is None or not found.is_alive
        assert len(str(refused.value).splitlines()) == 1
        return str(refused.value)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    workspace = Workspace(ROOT, tmp_path_factory.mktemp("failures"))
    with none_left(workspace):
        running = server.ensure(workspace, lambda _: None, forks=False)
        account = Account(f"http://127.0.0.1:{running.port}", REGION)
        customer = Customer(Clients(account), NAME)  # type: ignore[arg-type]
        customer.create()
        until(lambda: customer.status == "AVAILABLE", 30)
        place = Place.of(workspace, NAME)
        yield Scene(account, place, customer)
        record.stop(place)
        record.discard(place)


@pytest.fixture(autouse=True)
def _no_python(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """No Airflow's Python is on this machine: a start that gets so far has a running database."""
    folder = scene.place.home.parent / "programs"
    folder.mkdir(parents=True, exist_ok=True)
    for program in ("sh", "bash", "env", "ps", "uv"):
        found = shutil.which(program)
        if found and not (folder / program).exists():
            (folder / program).symlink_to(found)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("PYENV_ROOT", str(folder))


MISSING = "Airflow 2.10.3 runs on Python 3.11, which is not on this machine: install it"


def test_without_its_python(scene: Scene) -> None:
    assert MISSING in scene.start()


def test_a_port_that_is_taken(scene: Scene) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"port {port} of 127.0.0.1 is taken by another program" in scene.start(port)


def test_a_postgresql_that_cannot_start(scene: Scene) -> None:
    assert MISSING in scene.start()
    (scene.place.database / "data" / "global" / "pg_control").unlink()
    assert "PostgreSQL did not start: " in scene.start()
    record.discard(scene.place)
    assert MISSING in scene.start()


def test_a_full_disk(scene: Scene) -> None:
    record.discard(scene.place)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8 * MIB, hard))
    try:
        assert "PostgreSQL could not be set up: initdb: " in scene.start()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert MISSING in scene.start()


def test_a_server_that_was_killed_while_it_was_made(scene: Scene) -> None:
    record.discard(scene.place)
    (scene.place.database / "data.part").mkdir(parents=True)
    assert MISSING in scene.start()
