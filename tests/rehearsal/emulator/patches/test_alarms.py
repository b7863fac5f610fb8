"""The state of an alarm from its data points, and the emulated CloudWatch that evaluates it."""

from __future__ import annotations

import json

import pytest

from rehearsal.emulator.patches.cloudwatch.alarm_rules import Rule, State, state_of
from rehearsal.emulator.server import Emulator
from tests.rehearsal.emulator.mwaa.test_events import run_airflow
from tests.rehearsal.emulator.patches.alarms import put_alarm
from tests.rehearsal.emulator.platforms.customer import Customer

NAMES: dict[str, State | None] = {
    "ok": "OK",
    "alarm": "ALARM",
    "none": "INSUFFICIENT_DATA",
    "kept": None,
}
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")

# The tables of AWS's page, with its columns: 0 does not breach, X does, - is missing.
THREE_OF_THREE = (
    ("0-X-X", "ok ok ok ok"),
    ("0----", "ok ok ok ok"),
    ("-----", "none kept alarm ok"),
    ("0XX-X", "alarm alarm alarm alarm"),
    ("--X--", "alarm kept alarm ok"),
    ("----X", "none kept alarm ok"),
    ("X----", "alarm kept alarm ok"),
)
TWO_OF_THREE = (
    ("0-X-X", "alarm alarm alarm alarm"),
    ("00X0X", "alarm alarm alarm alarm"),
    ("0-X--", "ok ok alarm ok"),
    ("----0", "ok ok alarm ok"),
    ("----X", "none kept alarm ok"),
)


@pytest.mark.parametrize(
    ("datapoints", "points", "states"),
    [(m, *row) for m, table in ((3, THREE_OF_THREE), (2, TWO_OF_THREE)) for row in table],
)
@pytest.mark.parametrize("current", ["OK", "ALARM", "INSUFFICIENT_DATA"])
def test_the_tables_of_aws(datapoints: int, points: str, states: str, current: State) -> None:
    values = [{"0": 0.0, "X": 9.0, "-": None}[mark] for mark in points]
    for treatment, name in zip(TREATMENTS, states.split(), strict=True):
        rule = Rule(
            comparison="GreaterThanThreshold",
            threshold=5,
            periods=3,
            datapoints=datapoints,
            missing=treatment,
        )
        assert rule.range == len(points)
        assert state_of(rule, values, current) == (NAMES[name] or current), treatment


@pytest.mark.parametrize(
    ("comparison", "breaching"),
    [
        ("GreaterThanThreshold", (6,)),
        ("GreaterThanOrEqualToThreshold", (5, 6)),
        ("LessThanThreshold", (4,)),
        ("LessThanOrEqualToThreshold", (4, 5)),
    ],
)
def test_comparisons(comparison: str, breaching: tuple[int, ...]) -> None:
    rule = Rule(comparison=comparison, threshold=5, periods=1, datapoints=1)
    assert tuple(value for value in (4, 5, 6) if rule.breaches(value)) == breaching


def put_metric(customer: Customer, name: str, value: float, **dimensions: str) -> None:
    whole = {"Environment": "etl", **dimensions}
    datum = {
        "MetricName": name,
        "Value": value,
        "Dimensions": [{"Name": key, "Value": value} for key, value in whole.items()],
    }
    namespace = "AmazonMWAA" if name == "SchedulerHeartbeat" else "AWS/MWAA"
    customer.client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=[datum])


def state(customer: Customer) -> str:
    (alarm,) = customer.client("cloudwatch").describe_alarms()["MetricAlarms"]
    return str(alarm["StateValue"])


@pytest.fixture
def running(emulator: Emulator, available: Customer) -> Customer:
    """An environment whose metrics come from an Airflow, which is this test."""
    run_airflow(emulator, address="127.0.0.1:1")
    emulator.clock.advance(3600)
    return available


def test_no_heartbeat_is_an_alarm_and_the_next_one_ends_it(
    emulator: Emulator, running: Customer
) -> None:
    put_alarm(running, "scheduler-heartbeat")
    put_metric(running, "SchedulerHeartbeat", 5, Function="Scheduler")
    emulator.clock.advance(60)
    assert state(running) == "OK"
    emulator.clock.advance(14 * 60)
    assert state(running) == "OK"
    emulator.clock.advance(6 * 60)
    assert state(running) == "ALARM"
    put_metric(running, "SchedulerHeartbeat", 5, Function="Scheduler")
    emulator.clock.advance(60)
    assert state(running) == "OK"


def test_a_value_must_stay_above_the_threshold(emulator: Emulator, running: Customer) -> None:
    put_alarm(running, "oldest-task")
    for expected in ("OK", "OK", "ALARM"):
        put_metric(running, "ApproximateAgeOfOldestTask", 1801)
        put_metric(running, "ApproximateAgeOfOldestTask", 1)  # the maximum counts
        emulator.clock.advance(300)
        assert state(running) == expected
    put_metric(running, "ApproximateAgeOfOldestTask", 0)
    emulator.clock.advance(300)
    assert state(running) == "OK"


def test_other_dimensions_are_another_metric(emulator: Emulator, running: Customer) -> None:
    put_alarm(running, "worker-cpu")
    for _ in range(3):
        put_metric(running, "CPUUtilization", 99, Cluster="Scheduler")
        emulator.clock.advance(300)
    assert state(running) == "OK"
    put_alarm(running, "worker-cpu", TreatMissingData="missing")
    emulator.clock.advance(60)
    assert state(running) == "INSUFFICIENT_DATA"


def test_an_idle_environment_is_well(emulator: Emulator, available: Customer) -> None:
    put_alarm(available, "scheduler-heartbeat")
    emulator.clock.advance(600)
    assert state(available) == "OK"


def test_a_state_that_was_set_holds_until_the_next_minute(
    emulator: Emulator, available: Customer
) -> None:
    put_alarm(available, "queued-tasks")
    available.client("cloudwatch").set_alarm_state(
        AlarmName="queued-tasks", StateValue="ALARM", StateReason="a drill"
    )
    assert state(available) == "ALARM"
    emulator.clock.advance(60)
    assert state(available) == "OK"


def test_a_change_of_the_state_goes_to_the_topic(emulator: Emulator, running: Customer) -> None:
    sns, sqs = running.client("sns"), running.client("sqs")
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    queue = sqs.create_queue(QueueName="news")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["QueueArn"])
    gone = topic.replace("alarms", "gone")
    put_alarm(running, "scheduler-heartbeat", AlarmActions=[gone, topic], OKActions=[topic])
    emulator.clock.advance(30 * 60)
    assert state(running) == "ALARM"
    put_metric(running, "SchedulerHeartbeat", 5, Function="Scheduler")
    emulator.clock.advance(60)
    assert state(running) == "OK"
    found = []
    while messages := sqs.receive_message(QueueUrl=queue).get("Messages"):
        for one in messages:
            body = json.loads(one["Body"])
            found.append((body["Subject"], json.loads(body["Message"])["NewStateReason"][:6]))
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=one["ReceiptHandle"])
    assert found == [
        ('ALARM: "scheduler-heartbeat" in us-east-1', "ALARM:"),
        ('OK: "scheduler-heartbeat" in us-east-1', "OK: 2 "),
    ]


@pytest.mark.parametrize(
    ("arn", "words"),
    [
        ("arn:aws:sns:eu-west-1:123456789012:on-call", "region eu-west-1 .* Only us-east-1"),
        ("arn:aws-cn:sns:cn-north-1:123456789012:on-call", "partition aws-cn .* Only aws "),
    ],
)
def test_an_action_lies_where_its_alarm_does(available: Customer, arn: str, words: str) -> None:
    cloudwatch = available.client("cloudwatch")
    with pytest.raises(cloudwatch.exceptions.ClientError, match=f"ValidationError.*{words}"):
        put_alarm(available, "scheduler-heartbeat", OKActions=[arn])
    assert not cloudwatch.describe_alarms()["MetricAlarms"]


def test_nobody_needs_to_ask(emulator: Emulator, running: Customer) -> None:
    put_alarm(running, "scheduler-heartbeat")
    emulator.clock.advance(30 * 60)
    running.client("sqs").list_queues()
    from moto.cloudwatch.models import cloudwatch_backends

    (alarm,) = cloudwatch_backends["123456789012"]["us-east-1"].alarms.values()
    assert alarm.state_value == "ALARM"
