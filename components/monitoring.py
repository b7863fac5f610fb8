"""Alarms, a dashboard and the topic that carries the news."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi_aws import cloudwatch, sns

from mwaa import iam_policies
from mwaa.names import Names
from mwaa.service.alarms import PERIOD_MINUTES, AlarmDefinition, alarm_definitions
from mwaa.service.classes import CLASSES
from mwaa.service.dashboard import Chart, Series, charts


@dataclass(frozen=True, kw_only=True)
class MonitoringArgs:
    """What watches the environment, and who hears of it."""

    names: Names
    environment_class: str = "mw1.small"
    """Thresholds follow from its database and its workers. Absent: ``mw1.small``."""
    max_workers: int = 0
    """Most workers of the environment. Absent: the default of its class."""
    alarms: bool = True
    """Whether to make alarms and, without an existing one, a topic. Absent: both are made."""
    dashboard: bool = True
    """Absent: a dashboard is made."""
    existing_topic_arn: pulumi.Input[str] | None = None
    """SNS topic to notify. Absent: one is created."""
    emails: Sequence[str] = ()
    """Addresses subscribed to the created topic; each must confirm. Absent: nobody is notified."""
    key_arn: pulumi.Input[str] | None = None
    """Key of the created topic; its policy must let CloudWatch use it. Absent: no encryption."""
    tags: dict[str, str] = field(default_factory=dict)
    """Absent: no tags."""


class Monitoring(pulumi.ComponentResource):
    """CloudWatch alarms on what stops DAGs, a dashboard of the same metrics, one SNS topic.

    ``topic_arn`` and ``dashboard_name`` are None where neither was asked for; ``alarm_names`` may
    be empty.
    """

    topic_arn: pulumi.Output[str] | None
    dashboard_name: pulumi.Output[str] | None
    alarm_names: list[pulumi.Output[str]]

    def __init__(
        self, name: str, args: MonitoringArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        _refuse_contradictions(args)
        super().__init__("mwaa:components:Monitoring", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        watched = alarm_definitions(CLASSES[args.environment_class], max_workers=args.max_workers)
        self.topic_arn = self._topic() if args.alarms else None
        self.alarm_names = [self._alarm(alarm) for alarm in watched] if args.alarms else []
        self.dashboard_name = self._dashboard(watched) if args.dashboard else None
        self.register_outputs({"topicArn": self.topic_arn, "dashboardName": self.dashboard_name})

    def _topic(self) -> pulumi.Output[str]:
        name, args = self._name, self._args
        if args.existing_topic_arn is not None:
            return pulumi.Output.from_input(args.existing_topic_arn)
        topic = sns.Topic(
            f"{name}-topic",
            name=args.names.alarm_topic,
            kms_master_key_id=args.key_arn,
            tags=args.tags,
            opts=self._child,
        )
        sns.TopicPolicy(
            f"{name}-topic",
            arn=topic.arn,
            policy=pulumi.Output.json_dumps(iam_policies.topic_policy(args.names)),
            opts=self._child,
        )
        for address in args.emails:
            sns.TopicSubscription(
                f"{name}-{address}",
                topic=topic.arn,
                protocol="email",
                endpoint=address,
                opts=self._child,
            )
        # Built from the name: it is known at the first preview, and still waits for the topic.
        return topic.name.apply(lambda _: args.names.alarm_topic_arn)

    def _alarm(self, alarm: AlarmDefinition) -> pulumi.Output[str]:
        assert self.topic_arn is not None
        periods = alarm.minutes // PERIOD_MINUTES
        return cloudwatch.MetricAlarm(
            f"{self._name}-{alarm.name}",
            name=self._args.names.alarm(alarm.name),
            alarm_description=alarm.meaning,
            namespace=alarm.namespace,
            metric_name=alarm.metric,
            dimensions=_dimensions(alarm, self._args.names),
            statistic=alarm.statistic,
            comparison_operator="GreaterThanThreshold" if alarm.above else "LessThanThreshold",
            threshold=alarm.threshold,
            period=PERIOD_MINUTES * 60,
            evaluation_periods=periods,
            datapoints_to_alarm=periods,
            treat_missing_data=alarm.silence,
            alarm_actions=[self.topic_arn],
            ok_actions=[self.topic_arn],
            tags=self._args.tags,
            opts=self._child,
        ).name

    def _dashboard(self, watched: Sequence[AlarmDefinition]) -> pulumi.Output[str]:
        names = self._args.names
        body = {"widgets": [_widget(i, chart, names) for i, chart in enumerate(charts(watched))]}
        return cloudwatch.Dashboard(
            f"{self._name}-dashboard",
            dashboard_name=names.dashboard,
            dashboard_body=json.dumps(body),
            opts=self._child,
        ).dashboard_name


def _dimensions(alarm: AlarmDefinition, names: Names) -> dict[str, str]:
    return {"Environment": names.environment, **dict(alarm.dimensions)}


def _widget(index: int, chart: Chart, names: Names) -> dict[str, Any]:
    """A graph, two side by side on a grid of 24 columns; an alarm's threshold is a line.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
    """
    properties: dict[str, Any] = {
        "title": chart.title,
        "region": names.region,
        "view": "timeSeries",
        "metrics": [_line(series, names) for series in chart.series],
        "period": chart.minutes * 60,
        "yAxis": {"left": {"min": 0, "showUnits": False}},
    }
    if chart.threshold is not None:
        side = "above" if chart.above else "below"
        mark = {"label": f"alarm {side}", "value": chart.threshold, "fill": side}
        properties["annotations"] = {"horizontal": [mark]}
    return {
        "type": "metric",
        "x": 12 * (index % 2),
        "y": 6 * (index // 2),
        "width": 12,
        "height": 6,
        "properties": properties,
    }


def _line(series: Series, names: Names) -> list[Any]:
    dimensions = {"Environment": names.environment, **dict(series.dimensions)}
    shown = {"stat": series.statistic, **({"label": series.label} if series.label else {})}
    return [
        series.namespace,
        series.metric,
        *(part for pair in dimensions.items() for part in pair),
        shown,
    ]


def _refuse_contradictions(args: MonitoringArgs) -> None:
    if args.existing_topic_arn is not None and args.emails:
        raise pulumi.RunError(
            "Monitoring: `emails` given with `existing_topic_arn`; the owner of an existing topic "
            "decides who subscribes to it. Remove one of the two."
        )
    if not args.alarms and (args.existing_topic_arn is not None or args.emails):
        raise pulumi.RunError(
            "Monitoring: `existing_topic_arn` or `emails` given with `alarms` off; nothing would "
            "ever be sent. Switch `alarms` on or remove them."
        )
