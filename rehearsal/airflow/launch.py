"""Starts the supervisor of an environment in the background, and waits until Airflow is healthy."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rehearsal.airflow import processes, record
from rehearsal.airflow.account import Account
from rehearsal.airflow.place import Place
from rehearsal.airflow.record import Record
from rehearsal.cli import ports
from rehearsal.cli.processes import born
from rehearsal.cli.workspace import ROOT, RehearsalError

START_SECONDS = 600
MEMORY_NEEDED = 1536 * 1024**2
"""Of the smallest environment; the least that must be available before it starts."""

DISK_NEEDED = 256 * 1024**2
"""Of a new database, its log and the files of a small bucket."""

CONTROL_GROUP = Path("/sys/fs/cgroup")
"""Of the container that this runs in, where it runs in one."""

NOTICE = (
    "airflow: the DAGs of the bucket run on this machine as you, without any isolation: do not "
    "rehearse DAGs that you would not run yourself"
)


def launch(
    place: Place,
    account: Account,
    environment: str,
    progress: Callable[[str], object],
    *,
    port: int | None = None,
) -> Record:
    """The record of the running environment. Raises ``RehearsalError`` when it does not start;
    nothing is left running then."""
    found = record.read(place)
    if found is not None and found.is_alive and found.phase in ("running", "updating"):
        if port is not None and not found.web.endswith(f":{port}"):
            raise RehearsalError(
                f"port {port} was asked for, but Airflow runs on {found.web} already; make down "
                "first"
            )
        return found
    record.stop(place)  # what a killed supervisor left
    _check_memory()
    _check_disk(place)
    chosen = _port(port, found)
    place.home.mkdir(parents=True, exist_ok=True)
    log = place.home / "supervisor.log"
    command = [sys.executable, "-P", str(ROOT / "rehearsal" / "entry.py")]
    command += ["rehearsal.airflow.supervisor", environment, str(place.home)]
    command += [account.endpoint, account.region, str(chosen)]
    log.write_text("", encoding="utf-8")
    place.state.unlink(missing_ok=True)
    # The shell ends at once: the supervisor has no parent that must wait for it, and no terminal.
    detached = subprocess.run(
        ["/bin/sh", "-c", '"$@" </dev/null >>"$0" 2>&1 & echo $!', str(log), *command],
        capture_output=True,
        text=True,
        cwd=ROOT,
        start_new_session=True,
        check=True,
    )
    pid = int(detached.stdout)
    try:
        return _running(place, pid, progress)
    except BaseException:
        processes.end({pid}, record.STOP_SECONDS)
        record.stop(place)
        raise


def _running(place: Place, pid: int, progress: Callable[[str], object]) -> Record:
    started = time.monotonic()
    while time.monotonic() - started < START_SECONDS:
        found = record.read(place)
        if found is not None and found.phase == "running":
            return found
        if found is not None and found.phase == "failed":
            raise RehearsalError(f"Airflow did not start: {found.detail}")
        if born(pid) is None:
            lines = (place.home / "supervisor.log").read_text("utf-8", "replace").splitlines()
            reason = lines[-1] if lines else "no reason given"
            raise RehearsalError(f"Airflow did not start: {reason}")
        detail = found.detail if found is not None else "supervisor"
        progress(f"airflow: {detail}, {time.monotonic() - started:.0f} s")
        time.sleep(0.2)
    raise RehearsalError(f"Airflow did not start within {START_SECONDS} s")


def _port(wanted: int | None, last: Record | None) -> int:
    """The port that is wanted, else the last one, whose pages may be open, else a free one."""
    before = int(last.web.rpartition(":")[2]) if last is not None and last.web else None
    for port in (wanted, before):
        if port is not None and ports.is_free(port):
            return port
        if port is not None and port == wanted:
            raise RehearsalError(
                f"port {port} of {ports.ADDRESS} is taken by another program; stop that program, "
                "or leave the port out to take a free one"
            )
    return ports.free()


def _check_memory() -> None:
    known = [size for size in (_of_machine(), of_container(CONTROL_GROUP)) if size is not None]
    if not known:
        return  # a system that does not say
    available = min(known)
    if available < MEMORY_NEEDED:
        raise RehearsalError(
            f"Airflow needs {MEMORY_NEEDED // 1024**2} MiB of memory, and "
            f"{available // 1024**2} MiB are available: end other programs and run again"
        )


def _check_disk(place: Place) -> None:
    for folder in (place.home, place.database):
        there = next(one for one in folder.parents if one.exists())
        free = shutil.disk_usage(there).free
        if free < DISK_NEEDED:
            raise RehearsalError(
                f"Airflow needs {DISK_NEEDED // 1024**2} MiB on the disk of {there}, and "
                f"{free // 1024**2} MiB are free: make room and run again"
            )


def _of_machine() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text("utf-8").splitlines()
        (line,) = (line for line in lines if line.startswith("MemAvailable:"))
        return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        return None


def of_container(group: Path) -> int | None:
    """What the limit of a control group leaves; None where it has none. Files that were read and
    can be read again count as free."""
    try:
        most = int((group / "memory.max").read_text("utf-8"))
        used = int((group / "memory.current").read_text("utf-8"))
        facts = dict(x.split() for x in (group / "memory.stat").read_text("utf-8").splitlines())
        return most - used + int(facts["inactive_file"])
    except (OSError, ValueError, KeyError):
        return None
