"""IAM's own answer about the caller, in the shapes that AWS documents and has answered with.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html; the errors' words are
those of recordings of September 2026.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from mwaa.model.platform import Decision
from mwaa.model.unknown import UNKNOWN
from ops.aws import AwsSession
from ops.live.reader import AwsReader
from ops.live.simulation import rights
from tests.fixtures.changes import items

USER = "arn:aws:iam::123456789012:user/deployer"
ROLE = "arn:aws:iam::123456789012:role/ci/deployer"
SESSION = "arn:aws:sts::123456789012:assumed-role/deployer/run"
SUBNETS = ("arn:aws:ec2:us-east-1:123456789012:subnet/subnet-a",
           "arn:aws:ec2:us-east-1:123456789012:subnet/subnet-b")  # fmt: skip
KEY = "arn:aws:kms:us-east-1:123456789012:key/1"
TEMPLATE = "arn:aws:ec2:${Region}:${Account}:${ResourceType}/${ResourcePath}"


@contextmanager
def simulator() -> Iterator[tuple[AwsReader, Stubber]]:
    """A reader whose IAM answers as prepared, once each; boto3 checks the shapes."""
    client = boto3.client(
        "iam", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    account = AwsSession(region="us-east-1")
    with Stubber(client) as stubber:
        yield AwsReader(account, _clients={"iam": client}), stubber
        stubber.assert_no_pending_responses()


def result(
    action: str, decision: str, resource: str = "*", *specific: tuple[str, str], **more: Any
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "EvalActionName": action,
        "EvalResourceName": resource,
        "EvalDecision": decision,
        **more,
    }
    if specific:
        made["ResourceSpecificResults"] = [
            {"EvalResourceName": name, "EvalResourceDecision": one} for name, one in specific
        ]
    return made


def answer(*results: dict[str, Any], **page: Any) -> dict[str, Any]:
    return {"EvaluationResults": list(results), **page}


def decisions(found: Any) -> list[tuple[str, str, Any]]:
    return [(one.action, one.resource, one.allowed) for one in items(found)]


def asked(actions: list[str], *resources: str, **more: Any) -> dict[str, Any]:
    """What the reader must send; a resource that is not named is not sent."""
    where = {"ResourceArns": list(resources)} if resources else {}
    return {
        "PolicySourceArn": USER,
        "ActionNames": actions,
        "ContextEntries": ANY,
        **where,
        **more,
    }


def say(stubber: Stubber, response: dict[str, Any], expected: dict[str, Any] | None = None) -> None:
    stubber.add_response("simulate_principal_policy", response, expected)


def say_keys(stubber: Stubber, *names: str) -> None:
    stubber.add_response(
        "get_context_keys_for_principal_policy",
        {"ContextKeyNames": list(names)},
        {"PolicySourceArn": USER},
    )


def refuse(stubber: Stubber, message: str) -> None:
    stubber.add_client_error("simulate_principal_policy", "InvalidInput", message)


def test_one_call_for_each_set_of_resources_and_no_resource_for_anywhere() -> None:
    with simulator() as (aws, stubber):
        say(
            stubber,
            answer(result("kms:Decrypt", "allowed", KEY, (KEY, "allowed")),
                   result("kms:Encrypt", "explicitDeny", KEY, (KEY, "explicitDeny"))),
            asked(["kms:Decrypt", "kms:Encrypt"], KEY),
        )  # fmt: skip
        say(
            stubber,
            answer(result("ec2:DescribeVpcs", "allowed")),
            asked(["ec2:DescribeVpcs"]),
        )
        say_keys(stubber)
        wanted = {"kms:Encrypt": (KEY,), "kms:Decrypt": (KEY,), "ec2:DescribeVpcs": ("*",)}
        assert decisions(rights(aws, USER, wanted)) == [
            ("kms:Decrypt", KEY, True),
            ("kms:Encrypt", KEY, False),
            ("ec2:DescribeVpcs", "*", True),
        ]


def test_the_decision_on_each_resource_is_read_not_the_worst_of_all() -> None:
    first, second = SUBNETS
    mixed = result(
        "ec2:CreateNetworkInterface",
        "implicitDeny",
        TEMPLATE,
        (first, "allowed"),
        (second, "implicitDeny"),
    )
    with simulator() as (aws, stubber):
        say(stubber, answer(mixed))
        found = rights(aws, USER, {"ec2:CreateNetworkInterface": SUBNETS})
    assert [one.allowed for one in items(found)] == [True, False]


@pytest.mark.parametrize(
    ("decision", "expected"), [("allowed", [True, True]), ("implicitDeny", [UNKNOWN, UNKNOWN])]
)
def test_a_template_that_stands_for_several_resources_tells_only_that_all_are_allowed(
    decision: str, expected: list[Any]
) -> None:
    with simulator() as (aws, stubber):
        say(stubber, answer(result("ec2:CreateNetworkInterface", decision, TEMPLATE)))
        found = rights(aws, USER, {"ec2:CreateNetworkInterface": SUBNETS})
    assert [one.allowed for one in items(found)] == expected


def test_all_pages_are_read() -> None:
    with simulator() as (aws, stubber):
        first = answer(result("ec2:DescribeSubnets", "allowed"), IsTruncated=True, Marker="more")
        say(stubber, first)
        say(
            stubber,
            answer(result("ec2:DescribeVpcs", "allowed"), IsTruncated=False),
            asked(["ec2:DescribeSubnets", "ec2:DescribeVpcs"], Marker="more"),
        )
        wanted = {"ec2:DescribeVpcs": ("*",), "ec2:DescribeSubnets": ("*",)}
        assert [one.allowed for one in items(rights(aws, USER, wanted))] == [True, True]


def test_what_is_not_taken_together_is_asked_apart_and_else_undecided() -> None:
    first, second = SUBNETS
    with simulator() as (aws, stubber):
        refuse(
            stubber,
            "Invalid Input Actions: [ec2:CreateNetworkInterface] and [ec2:Novel] require different "
            "authorization information. ",
        )
        refuse(stubber, f"ResourceNames are not in a valid ARN format: {second}.")
        action = "ec2:CreateNetworkInterface"
        say(stubber, answer(result(action, "allowed", first, (first, "allowed"))))
        refuse(stubber, f"ResourceNames are not in a valid ARN format: {second}.")
        say(stubber, answer(result("ec2:Novel", "allowed", "*")))
        found = rights(aws, USER, {action: SUBNETS, "ec2:Novel": SUBNETS})
    assert decisions(found) == [
        (action, first, True),
        (action, second, UNKNOWN),
        ("ec2:Novel", first, True),
        ("ec2:Novel", second, True),
    ]
    assert aws.denied == []


def test_an_action_that_is_not_answered_is_undecided() -> None:
    with simulator() as (aws, stubber):
        say(stubber, answer())
        assert decisions(rights(aws, USER, {"ec2:DescribeVpcs": ("*",)})) == [
            ("ec2:DescribeVpcs", "*", UNKNOWN)
        ]


def test_a_condition_that_is_not_known_leaves_it_undecided() -> None:
    """IAM names the missing keys of every policy: those that the action can have bear on it."""

    def decided(*missing: str) -> Decision:
        with simulator() as (aws, stubber):
            names = {"MissingContextValues": list(missing)}
            say(stubber, answer(result("iam:PassRole", "implicitDeny", ROLE, **names)))
            found: Decision
            (found,) = items(rights(aws, USER, {"iam:PassRole": (ROLE,)}))
        return found

    assert decided("aws:SourceIp").allowed is UNKNOWN
    assert "aws:SourceIp" in decided("aws:SourceIp").reason
    assert decided("iam:AssociatedResourceArn", "ec2:CreateAction").allowed is UNKNOWN
    assert decided("ec2:CreateAction").allowed is False
    assert decided().allowed is False


@pytest.mark.parametrize(
    ("keys", "allowed", "reason"),
    [
        ([], False, "a policy denies it"),
        (
            ["aws:MultiFactorAuthPresent", "aws:SourceIp"],
            UNKNOWN,
            "a policy denies it, which may depend on aws:MultiFactorAuthPresent, aws:SourceIp",
        ),
        # What the question holds, what IAM knows of the principal, and other services' keys.
        (["aws:requestedregion", "aws:PrincipalArn", "ec2:Vpc"], False, "a policy denies it"),
        (None, UNKNOWN, "a policy denies it, on conditions that cannot be seen"),
    ],
)
def test_a_deny_that_may_stand_on_what_only_a_real_request_has_is_undecided(
    keys: list[str] | None, allowed: Any, reason: str
) -> None:
    """As where all is denied to whoever signed in without MFA. Recorded (September 2026): such a
    Deny applies where the key is missing, and its answer names no missing key."""
    with simulator() as (aws, stubber):
        say(stubber, answer(result("kms:CreateGrant", "explicitDeny", KEY)))
        if keys is None:
            stubber.add_client_error("get_context_keys_for_principal_policy", "AccessDenied", "no")
        else:
            say_keys(stubber, *keys)
        (found,) = items(rights(aws, USER, {"kms:CreateGrant": (KEY,)}))
    # The key's policy cannot override a Deny, whatever it stands on.
    assert (found.allowed, found.reason, found.final) == (allowed, reason, True)


@pytest.mark.parametrize(
    ("caller", "decision", "more", "final", "reason"),
    [
        (USER, "implicitDeny", {}, False, "no policy allows it"),
        (USER, "explicitDeny", {}, True, "a policy denies it"),
        (
            USER,
            "implicitDeny",
            {"OrganizationsDecisionDetail": {"AllowedByOrganizations": False}},
            True,
            "no policy allows it (the organization's)",
        ),
        (
            USER,
            "implicitDeny",
            {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": False}},
            False,
            "no policy allows it (the permissions boundary)",
        ),
        (
            SESSION,
            "implicitDeny",
            {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": False}},
            True,
            "no policy allows it (the permissions boundary)",
        ),
    ],
)
def test_what_a_resources_policy_may_still_give(
    caller: str, decision: str, more: dict[str, Any], final: bool, reason: str
) -> None:
    with simulator() as (aws, stubber):
        if caller == SESSION:
            role = {
                "Path": "/ci/",
                "RoleName": "deployer",
                "RoleId": "A" * 16,
                "Arn": ROLE,
                "CreateDate": 0,
            }
            stubber.add_response("get_role", {"Role": role}, {"RoleName": "deployer"})
        say(stubber, answer(result("kms:CreateGrant", decision, KEY, **more)))
        if decision == "explicitDeny":
            say_keys(stubber)
        (found,) = items(rights(aws, caller, {"kms:CreateGrant": (KEY,)}))
    assert (found.allowed, found.final, found.reason) == (False, final, reason)


@pytest.mark.parametrize("code", ["AccessDenied", "NoSuchEntity"])
def test_a_caller_that_cannot_be_simulated_leaves_all_unknown(code: str) -> None:
    with simulator() as (aws, stubber):
        stubber.add_client_error("simulate_principal_policy", code, "no")
        assert rights(aws, USER, {"iam:PassRole": (ROLE,)}) is UNKNOWN
    assert [one.permission for one in aws.denied] == ["iam:SimulatePrincipalPolicy"]
