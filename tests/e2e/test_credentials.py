"""The provider works as a role of another account, and the hooks ask there too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.stacks.rehearsal import UNWATCHED, Rehearsal, Stack

OTHER = "222222222222"
ROLE = f"arn:aws:iam::{OTHER}:role/deploy"


@pytest.fixture(scope="module")
def stack(rehearsal: Rehearsal) -> Iterator[Stack]:
    """A stack in another account than that of the shell's own keys."""
    made = rehearsal.stack(
        "elsewhere",
        egress="single-nat",
        endpointProfile="none",
        **UNWATCHED,
    )
    made.config["aws:assumeRoles"] = [{"roleArn": ROLE, "sessionName": "rehearsal"}]
    yield made
    rehearsal.empty()


def test_an_account_that_is_not_allowed_is_refused_before_any_other_call(
    rehearsal: Rehearsal, stack: Stack
) -> None:
    # The account of the keys is allowed, that of the role is not.
    stack.config["aws:allowedAccountIds"] = ["123456789012"]
    rehearsal.forget_requests()
    plan = stack.preview(policy=False)
    assert plan.code != 0
    assert f"AWS account ID not allowed: {OTHER}" in plan.text
    assert "Traceback" not in plan.text
    assert {request["service"] for request in rehearsal.requests()} == {"sts"}


def test_the_last_look_and_the_wait_follow_the_provider_into_its_account(
    rehearsal: Rehearsal, stack: Stack
) -> None:
    stack.config["aws:allowedAccountIds"] = [OTHER]
    rehearsal.forget_requests()
    built = stack.up(policy=False)
    assert built.code == 0, built.text
    assert "left to the provider" not in built.text
    found = stack.outputs()
    assert found["status"] == "AVAILABLE"
    assert f":{OTHER}:environment/{stack.name}" in found["environmentArn"]
    # Only the last look reads these.
    assert rehearsal.requests(operation="DescribeDhcpOptions")
    there = rehearsal.assume(ROLE)
    assert stack.name in there.client("mwaa").list_environments()["Environments"]
    assert stack.name not in rehearsal.client("mwaa").list_environments()["Environments"]
