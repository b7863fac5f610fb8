"""What AWS's IAM was recorded to decide, as cases of this project.

Live calls and simulations of September 2026, in github.com/radkawar/stackd, testdata/aws/iam at
commit 9dc356f5 (read 2026-11-27); ``tests/witnesses`` compares all of them where they lie.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from mwaa.model.platform import Policy
from policy.analysis.iam.conditions import holds
from policy.analysis.iam.evaluate import evaluate
from policy.analysis.iam.request import Request
from policy.analysis.verdict import FAIL, PASS, UNSURE, Verdict

ACCOUNT, OTHER = "123456789012", "999999999999"
USER = f"arn:aws:iam::{ACCOUNT}:user/team/ann"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/deployer"
OBJECT = "arn:aws:s3:::bucket/a"


@pytest.mark.parametrize(
    ("operator", "wanted", "given_value", "expected"),
    [
        # Every text but true is false, and a value that is no address or ARN meets no operator.
        ("Bool", "false", "yes", PASS),
        ("Null", "yes", "present", PASS),
        ("NotIpAddress", "192.0.2.0/24", "not-an-ip", FAIL),
        ("ArnNotLike", "arn:aws:iam::*:user/*", "not-an-arn", FAIL),
        ("DateNotEquals", "2030-01-01T00:00:00Z", "not-a-date", PASS),
        ("NumericNotEquals", "1", "no-number", PASS),
        # IAM gives up at a pattern that is no ARN, and has found what stood before it.
        ("ArnLike", ["arn:aws:iam::*:user/*", "not-an-arn"], "arn:aws:iam::1:user/a", PASS),
        ("ArnLike", ["not-an-arn", "arn:aws:iam::*:user/*"], "arn:aws:iam::1:user/a", UNSURE),
        ("ArnNotLike", "not-an-arn", "arn:aws:iam::1:user/a", UNSURE),
        # Numbers are exact, and dates go to the millisecond.
        ("NumericEquals", "9007199254740993", "9007199254740992", FAIL),
        ("NumericEquals", "1", "NaN", FAIL),
        ("DateEquals", "2030-01-01T00:00:00.1231Z", "2030-01-01T00:00:00.1239Z", PASS),
        ("BinaryEquals", "YQ==", "YR==", FAIL),
        # Leading zeros are decimal; an IPv6 block may not have bits of a host.
        ("IpAddress", "192.000.002.0/024", "192.0.2.1", PASS),
        ("IpAddress", "192.0.2.5/24", "192.0.2.1", PASS),
        ("IpAddress", "2001:db8::5/64", "2001:db8::1", FAIL),
        ("NotIpAddress", "2001:db8::5/64", "2001:db8::1", PASS),
        ("IpAddress", "192.0.2.0/24", "::ffff:192.0.2.1", PASS),
        ("IpAddress", "::/0", "fe80::1%eth0", FAIL),
    ],
)
def test_values_that_are_not_regular_compare_as_iam_was_seen_to_compare_them(
    operator: str, wanted: Any, given_value: str, expected: Verdict
) -> None:
    assert holds({operator: {"k": wanted}}, {"k": given_value}.get, variables=True) is expected


def document(effect: str, action: str = "s3:GetObject", **more: Any) -> dict[str, Any]:
    statement = {"Effect": effect, "Action": action, "Resource": "*", **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


def decided(
    caller: str,
    resource: Mapping[str, Any] | None,
    identity: Mapping[str, Any] | None = None,
    boundary: Mapping[str, Any] | None = None,
    owner: str = ACCOUNT,
) -> Verdict:
    def policy(found: Mapping[str, Any]) -> Policy:
        return Policy(id="p", name="p", document=found)

    request = Request(
        action="s3:GetObject",
        resource=OBJECT,
        principal=caller,
        complete=True,
        resource_account=owner,
    )
    return evaluate(
        request,
        [policy(identity)] if identity else [],
        boundary=policy(boundary) if boundary else None,
        resource=resource,
    ).verdict


NAMED = document("Allow", Principal={"AWS": USER})
ROOT = document("Allow", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
NARROW = document("Allow", "s3:PutObject")


@pytest.mark.parametrize("there", [NAMED, ROOT], ids=["the user", "the account"])
def test_in_one_account_a_resources_policy_alone_is_enough_for_a_user(there: Any) -> None:
    assert decided(USER, there) is PASS
    assert decided(USER, there, boundary=NARROW) is PASS
    assert decided(USER, there, document("Allow"), NARROW) is PASS
    assert decided(USER, there, boundary=document("Deny")) is FAIL
    assert decided(USER, document("Allow", Principal={"AWS": ROLE})) is FAIL


def test_in_another_account_all_of_them_must_allow() -> None:
    assert decided(USER, NAMED, owner=OTHER) is FAIL
    assert decided(USER, NAMED, document("Allow"), owner=OTHER) is PASS
    assert decided(USER, NAMED, document("Allow"), NARROW, owner=OTHER) is FAIL
    assert decided(USER, NAMED, document("Allow"), document("Allow"), owner=OTHER) is PASS


def test_a_boundary_limits_what_a_resources_policy_gives_a_role() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html"""
    there = document("Allow", Principal={"AWS": ROLE})
    assert decided(ROLE, there) is PASS
    assert decided(ROLE, there, boundary=NARROW) is FAIL


def test_a_users_name_follows_from_its_arn() -> None:
    """The path is no part of it; a role has none."""
    own = document("Allow", Resource="arn:aws:s3:::bucket/${aws:username}")
    for caller, name, expected in ((USER, "ann", PASS), (USER, "team/ann", FAIL), (ROLE, "", FAIL)):
        request = Request(
            action="s3:GetObject",
            resource=f"arn:aws:s3:::bucket/{name}",
            principal=caller,
            complete=True,
        )
        assert evaluate(request, [Policy(id="p", name="p", document=own)]).verdict is expected


@pytest.mark.parametrize(
    ("pattern", "resource", "expected"),
    [
        ("arn:aws:s3:::bucket/folder/*/object", "arn:aws:s3:::bucket/folder/a:b/object", PASS),
        ("arn:aws:s3:::bucket/folder/*/object", "arn:aws:s3:::bucket/folder/a/b/object", PASS),
        ("arn:aws:s3:::bucket/folder/*/object", "arn:aws:s3:::bucket/folder/a/object/b", FAIL),
        ("arn:aws:s3:::bucket*", "arn:aws:s3:::bucket:suffix/object", PASS),
        ("arn:aws:s3:::bucket*", "arn:aws:s3:::other/object", FAIL),
    ],
)
def test_a_wildcard_reaches_over_slashes_and_colons_of_the_last_part(
    pattern: str, resource: str, expected: Verdict
) -> None:
    request = Request(action="s3:GetObject", resource=resource, principal=USER, complete=True)
    policy = Policy(id="p", name="p", document=document("Allow", Resource=pattern))
    assert evaluate(request, [policy]).verdict is expected
