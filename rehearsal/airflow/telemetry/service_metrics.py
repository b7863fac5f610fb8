"""The metrics that MWAA itself publishes of an environment: tasks, containers, database.

https://docs.aws.amazon.com/mwaa/latest/userguide/accessing-metrics-cw-container-queue-db.html
The percentages are those of the class's own size, not of this machine.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mwaa.service.classes import Size
from rehearsal.airflow import processes
from rehearsal.airflow.fleet import Fleet
from rehearsal.airflow.install.postgresql import PostgreSQL
from rehearsal.airflow.specification import Specification
from rehearsal.airflow.telemetry.metrics import Metric

SERVICE = "AWS/MWAA"
HEARTBEAT = {"Function": "Celery"}
"""Of CeleryWorkerHeartbeat, which the guide names without them; as AWS's support tool asks for it:
https://github.com/awslabs/aws-support-tools/tree/master/MWAA"""
GIB = 1024**3

_TASKS = (
    "select count(*) filter (where state = 'queued'), count(*) filter (where state = 'running'), "
    "coalesce(extract(epoch from now() - min(queued_dttm) filter (where state = 'queued')), 0) "
    "from task_instance where state in ('queued', 'running')"
)
_CONNECTIONS = "select count(*) from pg_stat_activity where datname is not null"


@dataclass(frozen=True)
class Tasks:
    """How many tasks wait and run, and for how many seconds the oldest has waited."""

    queued: int = 0
    running: int = 0
    oldest_seconds: float = 0.0


def tasks(database: PostgreSQL) -> Tasks:
    """What the metadata database says of tasks; nothing as long as it has no tables."""
    rows = database.query(_TASKS)
    if not rows:
        return Tasks()
    queued, running, oldest = rows[0]
    return Tasks(int(queued), int(running), float(oldest))


class ServiceMetrics:
    """What is measured of ``fleet`` and ``database``; processors over the time since the last."""

    def __init__(self, spec: Specification, fleet: Fleet, database: PostgreSQL) -> None:
        self._spec = spec
        self._fleet = fleet
        self._database = database
        self._spent: dict[int, float] = {}
        self._at = time.monotonic()

    def workers(self) -> Iterator[Metric]:
        """What the workers send: that they live."""
        yield _metric("CeleryWorkerHeartbeat", len(self._pids(("worker",))), HEARTBEAT)

    def __call__(self) -> Iterator[Metric]:
        found = tasks(self._database)
        yield _metric("QueuedTasks", found.queued)
        yield _metric("RunningTasks", found.running)
        yield _metric("ApproximateAgeOfOldestTask", found.oldest_seconds, unit="Seconds")
        size = self._spec.environment_class.database
        rows = self._database.query(_CONNECTIONS)
        if rows:
            writer = {"DatabaseRole": "WRITER"}
            yield _metric("DatabaseConnections", int(rows[0][0]), writer)
            # PostgreSQL here holds little; the rest of the instance would be free.
            free = size.memory_gib * GIB - int(rows[0][0]) * 9531392
            yield _metric("FreeableMemory", free, writer, "Bytes")
        yield from self._containers()

    def _containers(self) -> Iterator[Metric]:
        """One value for each container: DAG processor and triggerer are in the first scheduler's,
        as on MWAA."""
        now = time.monotonic()
        elapsed, self._at = max(now - self._at, 0.001), now
        of = self._spec.environment_class
        for kind, cluster, size in (
            ("scheduler", "Scheduler", of.scheduler),
            ("worker", "BaseWorker", of.worker),
            ("webserver", "WebServer", of.webserver),
        ):
            for number, (name, pid) in enumerate(sorted(self._pids((kind,)).items())):
                more = self._pids(("dag-processor", "triggerer")).values()
                pids = {pid, *(more if name == "scheduler-1" else ())}
                is_more = kind == "worker" and number >= self._spec.workers[0]
                label = "AdditionalWorker" if is_more else cluster
                yield from self._container(label, pids, size, elapsed)

    def _pids(self, kinds: tuple[str, ...]) -> dict[str, int]:
        """The processes of some kinds that are alive, by their names."""
        running = dict(self._fleet.components)
        return {
            name: one.pid
            for name, one in running.items()
            if name.startswith(kinds) and one.is_alive
        }

    def _container(
        self, cluster: str, roots: set[int], size: Size, elapsed: float
    ) -> Iterator[Metric]:
        pids = {pid for root in roots for pid in {root, *processes.children(root)}}
        spent = {pid: _processor_seconds(pid) for pid in pids}
        used = sum(now - self._spent.get(pid, now) for pid, now in spent.items())
        self._spent |= spent
        dimension = {"Cluster": cluster}
        share = used / elapsed / size.vcpu * 100
        yield _metric("CPUUtilization", min(share, 100.0), dimension, "Percent")
        held = sum(processes.memory(pid) for pid in pids) / (size.memory_gib * GIB) * 100
        yield _metric("MemoryUtilization", min(held, 100.0), dimension, "Percent")


def _metric(
    name: str, value: float, dimensions: Mapping[str, str] | None = None, unit: str = "Count"
) -> Metric:
    return Metric(name, tuple(sorted((dimensions or {}).items())), unit, float(value))


def _processor_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
