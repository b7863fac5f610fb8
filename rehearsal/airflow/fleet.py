"""The Airflow processes of one environment: as many of each kind as are wanted."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping

from mwaa.service.log_streams import COMPONENTS
from mwaa.service.log_streams import DAG_PROCESSOR as DAG_PROCESSOR_STREAM
from mwaa.service.versions import major
from rehearsal.airflow.component import (
    DAG_PROCESSOR,
    SCHEDULER,
    TRIGGERER,
    WEBSERVER,
    WORKER,
    Component,
    Kind,
)
from rehearsal.airflow.install.interpreter import Interpreter
from rehearsal.airflow.place import Place
from rehearsal.airflow.specification import Specification
from rehearsal.airflow.telemetry.logs import Logs
from rehearsal.cli.workspace import RehearsalError

REPLACE_SECONDS = 10.0
"""How long a process that died stays away; on Fargate it takes minutes to replace a container."""

MOST_DEATHS = 3
"""Of one process before an environment is healthy; what ends so often will not start."""


class Fleet:
    """``environments`` are the variables of each container."""

    def __init__(
        self,
        spec: Specification,
        place: Place,
        interpreter: Interpreter,
        environments: Mapping[str, Mapping[str, str]],
        web_port: int,
        logs: Logs,
    ) -> None:
        self._spec = spec
        self._place = place
        self._python = interpreter.python
        self._environments = environments
        self._web_port = web_port
        self._logs = logs
        self._died: dict[str, float] = {}
        self._deaths: Counter[str] = Counter()
        self.components: dict[str, Component] = {}
        # What schedules and runs comes first: the first start competes for few processors.
        self.wanted: dict[Kind, int] = {
            SCHEDULER: spec.schedulers,
            DAG_PROCESSOR: 1,
            WORKER: spec.workers[0],
            WEBSERVER: 1,
            TRIGGERER: 1,
        }

    @property
    def workers(self) -> int:
        """How many workers there are to be."""
        return self.wanted[WORKER]

    @workers.setter
    def workers(self, count: int) -> None:
        self.wanted[WORKER] = count

    @property
    def alive(self) -> list[str]:
        """The names of the processes that run."""
        return [name for name, one in self.components.items() if one.is_alive]

    def ensure(self) -> None:
        """Start what is missing, some seconds after it died, and end what is too many."""
        now = time.monotonic()
        names: dict[str, Kind] = {}
        for kind, count in self.wanted.items():
            single = kind not in (SCHEDULER, WORKER)
            names |= {
                kind.name if single else f"{kind.name}-{number}": kind
                for number in range(1, count + 1)
            }
        for name, running in list(self.components.items()):
            if not running.is_alive:
                del self.components[name]
                if not running.is_ending:
                    self._died[name] = now
                    self._deaths[name] += 1
            elif name not in names and not running.is_ending:
                running.end()
        for name, kind in names.items():
            if name in self.components:
                continue
            died = self._died.get(name)
            # Subtracting a default from `now` and back would not always give the same float.
            if died is None or now - died >= REPLACE_SECONDS:
                self._died.pop(name, None)
                self.components[name] = self._start(name, kind)

    @property
    def has_workers(self) -> bool:
        """Whether a worker still runs."""
        return any(name.startswith(WORKER.name) for name in self.alive)

    def check(self) -> None:
        """Raise ``RehearsalError`` when a process cannot stay alive."""
        for name, times in self._deaths.items():
            if times >= MOST_DEATHS:
                raise RehearsalError(f"{name} has ended {times} times: {self._last_line(name)}")

    def end(self) -> None:
        """Ask all of them to end."""
        for running in self.components.values():
            running.end()

    def _start(self, name: str, kind: Kind) -> Component:
        words = kind.words(self._spec.is_airflow_3, self._web_port)
        host = f"{self._spec.name}-{name}"
        return Component(
            name,
            [str(self._python), "-m", "airflow", *words],
            self._environments[kind.container],
            self._place.logs / f"{name}.log",
            self._writer(kind, host),
            cwd=self._place.home,
        )

    def _last_line(self, name: str) -> str:
        lines = (self._place.logs / f"{name}.log").read_text("utf-8", "replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")

    def _writer(self, kind: Kind, host: str) -> Callable[[str], None]:
        if kind is DAG_PROCESSOR:
            stream = DAG_PROCESSOR_STREAM[major(self._spec.version)]
            return self._logs.into(stream, kind.module)
        return self._logs.writer(COMPONENTS[kind.name], kind.module, host)
