"""The newest measurements of an environment."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from mwaa.model.platform import UNKNOWN, Maybe, Metric, known
from ops.live.reader import AwsReader

WINDOW_MINUTES = 20
SETTLING_SECONDS = 1800  # a new environment has not measured itself yet

# Metric, Function of its dimension, statistic:
# https://docs.aws.amazon.com/mwaa/latest/userguide/access-metrics-cw.html
AIRFLOW_METRICS = (
    ("SchedulerHeartbeat", "Scheduler", "Sum"),
    ("CeleryWorkerHeartbeat", "Celery", "Sum"),
    ("ImportErrors", "DAG Processing", "Maximum"),
    ("DagBagSize", "DAG Processing", "Maximum"),
)
# https://docs.aws.amazon.com/mwaa/latest/userguide/accessing-metrics-cw-container-queue-db.html
CLUSTERS = ("Scheduler", "BaseWorker", "AdditionalWorker", "WebServer")
CONTAINER_METRICS = ("CPUUtilization", "MemoryUtilization")
# Of the queue itself: Airflow's executor counts a task as running from when it has sent it.
QUEUE_METRICS = (("QueuedTasks", "Minimum"), ("RunningTasks", "Maximum"))
HEARTBEATS = ("SchedulerHeartbeat", "CeleryWorkerHeartbeat")


def metrics(
    aws: AwsReader, name: str, created: float | None, now: float
) -> Maybe[tuple[Metric, ...]]:
    """The newest value of every metric that a rule asks for, by one call.

    A heartbeat without a value is None, unless the environment is too new to have one.
    """
    asked: list[tuple[str, str, dict[str, str], str]] = [
        ("AmazonMWAA", metric, {"Environment": name, "Function": function}, statistic)
        for metric, function, statistic in AIRFLOW_METRICS
    ]
    asked += [
        ("AWS/MWAA", metric, {"Environment": name, "Cluster": cluster}, "Average")
        for metric in CONTAINER_METRICS
        for cluster in CLUSTERS
    ]
    asked += [
        ("AWS/MWAA", metric, {"Environment": name}, statistic)
        for metric, statistic in QUEUE_METRICS
    ]
    end = datetime.fromtimestamp(now, UTC)
    results = aws.each(
        "cloudwatch",
        "get_metric_data",
        "MetricDataResults",
        StartTime=end - timedelta(minutes=WINDOW_MINUTES),
        EndTime=end,
        ScanBy="TimestampDescending",
        MetricDataQueries=[_query(number, *one) for number, one in enumerate(asked)],
    )
    if not known(results):
        return UNKNOWN
    by_id = {one["Id"]: one for one in results}
    settled = created is None or now - created > SETTLING_SECONDS
    found = []
    for number, (namespace, metric, dimensions, _) in enumerate(asked):
        result = by_id.get(f"m{number}", {})
        values, stamps = result.get("Values", []), result.get("Timestamps", [])
        if values or (metric in HEARTBEATS and settled):
            found.append(
                Metric(
                    namespace=namespace,
                    name=metric,
                    dimensions=dimensions,
                    value=values[0] if values else None,
                    timestamp=stamps[0].timestamp() if stamps else None,
                )
            )
    return tuple(found)


def _query(
    number: int, namespace: str, metric: str, dimensions: Mapping[str, str], statistic: str
) -> dict[str, Any]:
    named = [{"Name": key, "Value": value} for key, value in dimensions.items()]
    return {
        "Id": f"m{number}",
        "MetricStat": {
            "Metric": {"Namespace": namespace, "MetricName": metric, "Dimensions": named},
            "Period": 300,
            "Stat": statistic,
        },
    }
