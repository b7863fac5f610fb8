"""What happens to an environment without any call, over the control endpoint."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rehearsal.cli.processes import born
from rehearsal.emulator.server import Emulator
from tests.rehearsal.emulator.mwaa.test_control_plane import forward
from tests.rehearsal.emulator.platforms.customer import REGION, Customer


def occur(emulator: Emulator, **event: Any) -> tuple[int, Any]:
    body = json.dumps({"name": "etl", **event}).encode()
    answer = emulator.gateway._controlled(
        {"REQUEST_METHOD": "POST"}, "/_emulator/environments", body
    )
    return answer.status, json.loads(answer.body)


def run_airflow(emulator: Emulator, **changes: str) -> None:
    """Attach an Airflow whose supervisor is this very process."""
    pid = os.getpid()
    runtime = {"address": "127.0.0.1:8080", "secret": "s", "version": "2.10.3"}
    runtime |= {"pid": str(pid), "born": born(pid) or "", **changes}
    assert occur(emulator, event="airflow", runtime=runtime)[0] == 200


def test_a_lost_zone_takes_its_interfaces(emulator: Emulator, available: Customer) -> None:
    def zones() -> set[str]:
        found = available.ec2.describe_network_interfaces(
            Filters=[{"Name": "group-id", "Values": [available.group]}]
        )["NetworkInterfaces"]
        return {interface["AvailabilityZone"] for interface in found}

    assert zones() == {f"{REGION}a", f"{REGION}b"}
    assert occur(emulator, event="zone-lost", zone=f"{REGION}a")[0] == 200
    assert zones() == {f"{REGION}b"}
    assert available.status == "AVAILABLE"


def test_components_measure_what_was_said_from_then_on(
    emulator: Emulator, available: Customer
) -> None:
    forward(emulator, 600)
    available.client("cloudwatch").list_metrics()
    said = emulator.clock.now()
    assert occur(emulator, event="measures", values={"SchedulerHeartbeat": 0})[0] == 200
    forward(emulator, 600)
    dimensions = [
        {"Name": "Environment", "Value": "etl"},
        {"Name": "Function", "Value": "Scheduler"},
    ]

    def beats(since: float, until: float) -> float:
        points = available.client("cloudwatch").get_metric_statistics(
            Namespace="AmazonMWAA",
            MetricName="SchedulerHeartbeat",
            Dimensions=dimensions,
            StartTime=datetime.fromtimestamp(since, UTC),
            EndTime=datetime.fromtimestamp(until, UTC) + timedelta(seconds=1),
            Period=60,
            Statistics=["Sum"],
        )["Datapoints"]
        assert points
        return sum(float(point["Sum"]) for point in points)

    assert beats(said - 300, said) > 0
    assert beats(said + 60, emulator.clock.now()) == 0


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ({"event": "quake"}, "as event one of maintenance, zone-lost with zone, measures with"),
        ({"event": "maintenance", "zone": "a"}, "as event one of"),
        ({"event": "zone-lost"}, "as event one of"),
        ({"event": "zone-lost", "zone": "mars-1a"}, "zone is 'mars-1a'; etl is in us-east-1a"),
        ({"event": "measures", "values": {"Heartbeat": 1}}, "numbers by metric, of"),
        ({"event": "measures", "values": {"QueuedTasks": "many"}}, "numbers by metric, of"),
        ({"event": "maintenance", "name": "absent"}, "there is no environment 'absent'"),
    ],
)
def test_an_event_that_cannot_be_understood_is_refused(
    emulator: Emulator, available: Customer, event: dict[str, Any], words: str
) -> None:
    status, answer = occur(emulator, **event)
    assert status == 400
    assert words in answer["error"]


def test_where_an_airflow_runs_the_metrics_are_its_own(
    emulator: Emulator, available: Customer
) -> None:
    run_airflow(emulator)
    emulator.clock.advance(600)
    assert available.client("cloudwatch").list_metrics(Namespace="AmazonMWAA")["Metrics"] == []
    assert occur(emulator, event="airflow", runtime=None)[0] == 200
    emulator.clock.advance(600)
    assert available.client("cloudwatch").list_metrics(Namespace="AmazonMWAA")["Metrics"]


def test_a_runtime_is_told_completely(emulator: Emulator, available: Customer) -> None:
    status, answer = occur(emulator, event="airflow", runtime={"address": "127.0.0.1:1"})
    assert (status, answer["error"]) == (
        400,
        "runtime needs address, born, pid, secret, version, or is null",
    )
