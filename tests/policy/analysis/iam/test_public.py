"""Statements that let anybody in, and what counts as a limit."""

from typing import Any

import pytest

from mwaa.model.platform import UNKNOWN, Maybe
from policy.analysis.iam.public import any_condition, fixes_caller, open_statements
from policy.analysis.verdict import FAIL, PASS, UNSURE, of
from tests.fixtures.changes import edited
from tests.fixtures.policies import key_policy
from tests.fixtures.records import ACCOUNT, NAME, REGION


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, ()),
        ({"Principal": "*"}, ()),
        ({"Principal": "*", "Condition": None}, ("CloudWatchLogs",)),
        ({"Principal": {"AWS": "*"}, "Condition": None}, ("CloudWatchLogs",)),
        ({"Principal": {"AWS": [ACCOUNT, "*"]}, "Condition": None}, ("CloudWatchLogs",)),
        ({"Principal": {"AWS": [ACCOUNT, UNKNOWN]}, "Condition": None}, UNKNOWN),
        ({"Principal": UNKNOWN, "Condition": None}, UNKNOWN),
        ({"Principal": "*", "Condition": UNKNOWN}, UNKNOWN),
        ({"Principal": "*", "Condition": None, "Effect": UNKNOWN}, UNKNOWN),
        ({"Principal": "*", "Condition": None, "Effect": "Deny"}, ()),
    ],
)
def test_statements_open_to_anybody(changes: dict[str, Any], found: Any) -> None:
    document = edited(key_policy(NAME, REGION, ACCOUNT), "CloudWatchLogs", **changes)
    assert open_statements(document, any_condition) == found


def test_without_a_policy_nobody_is_let_in() -> None:
    assert open_statements(None, any_condition) == ()
    assert open_statements(UNKNOWN, any_condition) is UNKNOWN
    assert open_statements({"Statement": [UNKNOWN]}, fixes_caller) is UNKNOWN


@pytest.mark.parametrize(
    ("operator", "key", "values", "fixed"),
    [
        ("StringEquals", "aws:SourceVpce", "vpce-1", True),
        ("StringEquals", "AWS:sourcevpc", ["vpc-1", "vpc-2"], True),
        ("StringEquals", "aws:SourceVpce", ["vpce-1", UNKNOWN], UNKNOWN),
        ("StringEquals", "aws:SourceVpce", UNKNOWN, UNKNOWN),
        ("StringLike", "aws:SourceVpce", ["vpce-1", "*"], False),
        ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-1/r-1/ou-1/", True),
        ("ForAllValues:StringLike", "aws:PrincipalOrgPaths", "o-1/r-1/ou-1/", False),
        ("StringEqualsIfExists", "aws:SourceVpce", "vpce-1", False),
        ("StringNotEquals", "aws:SourceVpce", "vpce-1", False),
        ("Null", "aws:SourceVpce", "false", False),
        ("Bool", "aws:SecureTransport", "true", False),
        ("StringLike", "aws:userid", "AROA1:*", False),
        ("ArnLike", "aws:SourceArn", f"arn:aws:airflow:*:{ACCOUNT}:environment/*", True),
        ("ArnLike", "aws:SourceArn", "arn:aws:s3:::another", True),
        ("ArnLike", "aws:SourceArn", "arn:aws:s3:::another-*", False),
        ("StringEquals", "aws:PrincipalArn", "arn:aws:iam::${aws:PrincipalAccount}:role/x", False),
        ("IpAddress", "aws:SourceIp", ["203.0.113.0/24", "2001:db8::/32"], True),
        ("IpAddress", "aws:SourceIp", "0.0.0.0/1", False),
        ("IpAddress", "aws:SourceIp", "::/0", False),
        ("IpAddress", "aws:SourceIp", "anywhere", False),
    ],
)
def test_what_fixes_who_calls(operator: str, key: str, values: Any, fixed: Maybe[bool]) -> None:
    assert fixes_caller({operator: {key: values}}) is of(fixed)


def test_one_limit_of_several_tests_is_enough() -> None:
    tls = {"Bool": {"aws:SecureTransport": "true"}}
    assert fixes_caller({**tls, "StringEquals": {"aws:SourceAccount": ACCOUNT}}) is PASS
    assert fixes_caller({**tls, "StringEquals": UNKNOWN}) is UNSURE
    assert fixes_caller(tls) is FAIL and fixes_caller(None) is FAIL
    assert fixes_caller(UNKNOWN) is UNSURE
