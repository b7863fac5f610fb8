"""The alarms that watch an environment."""

from mwaa.model.platform import UNKNOWN, Alarm, Maybe, known
from ops.live.reader import AwsReader


def alarms(aws: AwsReader, name: str) -> Maybe[tuple[Alarm, ...]]:
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
