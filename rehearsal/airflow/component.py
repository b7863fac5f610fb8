"""One process of an environment: how each kind is started, where its output goes, how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rehearsal.airflow.configuration import ADDRESS


@dataclass(frozen=True)
class Kind:
    """What is started. ``container`` is where it runs on MWAA, ``module`` the logging module whose
    group gets its output."""

    name: str
    container: str
    module: str
    command: tuple[str, ...]

    def words(self, is_airflow_3: bool, port: int) -> list[str]:
        """The arguments of ``airflow``. Servers of logs would listen on every address."""
        if self.name != "webserver":
            return list(self.command)
        server = "api-server" if is_airflow_3 else "webserver"
        host = "--host" if is_airflow_3 else "--hostname"
        return [server, host, ADDRESS, "--port", str(port)]


SCHEDULER = Kind("scheduler", "scheduler", "scheduler", ("scheduler",))
DAG_PROCESSOR = Kind("dag-processor", "scheduler", "dag_processing", ("dag-processor",))
TRIGGERER = Kind("triggerer", "scheduler", "scheduler", ("triggerer", "--skip-serve-logs"))
WORKER = Kind("worker", "worker", "worker", ("celery", "worker", "--skip-serve-logs"))
WEBSERVER = Kind("webserver", "webserver", "webserver", ())


class Component:
    """A running process. Every line that it prints goes to ``file`` and to ``write``."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        file: Path,
        write: Callable[[str], object] | None = None,
        **options: Any,
    ) -> None:
        self.name = name
        self.is_ending = False
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file
        self._write = write or (lambda _: None)
        self.process = subprocess.Popen(
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **options,
        )
        threading.Thread(target=self._carry, daemon=True, name=name).start()

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def end(self, number: int = signal.SIGTERM) -> None:
        """Ask it to end: a worker then takes no further task, and finishes those it has."""
        self.is_ending = True
        if self.is_alive:
            os.kill(self.pid, number)

    def _carry(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines, self._file.open("ab", buffering=0) as file:
            for line in lines:
                # On a full disk lines are lost; a pipe that nobody reads would stop the process.
                with suppress(OSError):
                    file.write(line)
                self._write(line.decode("utf-8", "replace").rstrip())
