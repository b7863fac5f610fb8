"""What is worth an alarm: metrics of an environment, and the thresholds that its class implies.

Metrics (read 2026-11): https://docs.aws.amazon.com/mwaa/latest/userguide/cw-metrics.html and
accessing-metrics-cw-container-queue-db.html beside it. The database is Aurora PostgreSQL, whose
connections are bounded by its memory:
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Managing.html
"""

from dataclasses import dataclass
from typing import Final, Literal

from mwaa.service.classes import EnvironmentClass, Size

PERIOD_MINUTES: Final = 5
BUSY_PERCENT: Final = 90
GIB: Final = 1024**3


@dataclass(frozen=True, kw_only=True)
class AlarmDefinition:
    """One alarm: a metric of the environment, its statistic over periods, and a threshold.

    It alarms when the metric is ``above`` or below the threshold for ``minutes``. ``title`` names
    what is measured, ``meaning`` says what an alarm of it means. ``silence`` is what missing data
    means; ``dimensions`` come beside the environment's name.
    """

    name: str
    title: str
    meaning: str
    namespace: Literal["AmazonMWAA", "AWS/MWAA"]
    metric: str
    statistic: str
    threshold: float
    minutes: int
    above: bool = True
    silence: Literal["breaching", "notBreaching"] = "notBreaching"
    dimensions: tuple[tuple[str, str], ...] = ()


def connections(database: Size) -> int:
    """The connections that Aurora PostgreSQL takes by default on an instance of this memory."""
    # AWS counts a GiB as 10**9 bytes in its own example of the formula, which is the careful side.
    return min(database.memory_gib * 10**9 // 9531392, 5000)


def alarm_definitions(
    environment_class: EnvironmentClass, *, max_workers: int = 0
) -> tuple[AlarmDefinition, ...]:
    """The alarms of an environment of a class; ``max_workers`` 0 is the class's default."""
    workers = max_workers or environment_class.workers.default
    return (
        AlarmDefinition(
            name="scheduler-heartbeat",
            title="Scheduler heartbeats",
            meaning="No scheduler gives a sign of life: nothing is scheduled.",
            namespace="AmazonMWAA",
            metric="SchedulerHeartbeat",
            statistic="Sum",
            threshold=1,
            minutes=10,
            above=False,
            # A dead scheduler sends nothing at all.
            silence="breaching",
            dimensions=(("Function", "Scheduler"),),
        ),
        *_queue(workers * environment_class.tasks_per_worker),
        *_containers(),
        *_database(environment_class.database),
    )


def _queue(capacity: int) -> tuple[AlarmDefinition, ...]:
    return (
        AlarmDefinition(
            name="oldest-task",
            title="Age of the oldest queued task (seconds)",
            meaning="A queued task has waited half an hour: workers do not keep up or are gone.",
            namespace="AWS/MWAA",
            metric="ApproximateAgeOfOldestTask",
            statistic="Maximum",
            threshold=1800,
            minutes=15,
        ),
        AlarmDefinition(
            name="queued-tasks",
            title="Tasks in the queue",
            meaning=f"More tasks wait than all workers together run at once ({capacity}).",
            namespace="AWS/MWAA",
            metric="QueuedTasks",
            statistic="Maximum",
            threshold=capacity,
            minutes=30,
        ),
    )


def _containers() -> tuple[AlarmDefinition, ...]:
    return tuple(
        AlarmDefinition(
            name=f"{who}-{what}",
            title=f"{'CPU' if what == 'cpu' else 'Memory'} of the {who} (percent)",
            meaning=f"{metric} of the {who} stays above {BUSY_PERCENT} percent.",
            namespace="AWS/MWAA",
            metric=metric,
            statistic="Average",
            threshold=BUSY_PERCENT,
            minutes=15,
            dimensions=(("Cluster", cluster),),
        )
        for who, cluster in (("scheduler", "Scheduler"), ("worker", "BaseWorker"))
        for what, metric in (("cpu", "CPUUtilization"), ("memory", "MemoryUtilization"))
    )


def _database(database: Size) -> tuple[AlarmDefinition, ...]:
    most = connections(database)
    memory = database.memory_gib / 16
    return (
        AlarmDefinition(
            name="database-connections",
            title="Connections to the metadata database",
            meaning=f"Four fifths of the metadata database's {most} connections are taken: new "
            "ones may soon be refused.",
            namespace="AWS/MWAA",
            metric="DatabaseConnections",
            statistic="Maximum",
            threshold=most * 4 // 5,
            minutes=15,
            dimensions=(("DatabaseRole", "WRITER"),),
        ),
        AlarmDefinition(
            name="database-memory",
            title="Free memory of the metadata database (bytes)",
            meaning=f"Less than {memory:g} GiB of memory, a sixteenth, is free in the metadata "
            "database.",
            namespace="AWS/MWAA",
            metric="FreeableMemory",
            statistic="Minimum",
            threshold=memory * GIB,
            minutes=15,
            above=False,
            dimensions=(("DatabaseRole", "WRITER"),),
        ),
    )
