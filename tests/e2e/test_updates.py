"""Updates that fail, a version that rises outside of the program, an allowed replacement."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ops.follow import Goal, follow
from tests.e2e.stacks.rehearsal import UNPROVED, Rehearsal, Stack

ENVIRONMENT = "aws:mwaa/environment:Environment"
OBJECT = "pulumi-python:dynamic/airflow:Object"
POOL = {"name": "etl", "slots": 4}


@pytest.fixture(scope="module")
def stack(rehearsal: Rehearsal) -> Iterator[Stack]:
    """A small stack with Airflow 2.11 whose hooks do not look first."""
    stack = rehearsal.stack(
        "updates",
        egress="none",
        endpointProfile="required",
        airflowVersion="2.11.2",
        flowLogs="reject",
        **UNPROVED,
    )
    built = stack.up(policy=False)
    assert built.code == 0, built.errors or built.text
    yield stack
    rehearsal.empty()


def described(rehearsal: Rehearsal, name: str = "updates") -> dict[str, Any]:
    """GetEnvironment's answer."""
    found: dict[str, Any] = rehearsal.client("mwaa").get_environment(Name=name)["Environment"]
    return found


def state_of(stack: Stack) -> dict[str, Any]:
    """The environment in the engine's state."""
    resources = stack.export()["deployment"]["resources"]
    found: dict[str, Any] = next(one for one in resources if one["type"] == ENVIRONMENT)
    return found


def logged(rehearsal: Rehearsal, stack: Stack) -> list[str]:
    """Which traffic of the VPC is logged."""
    vpc = [{"Name": "resource-id", "Values": [stack.outputs()["vpcId"]]}]
    found = rehearsal.client("ec2").describe_flow_logs(Filters=vpc)["FlowLogs"]
    return [one["TrafficType"] for one in found]


def test_after_a_failed_update_the_state_holds_what_was_wanted_until_it_is_refreshed(
    rehearsal: Rehearsal, stack: Stack
) -> None:
    iam = rehearsal.client("iam")
    own = iam.get_role(RoleName=described(rehearsal)["ExecutionRoleArn"].rpartition("/")[2])["Role"]
    powerless = iam.create_role(
        RoleName="powerless", AssumeRolePolicyDocument=json.dumps(own["AssumeRolePolicyDocument"])
    )["Role"]["Arn"]
    stack.set(maxWorkers=5, existingRoleArn=powerless)
    failed = stack.up(policy=False)
    assert failed.code != 0
    assert described(rehearsal)["Status"] == "UPDATE_FAILED"
    assert described(rehearsal)["MaxWorkers"] == 3
    # The published provider keeps the values that it proposed.
    assert state_of(stack)["outputs"]["maxWorkers"] == 5

    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    iam.put_role_policy(
        RoleName="powerless",
        PolicyName="all",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": everything}),
    )
    # So without a refresh there is nothing to send.
    rehearsal.forget_requests()
    assert stack.up(policy=False).code == 0
    assert rehearsal.requests(operation="UpdateEnvironment") == []

    rehearsal.forget_requests()
    again = stack.up("--refresh", policy=False)
    assert again.code == 0, again.errors or again.text
    assert len(rehearsal.requests(operation="UpdateEnvironment")) == 1
    assert described(rehearsal)["MaxWorkers"] == 5
    assert described(rehearsal)["ExecutionRoleArn"] == powerless
    assert stack.preview(policy=False).touched() == []
    stack.set(existingRoleArn=None)
    returned = stack.up(policy=False)
    assert returned.code == 0, returned.errors or returned.text


def test_a_major_version_rises_outside_of_the_program_and_falls_by_it(
    rehearsal: Rehearsal, stack: Stack
) -> None:
    created = described(rehearsal)["CreatedAt"]
    stack.set(airflowVersion="3.2.1", lastLook=True)
    refused = stack.preview()
    assert refused.code != 0
    assert "aws mwaa update-environment --name NAME --airflow-version 3.2.1" in refused.text

    rehearsal.client("mwaa").update_environment(Name="updates", AirflowVersion="3.2.1")
    follow(rehearsal.client("mwaa"), "updates", goal=Goal.AVAILABLE, interval_seconds=0.2)
    assert described(rehearsal)["AirflowVersion"] == "3.2.1"
    # Not refreshed: the state still says 2.11.2, and nothing is replaced all the same.
    for flags in ((), ("--refresh",)):
        accepted = stack.up(*flags, policy=not flags)
        assert accepted.code == 0, accepted.errors or accepted.text
        assert [one for one in accepted.touched("refresh") if ENVIRONMENT in one] == []
    assert state_of(stack)["outputs"]["airflowVersion"] == "3.2.1"
    assert stack.outputs()["replacementGuards"]["airflowVersion"] == "3.2.1"
    assert stack.preview(policy=False).touched() == []

    # EC2 refuses a twin of a flow log, so the old one goes first.
    assert logged(rehearsal, stack) == ["REJECT"]
    stack.set(airflowVersion="2.11.2", flowLogs="all", airflowObjects={"pools": [POOL]})
    fallen = stack.up(policy=False)
    assert fallen.code == 0, fallen.errors or fallen.text
    assert logged(rehearsal, stack) == ["ALL"]
    assert ("update", ENVIRONMENT) in fallen.ops()
    assert described(rehearsal)["AirflowVersion"] == "2.11.2"
    assert described(rehearsal)["CreatedAt"] == created


def pools(rehearsal: Rehearsal) -> dict[str, int]:
    answer = rehearsal.client("mwaa").invoke_rest_api(Name="updates", Method="GET", Path="/pools")
    return {one["name"]: one["slots"] for one in answer["RestApiResponse"]["pools"]}


def test_a_replacement_that_is_allowed_deletes_first(rehearsal: Rehearsal, stack: Stack) -> None:
    assert pools(rehearsal)["etl"] == 4
    created = described(rehearsal)["CreatedAt"]
    # The look refuses a key of AWS, as the pack does; this is about the order of the calls.
    stack.set(encryption="aws-owned", allowReplacement=True, lastLook=False, flowLogs="reject")
    rehearsal.forget_requests()
    replaced = stack.up(policy=False)
    assert replaced.code == 0, replaced.errors or replaced.text
    calls = [
        one["operation"]
        for one in rehearsal.requests()
        if one["operation"] in ("CreateEnvironment", "DeleteEnvironment")
    ]
    assert calls == ["DeleteEnvironment", "CreateEnvironment"]
    # What Airflow held is gone with the old one; the stack's own objects are made again.
    assert ("replace", OBJECT) in replaced.ops()
    assert pools(rehearsal)["etl"] == 4
    assert described(rehearsal)["CreatedAt"] > created
    assert described(rehearsal)["Status"] == "AVAILABLE"
    assert logged(rehearsal, stack) == ["REJECT"]
    assert stack.preview(policy=False).touched() == []
