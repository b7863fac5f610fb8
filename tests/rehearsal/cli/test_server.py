"""The emulated AWS as a background process."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rehearsal.cli import server
from rehearsal.cli.app import main
from rehearsal.cli.workspace import ROOT, RehearsalError, Workspace
from tests.rehearsal.orphans import none_left


def quiet(line: str) -> None:
    """Progress that nobody reads."""


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = Workspace(ROOT, tmp_path / ".local")
    with none_left(made):
        yield made


def test_it_starts_once_answers_and_stops(workspace: Workspace) -> None:
    first = server.ensure(workspace, quiet, forks=False)
    assert server.healthy(first)
    assert server.ensure(workspace, quiet, forks=False) == first
    assert server.stop(workspace)
    assert server.running(workspace) is None
    assert not server.stop(workspace)
    again = server.ensure(workspace, quiet, forks=False)
    assert again.port == first.port, "a shell opened before the stop must still work"


def test_two_commands_at_once_share_one_server(workspace: Workspace) -> None:
    with ThreadPoolExecutor() as pool:
        servers = list(pool.map(lambda _: server.ensure(workspace, quiet, forks=False), range(3)))
    assert len(set(servers)) == 1


def test_a_killed_server_is_noticed_and_started_again(workspace: Workspace) -> None:
    first = server.ensure(workspace, quiet, forks=False)
    os.kill(first.pid, signal.SIGKILL)
    second = server.ensure(workspace, quiet, forks=False)
    assert second.pid != first.pid
    assert server.healthy(second)


def test_a_process_that_inherited_the_id_is_not_ours(workspace: Workspace) -> None:
    workspace.home.mkdir()
    (workspace.home / "server.json").write_text(
        f'{{"pid": {os.getpid()}, "port": 1, "born": "another time"}}'
    )
    assert server.running(workspace) is None
    assert not server.stop(workspace)


def test_a_taken_port_is_one_line(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(RehearsalError, match=f"port {port} of 127.0.0.1 is taken"):
            server.ensure(workspace, quiet, port=port, forks=False)
        assert main(["serve", "--port", str(port)]) == 1
    said = capsys.readouterr().err
    assert str(port) in said
    assert "Traceback" not in said


def test_a_server_that_cannot_start_says_why(workspace: Workspace) -> None:
    with pytest.raises(RehearsalError, match=r"did not start: .*'-1' is not a speed") as raised:
        server.ensure(workspace, quiet, speed=-1, forks=False)
    assert "\n" not in str(raised.value)
    assert server.running(workspace) is None


def test_status_and_down_of_nothing_are_calm(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status"], workspace) == 0
    assert main(["down"], workspace) == 0
    assert main(["down"], workspace) == 0
    said = capsys.readouterr().err
    assert "not running" in said
    assert "nothing is up" in said
