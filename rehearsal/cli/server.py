"""The emulated AWS as a background process: started, found again, ended by its own id."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.client import HTTPException
from pathlib import Path

from rehearsal.cli import ports, processes
from rehearsal.cli.workspace import ROOT, RehearsalError, Workspace

ADDRESS = ports.ADDRESS
HEALTH = "/_emulator/health"
START_SECONDS = 60
STOP_SECONDS = 20


@dataclass(frozen=True)
class ServerProcess:
    """A server that this checkout started. `born` differs for a later process with its id."""

    pid: int
    port: int
    born: str


def running(workspace: Workspace) -> ServerProcess | None:
    """The server of this workspace, when its process is alive."""
    server = _remembered(workspace)
    return server if server is not None and processes.born(server.pid) == server.born else None


def healthy(server: ServerProcess, seconds: float = 5) -> bool:
    """Whether the server answers."""
    # An opener of its own: a proxy in the environment must not be asked for the loopback.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{ADDRESS}:{server.port}{HEALTH}", timeout=seconds) as answer:
            return bool(answer.status == 200)
    except (OSError, HTTPException):
        return False


def ensure(
    workspace: Workspace,
    progress: Callable[[str], object],
    *,
    port: int | None = None,
    speed: float | None = None,
    forks: bool = True,
) -> ServerProcess:
    """The running server, started when there is none.

    `port` None keeps the last one, so that shells opened earlier still work, or takes a free one.
    `forks` False: no engine will run, so nothing is imported ahead for its plugins.
    Raises `RehearsalError` for a taken port and for a server that does not start.
    """
    with _alone(workspace):
        server = running(workspace)
        if server is not None:
            if port not in (None, server.port):
                raise RehearsalError(
                    f"port {port} was asked for, but the emulated AWS runs on {server.port} "
                    "already; make down first"
                )
            if healthy(server):
                return server
            progress("emulated AWS: does not answer, starting it again")
            stop(workspace)
        last = _remembered(workspace)
        if port is None:
            port = last.port if last is not None and ports.is_free(last.port) else ports.free()
        elif not ports.is_free(port):
            raise RehearsalError(
                f"port {port} of {ADDRESS} is taken by another program; stop that program, or "
                "leave the port out to take a free one"
            )
        return _start(workspace, port, progress, speed, forks)


def stop(workspace: Workspace) -> bool:
    """End the server and wait until it is gone; False when none was running."""
    server = running(workspace)
    if server is None:
        return False
    os.kill(server.pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while processes.born(server.pid) == server.born:
        if time.monotonic() > deadline:
            os.kill(server.pid, signal.SIGKILL)
            deadline += STOP_SECONDS
        time.sleep(0.05)
    return True


def state_file(workspace: Workspace) -> Path:
    """The emulated account, kept over a restart."""
    return workspace.home / "account.state"


def log_file(workspace: Workspace) -> Path:
    """What the server prints."""
    return workspace.home / "server.log"


def _start(
    workspace: Workspace,
    port: int,
    progress: Callable[[str], object],
    speed: float | None,
    forks: bool,
) -> ServerProcess:
    workspace.home.mkdir(parents=True, exist_ok=True)
    log = log_file(workspace)
    command = [sys.executable, "-P", str(ROOT / "rehearsal" / "entry.py"), "rehearsal"]
    command += ["serve", "--port", str(port), "--state", str(state_file(workspace))]
    command += ["--forks", str(workspace.forks)] if forks else []
    command += ["--speed", str(speed)] if speed is not None else []
    log.write_text("", encoding="utf-8")
    # The shell ends at once: the server has no parent that must wait for it, and no terminal.
    detached = subprocess.run(
        ["/bin/sh", "-c", '"$@" </dev/null >>"$0" 2>&1 & echo $!', str(log), *command],
        capture_output=True,
        text=True,
        cwd=workspace.root,
        start_new_session=True,
        check=True,
    )
    pid = int(detached.stdout)
    server = ServerProcess(pid, port, processes.born(pid) or "")
    _record(workspace).write_text(json.dumps(asdict(server)), encoding="utf-8")
    started = time.monotonic()
    while not healthy(server, seconds=2):
        waited = time.monotonic() - started
        if processes.born(pid) is None or waited > START_SECONDS:
            stop(workspace)
            lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            reason = lines[-1] if lines else f"no answer within {START_SECONDS} s"
            raise RehearsalError(f"the emulated AWS did not start: {reason} (log: {log})")
        progress(f"emulated AWS: starting on {ADDRESS}:{port}, {round(waited)} s")
        time.sleep(0.1)
    return server


def _record(workspace: Workspace) -> Path:
    return workspace.home / "server.json"


def _remembered(workspace: Workspace) -> ServerProcess | None:
    try:
        facts = json.loads(_record(workspace).read_text(encoding="utf-8"))
        return ServerProcess(int(facts["pid"]), int(facts["port"]), str(facts["born"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextmanager
def _alone(workspace: Workspace) -> Iterator[None]:
    """Two commands at the same time must not start two servers."""
    workspace.home.mkdir(parents=True, exist_ok=True)
    with (workspace.home / "server.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
