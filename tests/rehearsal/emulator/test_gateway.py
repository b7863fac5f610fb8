"""The door: request log, faults, control endpoints, and answers to requests that make no sense."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from rehearsal.emulator.accounts import Accounts
from rehearsal.emulator.faults import FaultError, Faults
from rehearsal.emulator.gateway import LostAnswerError
from rehearsal.emulator.server import Emulator
from tests.rehearsal.emulator.platforms.customer import ACCOUNT, REGION, Customer


@pytest.fixture
def web(emulator: Emulator) -> Client:
    return Client(emulator)


def signed(service: str, region: str = REGION) -> dict[str, str]:
    scope = f"AKIAIOSFODNN7EXAMPLE/20261123/{region}/{service}/aws4_request"
    return {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
    }


def post(web: Client, endpoint: str, document: Any) -> Any:
    answer = web.post(f"/_emulator/{endpoint}", data=json.dumps(document))
    assert answer.status_code == 200, answer.text
    return answer.json


def test_health_is_answered_at_once(web: Client) -> None:
    answer = web.get("/_emulator/health")
    assert answer.json is not None
    assert (answer.status_code, answer.json["status"]) == (200, "ok")


def test_requests_are_logged_by_service_and_operation(web: Client, customer: Customer) -> None:
    web.delete("/_emulator/requests")
    customer.client("s3").list_objects_v2(Bucket=customer.names.bucket)
    customer.client("kms").list_keys()
    with pytest.raises(customer.mwaa.exceptions.ResourceNotFoundException):
        customer.get()
    customer.ec2.describe_vpcs()
    log = web.get("/_emulator/requests").json
    assert log is not None
    seen = [(item["service"], item["operation"], item["status"]) for item in log["requests"]]
    assert seen == [
        ("s3", "ListObjectsV2", 200),
        ("kms", "ListKeys", 200),
        ("mwaa", "GetEnvironment", 404),
        ("ec2", "DescribeVpcs", 200),
    ]
    number = log["requests"][1]["number"]
    later = web.get(f"/_emulator/requests?since={number}&service=ec2").json
    assert later is not None
    assert [item["operation"] for item in later["requests"]] == ["DescribeVpcs"]
    assert web.get("/_emulator/requests?color=red").status_code == 400


def test_the_service_works_without_leaving_traces_in_the_log(
    web: Client, customer: Customer
) -> None:
    web.delete("/_emulator/requests")
    customer.create()
    log = web.get("/_emulator/requests").json
    assert log is not None
    assert [item["operation"] for item in log["requests"]] == ["CreateEnvironment"]


@pytest.mark.parametrize(
    ("service", "kind", "status", "code"),
    [
        ("mwaa", "throttle", 400, "ThrottlingException"),
        ("kms", "throttle", 400, "ThrottlingException"),
        ("ec2", "throttle", 503, "RequestLimitExceeded"),
        ("s3", "throttle", 503, "SlowDown"),
        ("iam", "expired", 403, "ExpiredTokenException"),
        ("ec2", "expired", 403, "RequestExpired"),
        ("s3", "expired", 403, "ExpiredToken"),
        ("mwaa", "error", 500, "InternalFailure"),
        ("logs", "error", 500, "InternalFailure"),
        ("cloudwatch", "error", 500, "InternalFailure"),
    ],
)
def test_a_fault_looks_like_the_service(
    web: Client, clients: Accounts, service: str, kind: str, status: int, code: str
) -> None:
    calls = {
        "mwaa": "list_environments",
        "kms": "list_keys",
        "ec2": "describe_vpcs",
        "s3": "list_buckets",
        "iam": "list_roles",
        "logs": "describe_log_groups",
        "cloudwatch": "describe_alarms",
    }
    post(web, "faults", {"kind": kind, "service": service})
    client = clients.client(service, ACCOUNT, REGION)
    with pytest.raises(ClientError) as problem:
        getattr(client, calls[service])()
    assert problem.value.response["Error"]["Code"] == code
    assert problem.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    getattr(client, calls[service])()


def test_a_fault_applies_to_the_nth_call_of_an_operation(web: Client, customer: Customer) -> None:
    wish = {
        "kind": "throttle",
        "service": "ec2",
        "operation": "DescribeVpcs",
        "skip": 1,
        "times": 2,
    }
    post(web, "faults", wish)
    outcomes = []
    for _ in range(5):
        customer.ec2.describe_subnets()
        try:
            customer.ec2.describe_vpcs()
            outcomes.append(True)
        except ClientError:
            outcomes.append(False)
    assert outcomes == [True, False, False, True, True]
    web.delete("/_emulator/faults")
    rules = web.get("/_emulator/faults").json
    assert rules == {"faults": []}


def test_a_lost_answer_comes_after_the_work(web: Client, customer: Customer) -> None:
    post(web, "faults", {"kind": "lost", "service": "mwaa", "operation": "CreateEnvironment"})
    with pytest.raises(LostAnswerError):
        customer.create()
    assert customer.status == "CREATING"


def test_a_slow_answer_is_slow(web: Client, customer: Customer) -> None:
    post(web, "faults", {"kind": "slow", "service": "sts", "seconds": 0.2})
    customer.client("sts").get_caller_identity()
    log = web.get("/_emulator/requests?service=sts").json
    assert log is not None
    assert log["requests"][-1]["seconds"] >= 0.2
    assert log["requests"][-1]["fault"] == "slow"


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"kind": "earthquake"},
        {"kind": "slow", "seconds": -1},
        {"kind": "error", "status": 200},
        {"kind": "throttle", "times": "many"},
        {"kind": "throttle", "color": "red"},
        {"kind": "throttle", "applied": 3},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(wish: dict[str, Any]) -> None:
    with pytest.raises(FaultError):
        Faults().add(wish)


def test_the_clock_is_moved_by_hand(web: Client, emulator: Emulator) -> None:
    before = emulator.clock.now()
    moved = post(web, "clock", {"advance": 3600})
    assert moved["now"] == before + 3600
    assert moved["stopped"] is True


@pytest.mark.parametrize(
    "wish",
    [{"advance": -1}, {"speed": 0}, {"advance": "long"}, {"back": 1}, {"durations": {"x": 1}},
     {"durations": {"create": -1}}, {"speed": True}, {"advance": float("nan")}, []],
)  # fmt: skip
def test_a_clock_that_makes_no_sense_is_refused(web: Client, wish: Any) -> None:
    before = web.get("/_emulator/clock").json
    answer = web.post("/_emulator/clock", data=json.dumps(wish))
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["error"]
    assert web.get("/_emulator/clock").json == before


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "nothing", 404), ("PUT", "health", 405), ("POST", "environments", 400)],
)
def test_control_requests_that_make_no_sense_are_refused(
    web: Client, method: str, path: str, status: int
) -> None:
    assert web.open(f"/_emulator/{path}", method=method).status_code == status


def test_web_pages_do_not_steer_the_emulator(web: Client) -> None:
    answer = web.post("/_emulator/reset", headers={"Origin": "https://example.com"})
    assert answer.status_code == 403


def test_idle_metrics_are_there_when_they_are_read(
    web: Client, emulator: Emulator, customer: Customer
) -> None:
    customer.create()
    emulator.clock.advance(25 * 60)
    emulator.advance()
    emulator.clock.advance(10 * 60)
    end = emulator.clock.now()
    points = customer.client("cloudwatch").get_metric_statistics(
        Namespace="AmazonMWAA",
        MetricName="SchedulerHeartbeat",
        Dimensions=[
            {"Name": "Environment", "Value": "etl"},
            {"Name": "Function", "Value": "Scheduler"},
        ],
        StartTime=end - 600,
        EndTime=end,
        Period=60,
        Statistics=["Sum"],
    )["Datapoints"]
    assert len(points) >= 9
    assert {point["Sum"] for point in points} == {12.0}


ODD: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("PUT", "/environments/x", {"data": "{"}, 400, "SerializationException"),
    ("PUT", "/environments/x", {"data": "[]"}, 400, "SerializationException"),
    ("PUT", "/environments/x", {"data": b"\xff\xfe"}, 400, "SerializationException"),
    ("PUT", "/environments/x", {"data": "a=b", "content_type": "text/xml"}, 415,
     "UnsupportedMediaTypeException"),
    ("PUT", "/environments/x", {"data": '{"NetworkConfiguration": 3}'}, 400, "ValidationException"),
    ("GET", "/environments?MaxResults=many", {}, 400, "ValidationException"),
    ("GET", "/environments?MaxResults=26", {}, 400, "ValidationException"),
    ("GET", "/environments/x/y", {}, 400, "ValidationException"),
    ("GET", "/nothing", {}, 404, "UnknownOperationException"),
    ("POST", "/environments/x", {}, 404, "UnknownOperationException"),
    ("GET", "/tags/not-an-arn", {}, 400, "ValidationException"),
    ("GET", "/environments/" + "x" * 81, {}, 400, "ValidationException"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "more", "status", "code"), ODD)
def test_odd_requests_get_errors_in_the_format_of_the_service(
    web: Client, method: str, path: str, more: dict[str, Any], status: int, code: str
) -> None:
    answer = web.open(path, method=method, headers=signed("airflow"), **more)
    assert (answer.status_code, answer.headers["x-amzn-ErrorType"]) == (status, code)
    assert answer.json is not None
    assert answer.json["__type"] == code
    assert answer.headers.getlist("x-amzn-ErrorType") == [code]


@pytest.mark.parametrize(
    ("service", "form", "code"),
    [
        ("ec2", "Action=Nonsense&Version=2016-11-15", "InvalidAction"),
        ("iam", "Action=Nonsense&Version=2010-05-08", "InvalidAction"),
    ],
)
def test_unknown_actions_of_query_services(web: Client, service: str, form: str, code: str) -> None:
    answer = web.post(
        "/", data=form, headers=signed(service), content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 400
    assert f"<Code>{code}</Code>" in answer.text


def test_unknown_targets_of_json_services(web: Client) -> None:
    headers = {**signed("kms"), "X-Amz-Target": "TrentService.Nonsense"}
    answer = web.post("/", data="{}", headers=headers, content_type="application/x-amz-json-1.1")
    assert answer.status_code == 400
    assert "UnknownOperationException" in answer.text


def test_what_moto_lacks_is_said_in_words(web: Client) -> None:
    answer = web.post(
        "/",
        data="Action=CreateNetworkInsightsPath&Version=2016-11-15&Source=a&Protocol=tcp",
        headers=signed("ec2"),
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 501
    assert "does not have ec2 CreateNetworkInsightsPath" in answer.text


@pytest.mark.parametrize("region", ["mars-1", "", "us-east-1x"])
def test_a_wrong_region_is_refused(web: Client, region: str) -> None:
    answer = web.get("/environments", headers=signed("airflow", region))
    assert answer.status_code in (400, 403)
    assert "Traceback" not in answer.text


def test_a_wrong_account_is_refused(web: Client) -> None:
    answer = web.get("/environments", headers={**signed("airflow"), "x-moto-account-id": "me"})
    assert (answer.status_code, "twelve digits" in answer.text) == (403, True)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=10), children, max_size=3)
    ),
    max_leaves=10,
)
MEMBERS = st.sampled_from(
    ["Name", "NetworkConfiguration", "Tags", "Schedulers", "LoggingConfiguration", "DagS3Path",
     "AirflowConfigurationOptions", "Teams", "KmsKey", "ExecutionRoleArn", "SourceBucketArn"]
)  # fmt: skip


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=st.dictionaries(MEMBERS, JSON, max_size=6), method=st.sampled_from(["PUT", "PATCH"]))
def test_no_body_breaks_the_control_plane(web: Client, body: dict[str, Any], method: str) -> None:
    answer = web.open(
        "/environments/etl", method=method, data=json.dumps(body), headers=signed("airflow")
    )
    assert 400 <= answer.status_code < 500
    assert answer.headers["x-amzn-ErrorType"]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    method=st.sampled_from(["GET", "PUT", "POST", "DELETE", "PATCH"]),
    path=st.text(st.characters(codec="utf-8", exclude_characters="?#"), max_size=30),
    body=st.binary(max_size=60),
    service=st.sampled_from(["airflow", "ec2", "kms", "logs", "iam", "monitoring", "sts"]),
)
def test_no_request_ends_in_a_traceback(
    web: Client, method: str, path: str, body: bytes, service: str
) -> None:
    answer = web.open("/" + path.lstrip("/"), method=method, data=body, headers=signed(service))
    assert "Traceback" not in answer.text
    assert "<!doctype html>" not in answer.text.lower()
    assert web.get("/_emulator/health").status_code == 200
