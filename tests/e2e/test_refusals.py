"""What must not go up: bad settings, plans that break a rule, and an AWS that does not answer."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.rehearsal import Rehearsal, Stack


@pytest.fixture(scope="module")
def stack(rehearsal: Rehearsal) -> Iterator[Stack]:
    """A stack that never builds anything."""
    stack = rehearsal.stack("refused", egress="none")
    yield stack
    stack.remove()


@pytest.fixture
def compliant(stack: Stack) -> Iterator[dict[str, Any]]:
    """The stack's own settings, which it has again after the test."""
    before = dict(stack.config)
    yield before
    stack.config = before


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"vpcCidr": "10.0.0.0/28"}, ("vpcCidr", "10.0.0.0/28", "/24")),
        ({"connectedCidrs": ["10.192.0.0/12"]}, ("vpcCidr", "10.192.0.0/16", "connectedCidrs")),
        ({"availabilityZones": ["us-east-1a"]}, ("availabilityZones", "us-east-1a", "two")),
        ({"environmentClass": "mw1.huge"}, ("environmentClass", "mw1.huge", "mw1.2xlarge")),
        (
            {"environmentClass": "mw1.micro", "maxWorkers": 1, "schedulers": 2},
            ("schedulers", "2", "mw1.micro"),
        ),
        ({"minWorkers": 4, "maxWorkers": 3}, ("minWorkers", "4", "3")),
        ({"airflowVersion": "2.2.2"}, ("airflowVersion", "2.2.2", "2.10.3")),
        (
            {"airflowConfigurationOptions": {"core.fernet_key": "x"}},
            ("airflowConfigurationOptions", "core.fernet_key"),
        ),
        (
            {"encryption": "existing", "existingKeyArn": "arn:aws:kms:us-east-1:1:alias/x"},
            ("existingKeyArn", "alias/x", "key/"),
        ),
        ({"existingVpcId": "vpc-0123456789abcdef0"}, ("availabilityZones", "existingVpcId")),
        ({"webserverAccessMode": "PUBLIC_ONLY"}, ("PUBLIC_ONLY", "allowPublicWebserver")),
        ({"requirementsFile": "nowhere/requirements.txt"}, ("requirementsFile", "nowhere/")),
        ({"weeklyMaintenanceWindowStart": "SUN:03:15"}, ("weeklyMaintenance", "SUN:03:15", "30")),
        ({"environmentName": "1st"}, ("environmentName", "1st", "letter")),
        ({"maxWorker": 3}, ("maxWorker", "maxWorkers")),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, dict) else "",
)
@pytest.mark.usefixtures("compliant")
def test_bad_input_stops_before_any_call(
    rehearsal: Rehearsal, stack: Stack, settings: dict[str, Any], said: tuple[str, ...]
) -> None:
    stack.set(**settings)
    rehearsal.forget_requests()
    plan = stack.preview()
    assert plan.code != 0
    assert [words for words in said if words not in plan.text] == []
    assert "Traceback" not in plan.text
    assert rehearsal.requests() == []


@pytest.mark.parametrize(
    ("settings", "rule"),
    [
        (
            {"webserverAccessMode": "PUBLIC_ONLY", "allowPublicWebserver": True},
            "mwaa-network-webserver-private",
        ),
        (
            {
                "webserverAccessMode": "PUBLIC_AND_PRIVATE",
                "allowPublicWebserver": True,
                "airflowVersion": "3.2.1",
            },
            "mwaa-network-webserver-private",
        ),
        ({"webserverClientCidrs": ["0.0.0.0/1"]}, "mwaa-network-no-world-ingress"),
        ({"encryption": "aws-owned"}, "mwaa-encryption-customer-key"),
        ({"logLevels": {"worker": "OFF"}}, "mwaa-logs-all-five-enabled"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
@pytest.mark.usefixtures("compliant")
def test_a_plan_that_breaks_a_rule_stops_at_the_pack(
    rehearsal: Rehearsal, stack: Stack, settings: dict[str, Any], rule: str
) -> None:
    stack.set(**settings)
    plan = stack.preview()
    assert plan.code != 0
    assert plan.broken == (rule,)
    # The program itself went through: nothing but the pack refuses.
    said = [error for error in plan.errors if not error.startswith(f"{rule}: ")]
    assert said == ["preview failed\n"]
    assert stack.name not in rehearsal.client("mwaa").list_environments()["Environments"]


def test_an_aws_that_does_not_answer_is_named_in_one_error(stack: Stack) -> None:
    endpoint = f"http://127.0.0.1:{_closed_port()}"
    before = stack.environment
    stack.environment = {**before, "AWS_ENDPOINT_URL": endpoint}
    try:
        plan = stack.preview()
    finally:
        stack.environment = before
    assert plan.code != 0
    assert endpoint in plan.text
    assert "Traceback" not in plan.text


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
