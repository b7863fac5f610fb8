"""CloudWatch: alarms of one metric are evaluated each minute; SetAlarmState holds until then.

moto 5.2.5 keeps every alarm at OK, tells nobody, and takes topics of any region. Evaluated with the
first request of a minute of the emulated clock; a change of the state goes to the SNS topics of the
alarm's actions. Other actions, and alarms of metric math, percentiles and anomaly bands, are left
alone.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html (read
2026-11-27)
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, cast

from botocore.exceptions import ClientError
from moto.cloudwatch.exceptions import ValidationError
from moto.cloudwatch.models import (
    CloudWatchBackend,
    MetricDatumBase,
    Statistics,
    cloudwatch_backends,
)

from rehearsal.emulator.patches.cloudwatch.alarm_rules import COMPARISONS, Rule, state_of
from rehearsal.emulator.patches.seam import around
from rehearsal.emulator.world import world

STATISTICS = ("Average", "Maximum", "Minimum", "SampleCount", "Sum")


ACTIONS = {
    "OK": "ok_actions",
    "ALARM": "alarm_actions",
    "INSUFFICIENT_DATA": "insufficient_data_actions",
}


def apply() -> None:
    """Wrap what sets a state, and what makes an alarm, which waits for its first evaluation."""

    @around(CloudWatchBackend, "put_metric_alarm")
    def put(original: Any, backend: Any, *alarm: Any, **more: Any) -> Any:
        _refuse_far(backend, more)
        made = original(backend, *alarm, **more)
        made.evaluated_minute = _minute()
        return made

    @around(CloudWatchBackend, "set_alarm_state")
    def set_state(original: Any, backend: Any, alarm_name: str, *state: Any, **more: Any) -> Any:
        alarm = backend.alarms.get(alarm_name)
        before = alarm.state_value if alarm else None
        answer = original(backend, alarm_name, *state, **more)
        alarm.evaluated_minute = _minute()
        if alarm.state_value != before:
            _act(backend, alarm, before)
        return answer


def _refuse_far(backend: Any, alarm: dict[str, Any]) -> None:
    """An action lies where its alarm does. The words are CloudWatch's own:
    https://github.com/cds-snc/notification-terraform/pull/128 and
    https://github.com/aws-samples/amazon-cloudwatch-auto-alarms/issues/61 (read 2026-11-27)"""
    for actions in ACTIONS.values():
        for arn in alarm.get(actions) or ():
            _, partition, _, region = [*arn.split(":"), "", "", ""][:4]
            for what, given, own in (
                ("partition", partition, backend.partition),
                ("region", region, backend.region_name),
            ):
                if given != own:
                    raise ValidationError(
                        f"Invalid {what} {given} specified. Only {own} is supported."
                    )


def due() -> list[tuple[Any, Any]]:
    """The alarms that were not evaluated in this minute, with their backends."""
    minute = _minute()
    return [
        (backend, alarm)
        for _, _, backend in cloudwatch_backends.iter_backends()
        for alarm in cast(CloudWatchBackend, backend).alarms.values()
        if getattr(alarm, "evaluated_minute", None) != minute and _is_plain(alarm)
    ]


def evaluate(found: list[tuple[Any, Any]]) -> None:
    """Bring these alarms up to date, and carry out the actions of those whose state changes."""
    for backend, alarm in found:
        alarm.evaluated_minute = _minute()
        before = alarm.state_value
        _update(alarm, backend.metric_data, _minute() * 60)
        if alarm.state_value != before:
            _act(backend, alarm, before)


def _minute() -> int:
    return int(world().clock.now() // 60)


def _act(backend: Any, alarm: Any, before: str | None) -> None:
    """Publish the change to the alarm's topics; a topic that is gone is no error, as on AWS."""
    wanted = getattr(alarm, ACTIONS[alarm.state_value], None) or ()
    topics = [arn for arn in wanted if ":sns:" in arn]
    if not alarm.actions_enabled or not topics:
        return
    message = {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": backend.account_id,
        "NewStateValue": alarm.state_value,
        "NewStateReason": alarm.state_reason,
        "StateChangeTime": alarm.state_updated_timestamp.isoformat(),
        "AlarmArn": alarm.alarm_arn,
        "OldStateValue": before,
    }
    sns = world().accounts.client("sns", backend.account_id, backend.region_name)
    subject = f'{alarm.state_value}: "{alarm.name}" in {backend.region_name}'[:100]
    for topic in topics:
        with suppress(ClientError):
            sns.publish(TopicArn=topic, Subject=subject, Message=json.dumps(message))


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
