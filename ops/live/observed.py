"""The key, the log groups, the alarms and the newest measurements of an environment."""

from collections.abc import Mapping
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from typing import Any

from mwaa.model.platform import Alarm, Grant, Key, LogGroup, Metric, known
from mwaa.model.unknown import UNKNOWN
from mwaa.names import meant_log_group
from ops.live.reader import AwsReader, member
from ops.live.storage import document

WINDOW_MINUTES = 20
SETTLING_SECONDS = 1800  # a new environment has not measured itself yet

# Metric, Function of its dimension, statistic:
# https://docs.aws.amazon.com/mwaa/latest/userguide/access-metrics-cw.html
AIRFLOW_METRICS = (
    ("SchedulerHeartbeat", "Scheduler", "Sum"),
    ("CeleryWorkerHeartbeat", "Celery", "Sum"),
    ("ImportErrors", "DAG Processing", "Maximum"),
    ("DagBagSize", "DAG Processing", "Maximum"),
    ("QueuedTasks", "Executor", "Minimum"),
    ("RunningTasks", "Executor", "Maximum"),
)
# https://docs.aws.amazon.com/mwaa/latest/userguide/accessing-metrics-cw-container-queue-db.html
CLUSTERS = ("Scheduler", "BaseWorker", "AdditionalWorker", "WebServer")
CONTAINER_METRICS = ("CPUUtilization", "MemoryUtilization")
HEARTBEATS = ("SchedulerHeartbeat", "CeleryWorkerHeartbeat")


def key(aws: AwsReader, arn: str | None, pool: Executor) -> Any:
    """The environment's key; None for the key that AWS owns, and for one that is gone."""
    if not arn:
        return None
    described = member(
        aws.call("kms", "describe_key", ("NotFoundException",), KeyId=arn), "KeyMetadata"
    )
    if not known(described) or described is None:
        return described
    rotation = pool.submit(
        aws.call, "kms", "get_key_rotation_status", ("UnsupportedOperationException",), KeyId=arn
    ).result
    policy = pool.submit(aws.call, "kms", "get_key_policy", KeyId=arn, PolicyName="default").result
    grants = aws.each("kms", "list_grants", "Grants", KeyId=arn)
    rotates = member(rotation(), "KeyRotationEnabled")
    return Key(
        id=described["Arn"],
        arn=described["Arn"],
        state=described["KeyState"],
        usage=described.get("KeyUsage", "ENCRYPT_DECRYPT"),
        spec=described.get("KeySpec", "SYMMETRIC_DEFAULT"),
        manager=described.get("KeyManager", "CUSTOMER"),
        multi_region=described.get("MultiRegion", False),
        rotation=False if rotates is None else rotates,
        # KMS tells the days only of a key that is already being deleted.
        deletion_window=described.get("PendingDeletionWindowInDays", UNKNOWN),
        policy=document(member(policy(), "Policy")),
        grants=tuple(_grant(one) for one in grants) if known(grants) else grants,
    )


def _grant(item: Mapping[str, Any]) -> Grant:
    return Grant(
        name=item.get("Name"),
        grantee=item.get("GranteePrincipal", ""),
        operations=tuple(item.get("Operations", [])),
    )


def log_groups(aws: AwsReader, name: str, pool: Executor) -> Any:
    """The environment's five log groups, those that exist, with their newest events, and groups
    that are nearly named like them."""
    prefix = f"airflow-{name}-"
    items = aws.each("logs", "describe_log_groups", "logGroups", logGroupNamePrefix=prefix)
    if not known(items):
        return UNKNOWN
    # The prefix also finds the groups of an environment whose name goes on: prod and prod-2.
    ours = [one for one in items if meant_log_group(name, one["logGroupName"])]
    return tuple(pool.map(lambda one: _log_group(aws, one), ours))


def _log_group(aws: AwsReader, item: Mapping[str, Any]) -> LogGroup:
    newest = aws.call(
        "logs",
        "describe_log_streams",
        all_pages=False,
        logGroupName=item["logGroupName"],
        orderBy="LastEventTime",
        descending=True,
        limit=1,
    )
    streams = member(newest, "logStreams")
    last: Any = UNKNOWN
    if known(streams):
        stamps = [one.get("lastEventTimestamp") for one in streams or ()]
        last = next((stamp / 1000 for stamp in stamps if stamp), None)
    return LogGroup(
        id=item["logGroupName"],
        name=item["logGroupName"],
        arn=item["arn"].removesuffix(":*"),
        retention_days=item.get("retentionInDays"),
        key=item.get("kmsKeyId"),
        last_event=last,
    )


def alarms(aws: AwsReader, name: str) -> Any:
    """The alarms that watch this environment: one record for each metric that an alarm reads."""
    items = aws.each("cloudwatch", "describe_alarms", "MetricAlarms", AlarmTypes=["MetricAlarm"])
    if not known(items):
        return UNKNOWN
    found = []
    for one in items:
        queries = [q["MetricStat"]["Metric"] for q in one.get("Metrics", []) if "MetricStat" in q]
        for metric in queries or [one]:
            dimensions = {each["Name"]: each["Value"] for each in metric.get("Dimensions", [])}
            if name in dimensions.values():
                found.append(
                    Alarm(
                        id=one["AlarmArn"],
                        namespace=metric.get("Namespace"),
                        metric=metric.get("MetricName"),
                        dimensions=dimensions,
                        actions=len(one.get("AlarmActions", [])),
                    )
                )
    return tuple(found)


def metrics(aws: AwsReader, name: str, created: float | None, now: float) -> Any:
    """The newest value of every metric that a rule asks for, by one call.

    A heartbeat without a value is told as None, unless the environment is too new to have one.
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
