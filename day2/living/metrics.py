"""What CloudWatch measured of an environment, in one call.

Names: https://docs.aws.amazon.com/mwaa/latest/userguide/accessing-metrics-cw.html and
https://docs.aws.amazon.com/mwaa/latest/userguide/accessing-metrics-cw-container-queue-db.html
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from day2.living.reader import AwsReader
from mwaa.maybe import UNKNOWN, Unknown
from mwaa.subject import Metric

AIRFLOW = {
    "SchedulerHeartbeat": "Scheduler",
    "CeleryWorkerHeartbeat": "Celery",
    "DagBagSize": "DAG Processing",
    "ImportErrors": "DAG Processing",
    "QueuedTasks": "Executor",
    "RunningTasks": "Executor",
}
CLUSTERS = ("Scheduler", "BaseWorker", "AdditionalWorker", "WebServer")
MINUTES = 20  # what is older says nothing about now


# A create takes up to thirty minutes, and then the first measurements are on their way.
YOUNG = timedelta(hours=1)


def read(aws: AwsReader, name: str, created: datetime | None = None) -> Any:
    """The newest value of each metric; ``value`` None where nothing was measured lately.

    What a young environment (by its time of creation) has not measured is left out: silence says
    nothing about it yet.
    """
    asked: list[tuple[str, str, dict[str, str], str]] = [
        ("AmazonMWAA", metric, {"Environment": name, "Function": function}, "Maximum")
        for metric, function in AIRFLOW.items()
    ]
    asked += [
        ("AWS/MWAA", metric, {"Environment": name, "Cluster": cluster}, "Average")
        for metric in ("CPUUtilization", "MemoryUtilization")
        for cluster in CLUSTERS
    ]
    now = datetime.now(UTC)
    results = aws.each(
        *("cloudwatch", "get_metric_data", "MetricDataResults"),
        StartTime=now - timedelta(minutes=MINUTES),
        EndTime=now,
        ScanBy="TimestampDescending",
        MetricDataQueries=[
            {
                "Id": f"q{place}",
                "MetricStat": {
                    "Metric": {
                        "Namespace": namespace,
                        "MetricName": metric,
                        "Dimensions": [
                            {"Name": key, "Value": value} for key, value in dimensions.items()
                        ],
                    },
                    "Period": 60,
                    "Stat": statistic,
                },
            }
            for place, (namespace, metric, dimensions, statistic) in enumerate(asked)
        ],
    )
    if isinstance(results, Unknown):
        return UNKNOWN
    values = {one["Id"]: one for one in results}
    is_young = created is not None and now - created < YOUNG
    found: list[Metric] = []
    for place, (namespace, metric, dimensions, _) in enumerate(asked):
        one = values.get(f"q{place}", {})
        measured = one.get("Values") or []
        times = one.get("Timestamps") or []
        if is_young and not measured:
            continue
        found.append(
            Metric(
                namespace=namespace,
                name=metric,
                dimensions=dimensions,
                value=measured[0] if measured else None,
                timestamp=times[0].timestamp() if times else None,
            )
        )
    return tuple(found)
