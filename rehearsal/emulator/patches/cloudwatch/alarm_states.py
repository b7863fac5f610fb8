"""CloudWatch: alarms of one metric are evaluated each minute; SetAlarmState holds until then.

moto 5.2.5 keeps every alarm at OK. Evaluated when somebody asks, by the emulated clock; alarms of
metric math, percentiles and anomaly bands are not, and no action is carried out.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from moto.cloudwatch.models import CloudWatchBackend, MetricDatumBase, Statistics
from moto.cloudwatch.responses import CloudWatchResponse

from rehearsal.emulator.patches.cloudwatch.alarm_rules import COMPARISONS, Rule, state_of
from rehearsal.emulator.patches.seam import around
from rehearsal.emulator.world import world

STATISTICS = ("Average", "Maximum", "Minimum", "SampleCount", "Sum")


def apply() -> None:
    """Wrap what reads states, and what sets one."""

    @around(CloudWatchResponse, "describe_alarms")
    def describe(original: Any, response: Any) -> Any:
        _evaluate(response.cloudwatch_backend)
        return original(response)

    @around(CloudWatchResponse, "describe_alarms_for_metric")
    def describe_for_metric(original: Any, response: Any) -> Any:
        _evaluate(response.cloudwatch_backend)
        return original(response)

    @around(CloudWatchBackend, "set_alarm_state")
    def set_state(original: Any, backend: Any, alarm_name: str, *state: Any, **more: Any) -> Any:
        answer = original(backend, alarm_name, *state, **more)
        backend.alarms[alarm_name].evaluated_minute = _minute()
        return answer


def _minute() -> int:
    return int(world().clock.now() // 60)


def _evaluate(backend: Any) -> None:
    minute = _minute()
    for alarm in backend.alarms.values():
        if _is_plain(alarm) and getattr(alarm, "evaluated_minute", None) != minute:
            alarm.evaluated_minute = minute
            _update(alarm, backend.metric_data, minute * 60)


def _is_plain(alarm: Any) -> bool:
    one_metric = alarm.metric_name and not alarm.metric_data_queries and alarm.rule is None
    return bool(one_metric and alarm.statistic in STATISTICS) and (
        alarm.comparison_operator in COMPARISONS
    )


def _update(alarm: Any, data: list[MetricDatumBase], end: int) -> None:
    periods = int(alarm.evaluation_periods)
    rule = Rule(
        comparison=alarm.comparison_operator,
        threshold=float(alarm.threshold),
        periods=periods,
        datapoints=int(alarm.datapoints_to_alarm or periods),
        missing=alarm.treat_missing_data or "missing",
    )
    points = list(_points(alarm, data, end, rule.range))
    state = state_of(rule, points, alarm.state_value)
    if state == alarm.state_value:
        return
    shown = ", ".join("none" if point is None else f"{point:g}" for point in points)
    reason = (
        f"{state}: {rule.datapoints} of {rule.periods} data points must be "
        f"{rule.comparison} {rule.threshold:g}; the last, oldest first: {shown}"
    )
    alarm.update_state(reason, json.dumps({"recentDatapoints": points}), state)
    now = datetime.fromtimestamp(world().clock.now(), UTC)
    alarm.state_updated_timestamp = now.replace(tzinfo=None)


def _points(
    alarm: Any, data: list[MetricDatumBase], end: int, count: int
) -> Iterator[float | None]:
    """The statistic of each period, the last of which ends at ``end``; None where nothing came."""
    period = int(alarm.period)
    wanted = {(one.name, one.value) for one in alarm.dimensions}
    own = [
        one
        for one in data
        if (one.namespace, one.name) == (alarm.namespace, alarm.metric_name)
        and {(each.name, each.value) for each in one.dimensions} == wanted
        and (not alarm.unit or one.unit == alarm.unit)
    ]
    for number in range(count, 0, -1):
        first = end - number * period
        values = Statistics([alarm.statistic], datetime.fromtimestamp(first, UTC))
        values.metric_data = [one for one in own if first <= _seconds(one) < first + period]
        found = values.get_statistics_for_type(alarm.statistic) if values.metric_data else None
        yield None if found is None else float(found)


def _seconds(datum: MetricDatumBase) -> float:
    time = datum.timestamp
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
