"""Processes by their ids: which are alive, what memory they hold, and how they end."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from rehearsal.airflow.configuration import MARK
from rehearsal.cli.processes import born


def marked(home: Path) -> set[int]:
    """The processes that were started for the environment at ``home``, whatever became of their
    parents; only where the system has /proc."""
    mark = f"{MARK}={home}".encode()
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                found.add(int(entry.name))
        except OSError:
            continue
    return found - {os.getpid()}


def within(folder: Path) -> set[int]:
    """The processes that work in ``folder``: PostgreSQL's, which leave their parent's group."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink().is_relative_to(folder):
                found.add(int(entry.name))
        except OSError:
            continue
    return found - {os.getpid()}


def group(number: int) -> set[int]:
    """The processes of a process group."""
    found = set()
    done = subprocess.run(["ps", "-A", "-o", "pid=,pgid="], capture_output=True, text=True)
    for line in done.stdout.splitlines():
        pid, pgid = line.split()
        if int(pgid) == number:
            found.add(int(pid))
    return found - {os.getpid()}


def end(pids: Iterable[int], seconds: float) -> None:
    """Ask them to end, and after ``seconds`` make them."""
    alive = {pid: started for pid in pids if (started := born(pid))}
    for number in (signal.SIGTERM, signal.SIGKILL):
        signal_all(alive, number)
        deadline = time.monotonic() + seconds
        while alive and time.monotonic() < deadline:
            time.sleep(0.05)
            alive = {pid: started for pid, started in alive.items() if born(pid) == started}


def signal_all(pids: Iterable[int], number: int) -> None:
    """Send a signal to those of ``pids`` that are there."""
    for pid in pids:
        _signal(pid, number)


def memory(pid: int, tree: Iterable[int] = ()) -> int:
    """Bytes of a process and of ``tree``, what several share counted once among them."""
    return sum(_memory(one) for one in {pid, *tree})


def children(pid: int) -> set[int]:
    """The descendants of a process."""
    done = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True)
    parents = {int(one): int(two) for one, two in (x.split() for x in done.stdout.splitlines())}
    found, waiting = set[int](), [pid]
    while waiting:
        one = waiting.pop()
        below = {child for child, parent in parents.items() if parent == one} - found
        found |= below
        waiting += below
    return found


def _memory(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines()
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    except OSError:
        pass
    done = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return int(done.stdout.strip() or 0) * 1024


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return
