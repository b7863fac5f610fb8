"""Alarms, dashboard and topic."""

from typing import Any

import pulumi
import pytest

from components.monitoring import Monitoring, MonitoringArgs
from mwaa import iam_policies
from mwaa.names import Names
from mwaa.service.alarms import alarm_definitions
from mwaa.service.classes import CLASSES

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
TOPIC = "aws:sns/topic:Topic"
DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
SIGNALS = alarm_definitions(CLASSES["mw1.small"])


def monitoring(names: Names, **args: Any) -> Monitoring:
    return Monitoring("mon", MonitoringArgs(names=names, **args))


def test_what_stops_dags_is_watched(build: Any, names: Names) -> None:
    made = build(lambda: monitoring(names))
    watched = {
        (a.inputs["namespace"], a.inputs["metricName"], *sorted(a.inputs["dimensions"].items()))
        for a in made.of(ALARM)
    }
    environment = ("Environment", "orders")
    assert watched == {
        ("AmazonMWAA", "SchedulerHeartbeat", environment, ("Function", "Scheduler")),
        ("AWS/MWAA", "ApproximateAgeOfOldestTask", environment),
        ("AWS/MWAA", "QueuedTasks", environment),
        ("AWS/MWAA", "CPUUtilization", ("Cluster", "Scheduler"), environment),
        ("AWS/MWAA", "MemoryUtilization", ("Cluster", "Scheduler"), environment),
        ("AWS/MWAA", "CPUUtilization", ("Cluster", "BaseWorker"), environment),
        ("AWS/MWAA", "MemoryUtilization", ("Cluster", "BaseWorker"), environment),
        ("AWS/MWAA", "DatabaseConnections", ("DatabaseRole", "WRITER"), environment),
        ("AWS/MWAA", "FreeableMemory", ("DatabaseRole", "WRITER"), environment),
    }


def test_silence_of_the_scheduler_is_an_alarm(build: Any, names: Names) -> None:
    alarm = build(lambda: monitoring(names)).one(ALARM, "mon-scheduler-heartbeat").inputs
    assert alarm["treatMissingData"] == "breaching"
    assert (alarm["comparisonOperator"], alarm["threshold"]) == ("LessThanThreshold", 1)


def test_every_alarm_speaks_and_says_when_it_is_over(build: Any, names: Names) -> None:
    made = build(lambda: monitoring(names))
    for alarm in made.of(ALARM):
        assert alarm.inputs["alarmActions"] == alarm.inputs["okActions"]
        assert alarm.inputs["alarmActions"] == [names.alarm_topic_arn]
        assert alarm.inputs["evaluationPeriods"] * alarm.inputs["period"] >= 600
    assert {a.inputs["name"] for a in made.of(ALARM)} == {names.alarm(s.name) for s in SIGNALS}


def test_the_topic_is_encrypted_and_only_alarms_publish(build: Any, names: Names) -> None:
    made = build(lambda: monitoring(names, key_arn="arn:key", emails=["ops@example.com"]))
    topic = made.one(TOPIC).inputs
    assert (topic["name"], topic["kmsMasterKeyId"]) == (names.alarm_topic, "arn:key")
    policy = made.one("aws:sns/topicPolicy:TopicPolicy")
    assert policy.document("policy") == iam_policies.topic_policy(names)
    subscription = made.one("aws:sns/topicSubscription:TopicSubscription").inputs
    assert (subscription["protocol"], subscription["endpoint"]) == ("email", "ops@example.com")


def test_an_existing_topic_is_notified(build: Any, names: Names) -> None:
    made = build(lambda: monitoring(names, existing_topic_arn="arn:topic"))
    assert not made.of(TOPIC)
    assert {tuple(a.inputs["alarmActions"]) for a in made.of(ALARM)} == {("arn:topic",)}


def test_the_dashboard_shows_how_much_works_and_every_alarm(build: Any, names: Names) -> None:
    board = build(lambda: monitoring(names)).one(DASHBOARD)
    widgets = board.document("dashboardBody")["widgets"]
    assert board.inputs["dashboardName"] == names.dashboard
    assert len({(w["x"], w["y"]) for w in widgets}) == len(widgets)
    assert all(w["properties"]["region"] == names.region for w in widgets)
    lines = {
        (line[0], line[1], *sorted(zip(line[2:-1:2], line[3:-1:2], strict=True)), line[-1]["stat"])
        for widget in widgets
        for line in widget["properties"]["metrics"]
    }
    environment = ("Environment", "orders")
    executor, parsing = ("Function", "Executor"), ("Function", "DAG Processing")
    assert {
        ("AWS/MWAA", "CPUUtilization", ("Cluster", "BaseWorker"), environment, "SampleCount"),
        ("AWS/MWAA", "CPUUtilization", ("Cluster", "AdditionalWorker"), environment, "SampleCount"),
        ("AmazonMWAA", "RunningTasks", environment, executor, "Maximum"),
        ("AmazonMWAA", "QueuedTasks", environment, executor, "Maximum"),
        ("AmazonMWAA", "TotalParseTime", environment, parsing, "Maximum"),
    } <= lines
    marks = {
        w["properties"]["title"]: (mark["value"], mark["fill"])
        for w in widgets
        for mark in w["properties"].get("annotations", {}).get("horizontal", [])
    }
    assert marks == {s.title: (s.threshold, "above" if s.above else "below") for s in SIGNALS}


def test_containers_are_counted_by_the_minute(build: Any, names: Names) -> None:
    board = build(lambda: monitoring(names)).one(DASHBOARD)
    counted = [
        w["properties"]
        for w in board.document("dashboardBody")["widgets"]
        if any(line[-1]["stat"] == "SampleCount" for line in w["properties"]["metrics"])
    ]
    assert [properties["period"] for properties in counted] == [60]


def test_titles_are_true_on_a_good_day(build: Any, names: Names) -> None:
    board = build(lambda: monitoring(names)).one(DASHBOARD)
    titles = [w["properties"]["title"] for w in board.document("dashboardBody")["widgets"]]
    assert len(set(titles)) == len(titles)
    said = " ".join(titles).lower()
    for alarming in ("no ", "more ", "less ", "stays", "waited", "refused", "above", "below"):
        assert alarming not in said, alarming


def test_thresholds_are_those_of_the_class(build: Any, names: Names) -> None:
    made = build(lambda: monitoring(names, environment_class="mw1.xlarge", max_workers=20))
    thresholds = {a.inputs["name"]: a.inputs["threshold"] for a in made.of(ALARM)}
    expected = alarm_definitions(CLASSES["mw1.xlarge"], max_workers=20)
    assert thresholds == {names.alarm(s.name): s.threshold for s in expected}
    assert thresholds[names.alarm("queued-tasks")] == 800


@pytest.mark.parametrize(("alarms", "dashboard"), [(False, True), (True, False), (False, False)])
def test_each_half_can_be_left_out(build: Any, names: Names, alarms: bool, dashboard: bool) -> None:
    made = build(lambda: monitoring(names, alarms=alarms, dashboard=dashboard))
    assert bool(made.of(ALARM)) == bool(made.of(TOPIC)) == alarms
    assert bool(made.of(DASHBOARD)) == dashboard
    assert (made.result.topic_arn is None) == (not alarms)


@pytest.mark.parametrize(
    ("args", "named"),
    [
        ({"existing_topic_arn": "arn:t", "emails": ("a@example.com",)}, "`emails`"),
        ({"alarms": False, "emails": ("a@example.com",)}, "`alarms`"),
        ({"alarms": False, "existing_topic_arn": "arn:t"}, "`alarms`"),
    ],
)
def test_contradictions_are_refused(
    build: Any, names: Names, args: dict[str, Any], named: str
) -> None:
    with pytest.raises(pulumi.RunError, match=named):
        build(lambda: monitoring(names, **args))
