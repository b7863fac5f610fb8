"""What a running environment says of itself, in a file: processes, addresses, progress."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from rehearsal.airflow import processes
from rehearsal.airflow.install.postgresql import PostgreSQL
from rehearsal.airflow.place import Place
from rehearsal.cli.processes import born
from rehearsal.cli.workspace import Workspace

STOP_SECONDS = 9.0


@dataclass(frozen=True)
class Record:
    """``pid`` is the supervisor's and its process group's; ``phase`` is ``starting`` with a word
    about what is being done, ``running``, or ``failed`` with the reason, in ``detail``."""

    environment: str
    pid: int
    born: str
    phase: str
    detail: str = ""
    version: str = ""
    web: str = ""
    """Where Airflow's web server answers."""
    started: Mapping[str, int] = field(default_factory=dict)
    """Name of a process -> its id."""

    @property
    def is_alive(self) -> bool:
        return born(self.pid) == self.born


def write(place: Place, record: Record) -> None:
    """Replace the record at once."""
    place.home.mkdir(parents=True, exist_ok=True)
    draft = place.state.with_suffix(f".{os.getpid()}.part")
    draft.write_text(json.dumps(asdict(record)), encoding="utf-8")
    draft.replace(place.state)


def read(place: Place) -> Record | None:
    """The last record, None where there is none that can be read."""
    try:
        return Record(**json.loads(place.state.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def places(workspace: Workspace) -> list[Place]:
    """Every environment that has run in this workspace."""
    found = (workspace.home / "airflow").glob("*/state.json")
    return [Place(file.parent) for file in sorted(found)]


def stop(place: Place) -> bool:
    """End every process of the environment, also those whose supervisor was killed; False when
    none was left."""
    record = read(place)
    supervisor = {record.pid} if record is not None and record.is_alive else set()
    processes.end(supervisor, STOP_SECONDS)
    # Nobody waits for these any more, and PostgreSQL ends quickly when it is told so.
    orphans = left(place)
    processes.end(orphans, 2)
    return bool(supervisor or orphans)


def left(place: Place) -> set[int]:
    """The processes of the environment beside its supervisor."""
    found = processes.marked(place.home) | processes.within(place.database)
    record = read(place)
    if record is not None:
        found |= processes.group(record.pid) - {record.pid}
    return {pid for pid in found if born(pid)}


def discard(place: Place) -> None:
    """Forget the environment: its database and its files."""
    import shutil

    PostgreSQL(place.database).discard()
    shutil.rmtree(place.home, ignore_errors=True)
