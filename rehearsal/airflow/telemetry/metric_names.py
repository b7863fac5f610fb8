"""Airflow's StatsD metrics, as MWAA names them in CloudWatch.

MWAA publishes under its own names and dimensions in the namespace ``AmazonMWAA``; what its guide
does not list is not published. Guide, read 2026-11-27:
https://docs.aws.amazon.com/mwaa/latest/userguide/access-metrics-cw.html. Airflow's names are those
of 2.10.3 to 3.2.1, which write ``task.cpu_usage`` where the guide has ``cpu.usage``. Left out are
smart sensors and ``scheduler.tasks.pending``, which no supported version has.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

NAMESPACE: Final = "AmazonMWAA"

FUNCTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "Scheduler": {
        "scheduler_heartbeat": "SchedulerHeartbeat",
        "scheduler.critical_section_busy": "CriticalSectionBusy",
        "scheduler.critical_section_duration": "CriticalSectionDuration",
        "scheduler.critical_section_query_duration": "CriticalSectionQueryDuration",
        "scheduler.scheduler_loop_duration": "SchedulerLoopDuration",
        "scheduler.orphaned_tasks.adopted": "OrphanedTasksAdopted",
        "scheduler.orphaned_tasks.cleared": "OrphanedTasksCleared",
        "scheduler.tasks.executable": "TasksExecutable",
        "scheduler.tasks.running": "TasksRunning",
        "scheduler.tasks.starving": "TasksStarving",
        "scheduler.tasks.without_dagrun": "TasksWithoutDagRun",
        "scheduler.tasks.killed_externally": "TasksKilledExternally",
        "dag_processing.file_path_queue_update_count": "FilePathQueueUpdateCount",
        "dag_processing.other_callback_count": "OtherCallbackCount",
        "dag_processing.sla_callback_count": "SlaCallbackCount",
        "dataset.orphaned": "Orphaned",
        "dataset.triggered_dagruns": "TriggeredDagRuns",
        "dataset.updates": "Updates",
        "sla_callback_notification_failure": "FailedSLACallback",
        "sla_email_notification_failure": "FailedSLAEmailAttempts",
        "sla_missed": "SLAMissed",
    },
    "DAG Processing": {
        "collect_db_dags": "CollectDBDags",
        "dag_file_refresh_error": "DAGFileRefreshError",
        "dag_processing.import_errors": "ImportErrors",
        "dag_processing.manager_stalls": "ManagerStalls",
        "dag_processing.processes": "Processes",
        "dag_processing.processor_timeouts": "ProcessorTimeouts",
        "dag_processing.total_parse_time": "TotalParseTime",
        "dagbag_size": "DagBagSize",
    },
    "Executor": {
        "executor.open_slots": "OpenSlots",
        "executor.queued_tasks": "QueuedTasks",
        "executor.running_tasks": "RunningTasks",
    },
    "Celery": {
        "celery.execute_command.failure": "FailedCeleryTaskExecution",
        "celery.task_timeout_error": "TaskTimeoutError",
    },
    "Trigger": {
        "triggers.blocked_main_thread": "TriggersBlockedMainThread",
        "triggers.failed": "TriggersFailed",
        "triggers.succeeded": "TriggersSucceeded",
        "triggers.running.{HostName}": "TriggersRunning",
    },
    "Triggerer": {"triggerer_heartbeat": "TriggerHeartbeat"},
}
"""The value of the dimension ``Function`` -> Airflow's name -> MWAA's; what stands in braces is the
value of a further dimension."""

WHOLE: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "dag.callback_exceptions": ("DagCallbackExceptions", {"DAG": "All"}),
    "job_end": ("JobEnd", {"Job": "Job"}),
    "job_heartbeat_failure": ("JobHeartbeatFailure", {"Job": "Job"}),
    "job_start": ("JobStart", {"Job": "Job"}),
    "previously_succeeded": ("TaskInstancePreviouslySucceeded", {"DAG": "All", "Task": "All"}),
    "ti_failures": ("TaskInstanceFailures", {"DAG": "All", "Task": "All"}),
    "ti_successes": ("TaskInstanceSuccesses", {"DAG": "All", "Task": "All"}),
    "zombies_killed": ("ZombiesKilled", {"DAG": "All", "Task": "All"}),
}
"""Airflow's name -> MWAA's, and all its dimensions."""

STARTED: Final = ("StartedTaskInstances", {"DAG": "All", "Task": "All"})
"""``ti.start.<dag>.<task>``: of all DAGs and tasks together, whichever Airflow names."""

NAMED: Final[Mapping[str, str]] = {
    "cpu.usage.{DAG}.{Task}": "TaskCpuUsage",
    "mem.usage.{DAG}.{Task}": "TaskMemoryUsage",
    "task.cpu_usage.{DAG}.{Task}": "TaskCpuUsage",
    "task.mem_usage.{DAG}.{Task}": "TaskMemoryUsage",
    "dag.{DAG}.{Task}.duration": "TaskInstanceDuration",
    "dag.{DAG}.{Task}.queued_duration": "TaskInstanceQueuedDuration",
    "dag.{DAG}.{Task}.scheduled_duration": "TaskInstanceScheduledDuration",
    "dag_processing.last_duration.{DAG Filename}": "DAGFileProcessingLastDuration",
    "dag_processing.last_num_of_db_queries.{DAG Filename}": "DAGFileProcessingLastNumOfDbQueries",
    "dag_processing.last_run.seconds_ago.{DAG Filename}": "DAGFileProcessingLastRunSecondsAgo",
    "dagrun.dependency-check.{DAG}": "DAGDependencyCheck",
    "dagrun.duration.failed.{DAG}": "DAGDurationFailed",
    "dagrun.duration.success.{DAG}": "DAGDurationSuccess",
    "dagrun.schedule_delay.{DAG}": "DAGScheduleDelay",
    "dagrun.{DAG}.first_task_scheduling_delay": "FirstTaskSchedulingDelay",
    "operator_failures_{Operator}": "OperatorFailures",
    "operator_successes_{Operator}": "OperatorSuccesses",
    "pool.deferred_slots.{Pool}": "PoolDeferredSlots",
    "pool.open_slots.{Pool}": "PoolOpenSlots",
    "pool.queued_slots.{Pool}": "PoolQueuedSlots",
    "pool.running_slots.{Pool}": "PoolRunningSlots",
    "pool.scheduled_slots.{Pool}": "PoolScheduledSlots",
    "pool.starving_tasks.{Pool}": "PoolStarvingTasks",
    "task_instance_created-{Operator}": "TaskInstanceCreatedUsingOperator",
    "task_instance_created_{Operator}": "TaskInstanceCreatedUsingOperator",
    "task_removed_from_dag.{DAG}": "TaskRemovedFromDAG",
    "task_restored_to_dag.{DAG}": "TaskRestoredToDAG",
    "ti.finish.{DAG}.{Task}.{State}": "TaskInstanceFinished",
}
"""Airflow's name, whose braces hold the values of the dimensions they name -> MWAA's."""

UNITS: Final[Mapping[str, str]] = {
    "DAGFileProcessingLastDuration": "Seconds",
    "DAGFileProcessingLastRunSecondsAgo": "Seconds",
    "TaskCpuUsage": "Percent",
    "TaskMemoryUsage": "Percent",
    "TotalParseTime": "Seconds",
}
"""MWAA's name -> its unit, where that is not the one of the StatsD type."""

_BRACES = re.compile(r"\{([^}]+)\}")


def translate(name: str) -> tuple[str, Mapping[str, str]] | None:
    """MWAA's name and dimensions for one of Airflow's; None for one that MWAA does not publish."""
    if name in PUBLISHED:
        return PUBLISHED[name]
    if name.startswith("ti.start."):
        return STARTED
    for pattern, dimensions, metric, function in _PATTERNS:
        matched = pattern.fullmatch(name)
        if matched:
            return metric, {**function, **dict(zip(dimensions, matched.groups(), strict=True))}
    return None


def _pattern(template: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """A DAG's id ends at the next dot where a task follows, as no metric tells them apart."""
    # Odd parts are what stood in braces.
    parts = _BRACES.split(template)
    dimensions = tuple(parts[1::2])
    values = {"State": r"(\w+)", "DAG": r"([^.]+)" if "Task" in dimensions else "(.+)"}
    texts = [
        values.get(part, "(.+)") if number % 2 else re.escape(part)
        for number, part in enumerate(parts)
    ]
    return re.compile("".join(texts)), dimensions


PUBLISHED: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    **WHOLE,
    **{
        name: (metric, {"Function": function})
        for function, metrics in FUNCTIONS.items()
        for name, metric in metrics.items()
        if "{" not in name
    },
}
"""Everything whose name does not vary."""

_PATTERNS: Final = tuple(
    (*_pattern(template), metric, function)
    for function, metrics in (
        ({}, NAMED),
        *(({"Function": name}, metrics) for name, metrics in FUNCTIONS.items()),
    )
    for template, metric in metrics.items()
    if "{" in template
)
