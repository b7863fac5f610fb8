"""Airflow's StatsD metrics, as MWAA names them in CloudWatch.

MWAA publishes under its own names and dimensions in the namespace ``AmazonMWAA``; what its guide
does not list is not published. Guide: https://docs.aws.amazon.com/mwaa/latest/userguide/access-metrics-cw.html;
Airflow's names: https://airflow.apache.org/docs/apache-airflow/stable/administration-and-deployment/logging-monitoring/metrics.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

NAMESPACE = "AmazonMWAA"

SCHEDULER = {"Function": "Scheduler"}
PROCESSING = {"Function": "DAG Processing"}
EXECUTOR = {"Function": "Executor"}
CELERY = {"Function": "Celery"}
TRIGGER = {"Function": "Trigger"}
ALL = {"DAG": "All", "Task": "All"}

# Airflow's name -> MWAA's, and its dimensions.
PUBLISHED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "scheduler_heartbeat": ("SchedulerHeartbeat", SCHEDULER),
    "scheduler.critical_section_busy": ("CriticalSectionBusy", SCHEDULER),
    "scheduler.critical_section_duration": ("CriticalSectionDuration", SCHEDULER),
    "scheduler.scheduler_loop_duration": ("SchedulerLoopDuration", SCHEDULER),
    "scheduler.orphaned_tasks.adopted": ("OrphanedTasksAdopted", SCHEDULER),
    "scheduler.orphaned_tasks.cleared": ("OrphanedTasksCleared", SCHEDULER),
    "scheduler.tasks.executable": ("TasksExecutable", SCHEDULER),
    "scheduler.tasks.starving": ("TasksStarving", SCHEDULER),
    "scheduler.tasks.killed_externally": ("TasksKilledExternally", SCHEDULER),
    "executor.open_slots": ("OpenSlots", EXECUTOR),
    "executor.queued_tasks": ("QueuedTasks", EXECUTOR),
    "executor.running_tasks": ("RunningTasks", EXECUTOR),
    "celery.task_timeout_error": ("CeleryTaskTimeoutError", CELERY),
    "celery.execute_command.failure": ("FailedCeleryTaskExecution", CELERY),
    "collect_db_dags": ("CollectDBDags", PROCESSING),
    "dagbag_size": ("DagBagSize", PROCESSING),
    "dag_processing.import_errors": ("ImportErrors", PROCESSING),
    "dag_processing.manager_stalls": ("ManagerStalls", PROCESSING),
    "dag_processing.other_callback_count": ("OtherCallbackCount", PROCESSING),
    "dag_processing.processes": ("Processes", PROCESSING),
    "dag_processing.processor_timeouts": ("ProcessorTimeouts", PROCESSING),
    "dag_processing.total_parse_time": ("TotalParseTime", PROCESSING),
    "dag_processing.file_path_queue_update_count": ("FilePathQueueUpdateCount", SCHEDULER),
    "triggers.blocked_main_thread": ("TriggersBlockedMainThread", TRIGGER),
    "triggers.failed": ("TriggersFailed", TRIGGER),
    "triggers.succeeded": ("TriggersSucceeded", TRIGGER),
    "ti_failures": ("TaskInstanceFailures", ALL),
    "ti_successes": ("TaskInstanceSuccesses", ALL),
    "previously_succeeded": ("TaskInstancePreviouslySucceeded", ALL),
    "zombies_killed": ("ZombiesKilled", ALL),
}

# A pattern's groups are the values of the dimensions, in order.
_PATTERNS: tuple[tuple[re.Pattern[str], str, tuple[str, ...]], ...] = tuple(
    (re.compile(pattern), name, dimensions)
    for pattern, name, dimensions in (
        (r"(.+Job)_start", "JobStart", ("Job",)),
        (r"(.+Job)_end", "JobEnd", ("Job",)),
        (r"(.+)_heartbeat_failure", "JobHeartbeatFailure", ("Job",)),
        (r"operator_failures_(.+)", "OperatorFailures", ("Operator",)),
        (r"operator_successes_(.+)", "OperatorSuccesses", ("Operator",)),
        (r"task_instance_created[-_](.+)", "TaskInstanceCreatedUsingOperator", ("Operator",)),
        (r"task_removed_from_dag\.(.+)", "TaskRemovedFromDAG", ("DAG",)),
        (r"task_restored_to_dag\.(.+)", "TaskRestoredToDAG", ("DAG",)),
        (r"ti\.start\.([^.]+)\.(.+)", "StartedTaskInstances", ("DAG", "Task")),
        (r"ti\.finish\.([^.]+)\.(.+)\.(\w+)", "TaskInstanceFinished", ("DAG", "Task", "State")),
        (r"dag\.([^.]+)\.(.+)\.duration", "TaskInstanceDuration", ("DAG", "Task")),
        (r"dag\.([^.]+)\.(.+)\.queued_duration", "TaskInstanceQueuedDuration", ("DAG", "Task")),
        (r"dagrun\.dependency-check\.(.+)", "DAGDependencyCheck", ("DAG",)),
        (r"dagrun\.duration\.success\.(.+)", "DAGDurationSuccess", ("DAG",)),
        (r"dagrun\.duration\.failed\.(.+)", "DAGDurationFailed", ("DAG",)),
        (r"dagrun\.schedule_delay\.(.+)", "DAGScheduleDelay", ("DAG",)),
        (r"dagrun\.(.+)\.first_task_scheduling_delay", "FirstTaskSchedulingDelay", ("DAG",)),
        (r"dag_processing\.last_duration\.(.+)", "DAGFileProcessingLastDuration", ("DAG",)),
        (r"pool\.open_slots\.(.+)", "PoolOpenSlots", ("Pool",)),
        (r"pool\.queued_slots\.(.+)", "PoolQueuedSlots", ("Pool",)),
        (r"pool\.running_slots\.(.+)", "PoolRunningSlots", ("Pool",)),
        (r"pool\.starving_tasks\.(.+)", "PoolStarvingTasks", ("Pool",)),
        (r"triggers\.running\.(.+)", "TriggersRunning", ("Trigger",)),
    )
)
_UNITS = {"c": "Count", "g": "Count", "ms": "Milliseconds"}


@dataclass(frozen=True)
class Metric:
    """One value, ready for PutMetricData; ``adds`` for a counter, whose values are summed."""

    name: str
    dimensions: tuple[tuple[str, str], ...]
    unit: str
    value: float
    adds: bool = False

    @property
    def series(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """What makes it one metric of CloudWatch."""
        return self.name, self.dimensions


def read(packet: str) -> Iterable[Metric]:
    """The metrics of a StatsD packet: lines ``airflow.<name>:<value>|<kind>``."""
    for line in packet.splitlines():
        name, _, rest = line.rpartition(":")
        value, _, kind = rest.partition("|")
        named = translate(name.partition("#")[0].partition(",")[0].removeprefix("airflow."))
        kind = kind.partition("|")[0]
        if named is None or kind not in _UNITS:
            continue
        try:
            number = float(value)
        except ValueError:
            continue
        if kind == "c" and number == 0:
            continue  # Airflow begins every state of a task with a count of nothing
        unit = "Seconds" if named[0] == "TotalParseTime" else _UNITS[kind]
        yield Metric(named[0], tuple(sorted(named[1].items())), unit, number, kind == "c")


def translate(name: str) -> tuple[str, Mapping[str, str]] | None:
    """MWAA's name and dimensions for one of Airflow's; None for one that MWAA does not publish."""
    if name in PUBLISHED:
        return PUBLISHED[name]
    for pattern, metric, dimensions in _PATTERNS:
        matched = pattern.fullmatch(name)
        if matched:
            return metric, dict(zip(dimensions, matched.groups(), strict=True))
    return None


def merged(metrics: Iterable[Metric]) -> list[Metric]:
    """One value per metric: counters are summed, of the others the last one counts."""
    found: dict[tuple[str, tuple[tuple[str, str], ...]], Metric] = {}
    for metric in metrics:
        before = found.get(metric.series)
        if metric.adds and before:
            total = before.value + metric.value
            metric = Metric(metric.name, metric.dimensions, metric.unit, total, True)
        found[metric.series] = metric
    return list(found.values())
