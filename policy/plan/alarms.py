"""Reads the alarms of a plan."""

from collections.abc import Iterator, Mapping
from typing import Any

from mwaa.model.platform import UNKNOWN, Alarm, known
from policy.plan.resources import Plan

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


def alarms(plan: Plan) -> Iterator[Alarm]:
    """One record for each metric that an alarm reads."""
    for item in plan.of(ALARM):
        actions = item.get("alarmActions")
        count = len(actions or ()) if known(actions) else UNKNOWN
        queries = item.blocks("metricQueries")
        measured: list[Mapping[str, Any]] = [item.props]
        if known(queries) and queries:
            measured = [q["metric"] for q in queries if isinstance(q.get("metric"), Mapping)]
        for metric in measured:
            dimensions = metric.get("dimensions")
            yield Alarm(
                id=item.arn,
                namespace=metric.get("namespace"),
                metric=metric.get("metricName"),
                dimensions=dict(dimensions or {}) if known(dimensions) else UNKNOWN,
                actions=count,
            )
