"""A copy's processes end with who asked for it; what a killed copy left ends with the next."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ops.commands.upgrade.rehearsed import PREFIX
from rehearsal.cli import server
from rehearsal.cli.workspace import ROOT
from rehearsal.copies import lifetime
from rehearsal.copies.copy import Copy

# Stands in for `python -m rehearsal upgrade`: it has started a server, a process that only sleeps.
COPY = """
import json, subprocess, sys, time
from pathlib import Path
from rehearsal.cli import processes, server
from rehearsal.copies import lifetime
from rehearsal.copies.copy import Copy
copy = Copy(Path(sys.argv[1]))
with lifetime.bound(copy):
    script = "sleep 60 >/dev/null 2>&1 & echo $!"
    pid = int(subprocess.run(["sh", "-c", script], capture_output=True, text=True).stdout)
    record = {"pid": pid, "port": 1, "born": processes.born(pid)}
    server._record(lifetime.workspace_of(copy)).write_text(json.dumps(record))
    print("ready", flush=True)
    time.sleep(60)
"""
# Stands in for `mwaa upgrade --rehearse`, which waits for it.
CALLER = f"""
import subprocess, sys
running = subprocess.Popen([sys.executable, "-c", {COPY!r}, sys.argv[1]])
print(running.pid, flush=True)
running.wait()
"""
SECONDS = 20


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    folder = tmp_path / f"{PREFIX}one"
    folder.mkdir()
    return Copy(folder)


def is_running(copy: Copy) -> bool:
    return server.running(lifetime.workspace_of(copy)) is not None


def start(program: str, copy: Copy) -> subprocess.Popen[str]:
    made = subprocess.Popen(
        [sys.executable, "-c", program, str(copy.folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    until(lambda: is_running(copy))
    return made


def test_nothing_of_a_copy_outlives_a_caller_that_was_killed(copy: Copy) -> None:
    caller = start(CALLER, copy)
    caller.kill()
    caller.communicate()
    until(lambda: not copy.folder.exists())
    assert not is_running(copy)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_copy_that_is_told_to_end_ends_what_it_started(copy: Copy, number: int) -> None:
    running = start(COPY, copy)
    running.send_signal(number)
    running.communicate(timeout=SECONDS)
    assert not is_running(copy)
    assert copy.folder.exists(), "its caller deletes it"


def test_what_a_killed_copy_left_the_next_one_ends(copy: Copy, tmp_path: Path) -> None:
    running = start(COPY, copy)
    lifetime.sweep(tmp_path)
    assert is_running(copy), "it has its owner"
    running.kill()
    running.communicate()
    assert is_running(copy)
    other = tmp_path / f"{PREFIX}two"
    other.mkdir()
    lifetime.sweep(tmp_path)
    assert not is_running(copy)
    assert (copy.folder.exists(), other.exists()) == (False, True)
