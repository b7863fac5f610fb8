"""The alarms of the program, made by the API."""

from __future__ import annotations

from typing import Any

from mwaa.service.alarms import alarm_definitions
from mwaa.service.classes import CLASSES
from tests.rehearsal.emulator.platforms.customer import Customer


def put_alarm(customer: Customer, name: str, **changes: Any) -> None:
    """An alarm of the program, as its component makes it."""
    (one,) = [each for each in alarm_definitions(CLASSES["mw1.small"]) if each.name == name]
    dimensions = {"Environment": customer.names.environment, **dict(one.dimensions)}
    alarm = {
        "AlarmName": name,
        "Namespace": one.namespace,
        "MetricName": one.metric,
        "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
        "Statistic": one.statistic,
        "ComparisonOperator": "GreaterThanThreshold" if one.above else "LessThanThreshold",
        "Threshold": one.threshold,
        "Period": 300,
        "EvaluationPeriods": one.minutes // 5,
        "DatapointsToAlarm": one.minutes // 5,
        "TreatMissingData": one.silence,
    }
    customer.client("cloudwatch").put_metric_alarm(**(alarm | changes))
