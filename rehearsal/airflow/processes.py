"""Processes by their ids: which are alive, what memory they hold, and how they end."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import psutil
from psutil import Process

from rehearsal.airflow.configuration import MARK
from rehearsal.cli.processes import born


def marked(home: Path) -> set[int]:
    """The processes that were started for the environment at ``home``, whatever became of their
    parents."""
    return _those(lambda one: one.environ().get(MARK) == str(home))


def within(folder: Path) -> set[int]:
    """The processes that work in ``folder``: PostgreSQL's, which leave their parent's group."""
    return _those(lambda one: Path(one.cwd()).is_relative_to(folder))


def group(number: int) -> set[int]:
    """The processes of a process group."""
    return _those(lambda one: os.getpgid(one.pid) == number)


def _those(is_so: Callable[[Process], bool]) -> set[int]:
    found = set()
    for one in psutil.process_iter():
        with suppress(psutil.Error, OSError):  # it has ended, or is somebody else's
            if is_so(one):
                found.add(one.pid)
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
    with suppress(psutil.NoSuchProcess):
        return {one.pid for one in Process(pid).children(recursive=True)}
    return set()


def _memory(pid: int) -> int:
    with suppress(psutil.Error):
        held = Process(pid).memory_full_info()
        # Only Linux tells what share of the shared pages is a process's own.
        return int(getattr(held, "pss", held.uss))
    return 0


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return
