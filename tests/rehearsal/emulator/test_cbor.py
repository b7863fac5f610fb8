"""CloudWatch in the protocol that newer SDKs of other languages speak."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from botocore.session import get_session
from werkzeug.test import EnvironBuilder, run_wsgi_app

from rehearsal.emulator.requests.cbor import PROTOCOL
from rehearsal.emulator.server import Emulator
from tests.rehearsal.emulator.platforms.customer import REGION, Customer

SCOPE = f"AWS4-HMAC-SHA256 Credential=AKIATEST/20260101/{REGION}/monitoring/aws4_request, "
ALARM: dict[str, Any] = {
    "AlarmName": "a",
    "Namespace": "n",
    "MetricName": "m",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1.5,
    "ComparisonOperator": "GreaterThanThreshold",
}


def call(emulator: Emulator, operation: str, body: bytes | None = None, **given: Any) -> Any:
    """What a client reads; ``body`` takes the place of what it would send."""
    model: Any = get_session().get_service_model("cloudwatch").operation_model(operation)
    request: Any = create_serializer(PROTOCOL).serialize_to_request(given, model)
    builder = EnvironBuilder(
        path=request["url_path"],
        method="POST",
        headers=[*request["headers"].items(), ("Authorization", SCOPE)],
        data=request["body"] if body is None else body,
    )
    chunks, status, headers = run_wsgi_app(emulator, builder.get_environ(), buffered=True)
    assert headers["Content-Type"] == "application/cbor"
    assert headers["smithy-protocol"] == "rpc-v2-cbor"
    answer = {
        "status_code": int(status.split()[0]),
        "headers": {name.lower(): value for name, value in headers},
        "body": b"".join(chunks),
    }
    return create_parser(PROTOCOL).parse(answer, model.output_shape)


def test_what_is_put_in_cbor_is_read_in_cbor_and_in_json(
    emulator: Emulator, customer: Customer
) -> None:
    call(emulator, "PutMetricAlarm", **ALARM)
    (found,) = call(emulator, "DescribeAlarms", AlarmNames=["a"])["MetricAlarms"]
    assert {name: found[name] for name in ALARM} == ALARM
    assert isinstance(found["AlarmConfigurationUpdatedTimestamp"], datetime)
    json = customer.client("cloudwatch").describe_alarms(AlarmNames=["a"])["MetricAlarms"]
    assert json == [found]


def test_times_and_numbers_are_kept(emulator: Emulator) -> None:
    at = datetime.fromtimestamp(int(emulator.clock.now()) - 90, UTC)
    datum = {"MetricName": "m", "Value": 2.5, "Timestamp": at}
    call(emulator, "PutMetricData", Namespace="n", MetricData=[datum])
    query = {"Metric": {"Namespace": "n", "MetricName": "m"}, "Period": 60, "Stat": "Sum"}
    asked = [{"Id": "a", "MetricStat": query}]
    until = datetime.fromtimestamp(emulator.clock.now() + 60, UTC)
    start = datetime.fromtimestamp(emulator.clock.now() - 600, UTC)
    (found,) = call(
        emulator, "GetMetricData", MetricDataQueries=asked, StartTime=start, EndTime=until
    )["MetricDataResults"]
    assert found["Values"] == [2.5]


def test_errors_faults_and_the_log_know_the_operation(emulator: Emulator) -> None:
    missing = call(emulator, "GetDashboard", DashboardName="none")
    assert missing["ResponseMetadata"]["HTTPStatusCode"] == 404
    assert missing["Error"]["Code"] == "ResourceNotFound"
    (entry,) = emulator.gateway.journal.read()
    assert entry["operation"] == "GetDashboard"
    assert entry["names"] == {"DashboardName": "none"}
    emulator.gateway.faults.add({"kind": "throttle", "operation": "DescribeAlarms"})
    assert call(emulator, "DescribeAlarms")["Error"]["Code"] == "ThrottlingException"


@pytest.mark.parametrize("body", [b"\xff", b"\xa1jAlarmNames", b"{}"])
def test_bytes_that_are_no_cbor_are_refused(emulator: Emulator, body: bytes) -> None:
    refused = call(emulator, "DescribeAlarms", body)
    assert refused["ResponseMetadata"]["HTTPStatusCode"] >= 400
    assert refused["Error"]["Code"]
