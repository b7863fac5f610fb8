"""A copy lives no longer than who asked for it.

It is more than a gigabyte of processes that no `make status` lists. So it ends where its caller
ends, however that ended; and what a copy that was itself killed has left, the next one ends.
"""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ops.commands.upgrade.rehearsed import PREFIX
from rehearsal.airflow import record
from rehearsal.airflow.place import Place
from rehearsal.cli import server
from rehearsal.cli.processes import born
from rehearsal.cli.workspace import ROOT, Workspace
from rehearsal.copies.copy import Copy

LOOK_SECONDS: Final = 0.5
_OWNER: Final = "owner"


def workspace_of(copy: Copy) -> Workspace:
    """Where the copy's own emulated AWS and Airflow stand."""
    return Workspace(ROOT, copy.folder / "rehearsal")


def place_of(copy: Copy) -> Place:
    """Where its Airflow stands."""
    return Place(workspace_of(copy).home / "airflow")


@contextmanager
def bound(copy: Copy) -> Iterator[None]:
    """Until the block ends, this process owns ``copy``; then nothing of it runs.

    An end of the caller, SIGTERM and SIGHUP end the block as Ctrl-C does.
    """
    sweep(copy.folder.parent)
    caller = os.getppid()
    _own(copy)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    threading.Thread(target=_watch, args=(caller,), daemon=True, name="caller").start()
    try:
        yield
    finally:
        end(copy)
        if os.getppid() != caller:
            # Nobody else deletes it.
            shutil.rmtree(copy.folder, ignore_errors=True)


def end(copy: Copy) -> None:
    """End everything that runs for ``copy``, and forget what it wrote."""
    record.stop(place_of(copy))
    record.discard(place_of(copy))
    server.stop(workspace_of(copy))


def sweep(folder: Path) -> None:
    """End and delete the copies in ``folder`` whose owner was killed."""
    for one in folder.glob(f"{PREFIX}*"):
        copy = Copy(one)
        if _is_left(copy):
            end(copy)
            shutil.rmtree(one, ignore_errors=True)


def _own(copy: Copy) -> None:
    home = workspace_of(copy).home
    home.mkdir(parents=True, exist_ok=True)
    (home / _OWNER).write_text(f"{os.getpid()} {born(os.getpid())}", encoding="utf-8")


def _is_left(copy: Copy) -> bool:
    try:
        pid, _, started = (workspace_of(copy).home / _OWNER).read_text("utf-8").partition(" ")
        return born(int(pid)) != started
    except (OSError, ValueError):
        # Another user's, or one that is being made.
        return False


def _watch(caller: int) -> None:
    while os.getppid() == caller:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGINT)
