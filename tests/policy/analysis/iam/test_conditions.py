"""Every condition operator, sets of values, missing keys and unknown values."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mwaa.model.platform import UNKNOWN
from policy.analysis.iam.conditions import OPERATORS, holds
from policy.analysis.iam.match import Values
from policy.analysis.verdict import FAIL, PASS, UNSURE, Verdict, of

ARN = "arn:aws:airflow:us-east-1:123456789012:environment/prod"
CONTEXT: dict[str, Values] = {
    "s": "Blue",
    "n": "10",
    "d": "2026-01-01T00:00:00Z",
    "b": "true",
    "bin": "aGVsbG8=",
    "ip": "10.0.3.7",
    "ip6": "2001:db8::1",
    "arn": ARN,
    "tags": ("red", "green"),
    "user": "ann",
    "secret": UNKNOWN,
}


def judge(operator: str, key: str, wanted: Any) -> Verdict:
    return holds({operator: {key: wanted}}, CONTEXT.get, variables=True)


CASES: list[tuple[str, str, Any, bool]] = [
    ("StringEquals", "s", "Blue", True),
    ("StringEquals", "s", ["Red", "Blue"], True),
    ("StringEquals", "s", "blue", False),
    ("StringEquals", "s", "Bl*", False),
    ("StringNotEquals", "s", ["Red", "Blue"], False),
    ("StringNotEquals", "s", ["Red", "Green"], True),
    ("StringEqualsIgnoreCase", "s", "blue", True),
    ("StringNotEqualsIgnoreCase", "s", "blue", False),
    ("StringLike", "s", "B?u*", True),
    ("StringLike", "s", "b*", False),
    ("StringNotLike", "s", "B*", False),
    ("StringEquals", "user", "${user}", True),
    ("StringLike", "user", "${none}", False),
    ("NumericEquals", "n", 10, True),
    ("NumericEquals", "n", "10.0", True),
    ("NumericNotEquals", "n", "10", False),
    ("NumericLessThan", "n", "10", False),
    ("NumericLessThan", "n", "11", True),
    ("NumericLessThanEquals", "n", "10", True),
    ("NumericGreaterThan", "n", "9", True),
    ("NumericGreaterThanEquals", "n", "10", True),
    ("NumericGreaterThanEquals", "n", "10.5", False),
    ("NumericEquals", "s", "10", False),
    ("DateEquals", "d", "2026-01-01T00:00:00Z", True),
    ("DateEquals", "d", "2026-01-01T01:00:00+01:00", True),
    ("DateNotEquals", "d", "2026-01-01T00:00:00Z", False),
    ("DateLessThan", "d", "2026-01-02", True),
    ("DateLessThanEquals", "d", "2026-01-01", True),
    ("DateGreaterThan", "d", "1767225599", True),
    ("DateGreaterThanEquals", "d", "2026-01-01T00:00:01Z", False),
    ("Bool", "b", "true", True),
    ("Bool", "b", True, True),
    ("Bool", "b", "false", False),
    ("BinaryEquals", "bin", "aGVsbG8=", True),
    ("BinaryEquals", "bin", "d29ybGQ=", False),
    ("IpAddress", "ip", "10.0.0.0/16", True),
    ("IpAddress", "ip", ["192.0.2.0/24", "10.0.3.7"], True),
    ("IpAddress", "ip", "2001:db8::/32", False),
    ("IpAddress", "ip6", "2001:db8::/32", True),
    ("NotIpAddress", "ip", "10.0.0.0/16", False),
    ("ArnEquals", "arn", ARN, True),
    ("ArnEquals", "arn", "arn:aws:airflow:*:*:environment/*", True),
    ("ArnLike", "arn", "arn:aws:airflow:us-east-1:*:environment/dev", False),
    ("ArnNotEquals", "arn", ARN, False),
    ("ArnNotLike", "arn", "arn:aws:s3:::*", True),
    ("Null", "s", "false", True),
    ("Null", "s", "true", False),
    ("Null", "none", True, True),
    ("Null", "none", "false", False),
    ("stringequals", "s", "Blue", True),
    ("ForAnyValue:StringEquals", "tags", "red", True),
    ("ForAnyValue:StringEquals", "tags", "blue", False),
    ("ForAnyValue:StringNotEquals", "tags", "red", True),
    ("ForAnyValue:StringNotEquals", "tags", ["red", "green"], False),
    ("ForAllValues:StringEquals", "tags", ["red", "green", "blue"], True),
    ("ForAllValues:StringEquals", "tags", "red", False),
    ("ForAllValues:StringNotEquals", "tags", "blue", True),
    ("ForAllValues:StringLike", "tags", "*e*", True),
    ("ForAllValues:StringEquals", "none", "red", True),
    ("ForAnyValue:StringEquals", "none", "red", False),
    ("ForAnyValue:StringNotEquals", "none", "red", False),
    ("StringEqualsIfExists", "none", "x", True),
    ("StringEqualsIfExists", "s", "x", False),
    ("ForAnyValue:StringEqualsIfExists", "none", "x", True),
    ("NumericLessThanIfExists", "none", "1", True),
]


@pytest.mark.parametrize(("operator", "key", "wanted", "expected"), CASES)
def test_operator(operator: str, key: str, wanted: Any, expected: bool) -> None:
    assert judge(operator, key, wanted) is of(expected)


def test_the_table_covers_every_operator() -> None:
    tried = {name.partition(":")[2] or name for name, *_ in CASES}
    assert {name.removesuffix("IfExists") for name in tried} >= OPERATORS


@pytest.mark.parametrize("operator", sorted(OPERATORS - {"Null"}))
def test_a_missing_key_fails_what_is_positive_and_meets_what_is_negative(operator: str) -> None:
    assert judge(operator, "none", "10.0.0.0/8") is of("Not" in operator)
    assert judge(f"{operator}IfExists", "none", "10.0.0.0/8") is PASS


@pytest.mark.parametrize("operator", sorted(OPERATORS))
def test_an_unknown_value_makes_the_condition_unknown(operator: str) -> None:
    assert judge(operator, "secret", "true") is UNSURE
    assert judge(operator, "s", UNKNOWN) is UNSURE or operator == "Null"


@given(st.sampled_from(["a", "b", "ab"]), st.lists(st.sampled_from(["a", "b*", "*"]), min_size=1))
def test_negated_operators_are_the_negation(value: str, wanted: list[str]) -> None:
    for name in ("String{}Equals", "String{}Like"):
        positive, negative = (
            holds({name.format(sign): {"k": wanted}}, lambda _: value, variables=True)
            for sign in ("", "Not")
        )
        assert positive is ~negative


@pytest.mark.parametrize("values", [("red",), ("red", "green")])
def test_a_key_of_several_values_asks_for_a_quantifier(values: tuple[str, ...]) -> None:
    def judged(operator: str, wanted: str) -> Verdict:
        context: dict[str, Values] = {"tags": values, "one": "red"}
        key = "one" if "$" in wanted else "tags"
        return holds({operator: {key: wanted}}, context.get, variables=True)

    assert judged("StringEquals", "red") is FAIL
    assert judged("StringNotEquals", "blue") is FAIL
    assert judged("StringEqualsIfExists", "red") is FAIL
    assert judged("ForAnyValue:StringEquals", "red") is PASS
    assert judged("StringEquals", "${tags}") is FAIL
    assert judged("StringNotEquals", "${tags, 'red'}") is PASS


def test_all_operators_and_all_keys_must_hold() -> None:
    condition = {"StringEquals": {"s": "Blue", "user": "ann"}, "Bool": {"b": "true"}}
    assert holds(condition, CONTEXT.get, variables=True) is PASS
    assert holds({**condition, "Bool": {"b": "false"}}, CONTEXT.get, variables=True) is FAIL
    unknown = {**condition, "StringLike": {"secret": "*"}}
    assert holds(unknown, CONTEXT.get, variables=True) is UNSURE
    assert holds({**unknown, "Bool": {"b": "false"}}, CONTEXT.get, variables=True) is FAIL


def test_variables_have_no_meaning_in_the_old_policy_version() -> None:
    assert holds({"StringEquals": {"user": "${user}"}}, CONTEXT.get, variables=False) is FAIL


@pytest.mark.parametrize(
    "condition", ["x", {"StringSounds": {"s": "x"}}, {"StringEquals": "s"}, {"Some:Bool": {"b": 1}}]
)
def test_a_condition_that_cannot_be_read_is_not_known(condition: Any) -> None:
    assert holds(condition, CONTEXT.get, variables=True) is UNSURE


def test_no_condition_holds() -> None:
    assert holds(None, CONTEXT.get, variables=True) is PASS
    assert holds({}, CONTEXT.get, variables=True) is PASS
