"""The metrics that an idle environment publishes, one value a minute; where a real Airflow runs
behind it, the metrics are those of that one.

https://docs.aws.amazon.com/mwaa/latest/userguide/access-metrics-cw.html (AmazonMWAA) and
https://docs.aws.amazon.com/mwaa/latest/userguide/accessing-metrics-cw-container-queue-db.html
(AWS/MWAA). They are written when somebody is about to read them, for the time since the last.
"""

from datetime import UTC, datetime
from typing import Any

from rehearsal.emulator.mwaa.environment import Environment
from rehearsal.emulator.world import world

HISTORY_MINUTES = 60
"""What is written at most for the past; an environment is not asked about the day before."""

IDLE: dict[str, tuple[tuple[str, dict[str, str], str, float], ...]] = {
    "AmazonMWAA": (
        ("SchedulerHeartbeat", {"Function": "Scheduler"}, "Count", 12),
        ("CeleryWorkerHeartbeat", {"Function": "Celery"}, "Count", 1),
        ("TotalParseTime", {"Function": "DAG Processing"}, "Seconds", 0.4),
        ("ImportErrors", {"Function": "DAG Processing"}, "Count", 0),
        ("DagBagSize", {"Function": "DAG Processing"}, "Count", 1),
        ("QueuedTasks", {"Function": "Executor"}, "Count", 0),
        ("RunningTasks", {"Function": "Executor"}, "Count", 0),
        ("OpenSlots", {"Function": "Executor"}, "Count", 5),
    ),
    "AWS/MWAA": (
        ("QueuedTasks", {}, "Count", 0),
        ("RunningTasks", {}, "Count", 0),
        ("ApproximateAgeOfOldestTask", {}, "Seconds", 0),
        ("CPUUtilization", {"Cluster": "Scheduler"}, "Percent", 8),
        ("MemoryUtilization", {"Cluster": "Scheduler"}, "Percent", 45),
        ("CPUUtilization", {"Cluster": "BaseWorker"}, "Percent", 3),
        ("MemoryUtilization", {"Cluster": "BaseWorker"}, "Percent", 40),
        ("CPUUtilization", {"Cluster": "WebServer"}, "Percent", 4),
        ("MemoryUtilization", {"Cluster": "WebServer"}, "Percent", 50),
        ("CPUUtilization", {"DatabaseRole": "WRITER"}, "Percent", 6),
        ("DatabaseConnections", {"DatabaseRole": "WRITER"}, "Count", 20),
        ("FreeableMemory", {"DatabaseRole": "WRITER"}, "Bytes", 2 * 1024**3),
    ),
}
"""Namespace -> metric, dimensions beside Environment, unit, value."""

NAMES = frozenset(name for metrics in IDLE.values() for name, *_ in metrics)

RUNNING = ("AVAILABLE", "UPDATING", "UPDATE_FAILED", "CREATING_SNAPSHOT", "MAINTENANCE")


def publish(environment: Environment, now: float) -> None:
    """Write the minutes that have passed since the last call."""
    if environment.runtime:
        environment.metrics_until = now
    if environment.runtime or environment.status not in RUNNING:
        return
    first = max(environment.metrics_until, now - HISTORY_MINUTES * 60)
    minutes = [60 * minute for minute in range(int(first // 60) + 1, int(now // 60) + 1)]
    if environment.metrics_until == 0:
        return
    cloudwatch = world().accounts.client("cloudwatch", environment.account, environment.region)
    for namespace, metrics in IDLE.items():
        data: list[dict[str, Any]] = [
            {
                "MetricName": name,
                "Dimensions": [
                    {"Name": key, "Value": value}
                    for key, value in {"Environment": environment.name, **more}.items()
                ],
                "Timestamp": datetime.fromtimestamp(minute, UTC),
                "Value": environment.measures.get(name, value),
                "Unit": unit,
            }
            for minute in minutes
            for name, more, unit, value in metrics
        ]
        if data:
            cloudwatch.put_metric_data(Namespace=namespace, MetricData=data)
    if minutes:
        environment.metrics_until = minutes[-1]
