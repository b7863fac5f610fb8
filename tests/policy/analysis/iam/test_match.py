"""Wildcards against a second implementation, ARNs, actions and policy variables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mwaa.model.platform import UNKNOWN
from policy.analysis.iam.match import (
    Values,
    expand,
    literal,
    matches,
    matches_action,
    matches_arn,
    strings,
)

patterns = st.text(alphabet="ab*?.[", max_size=8)
texts = st.text(alphabet="ab.[\n", max_size=8)


def reference(pattern: str, text: str) -> bool:
    """Dynamic programming over prefixes; shares nothing with regular expressions."""
    reached = {0}
    for sign in pattern:
        if sign == "*":
            reached = set(range(min(reached), len(text) + 1)) if reached else set()
        else:
            reached = {i + 1 for i in reached if i < len(text) and sign in ("?", text[i])}
    return len(text) in reached


@given(patterns, texts)
def test_wildcards_agree_with_dynamic_programming(pattern: str, text: str) -> None:
    assert matches(pattern, text) is reference(pattern, text)


@given(texts)
def test_a_text_matches_itself_and_the_star(text: str) -> None:
    assert matches(text, text)
    assert matches("*", text)
    assert matches(f"*{text}*", text)


parts = st.lists(st.text(alphabet="ab*?", max_size=3), min_size=6, max_size=6)


@given(parts, st.lists(st.text(alphabet="ab", max_size=3), min_size=6, max_size=6))
def test_arns_are_compared_part_by_part(pattern: list[str], arn: list[str]) -> None:
    joined = ":".join(pattern)
    expected = joined == "*" or all(reference(p, a) for p, a in zip(pattern, arn, strict=True))
    assert matches_arn(joined, ":".join(arn)) is expected


@pytest.mark.parametrize(
    ("pattern", "arn", "expected"),
    [
        ("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/dags/a.py", True),
        ("arn:aws:s3:::bucket", "arn:aws:s3:::bucket/dags/a.py", False),
        ("arn:aws:s3:::*", "arn:aws:s3:::bucket/a:b", True),
        ("arn:aws:sqs:us-east-1:*:airflow-celery-*", "arn:aws:sqs:us-east-1:9:airflow-celery-1", 1),
        ("arn:aws:sqs:us-east-1:*", "arn:aws:sqs:us-east-1:9:airflow-celery-1", True),
        ("arn:aws:sqs:*", "arn:aws:sqs:us-east-1:9:q", True),
        ("arn:aws:*:q", "arn:aws:sqs:us-east-1:9:q", False),
        (
            "arn:aws:logs:r:a:log-group:airflow-e-*",
            "arn:aws:logs:r:a:log-group:airflow-e-Task:log-stream:x",
            True,
        ),
        (
            "arn:aws:logs:r:a:log-group:airflow-e:*",
            "arn:aws:logs:r:a:log-group:airflow-e-Task:log-stream:x",
            False,
        ),
        ("*", "anything", True),
        ("arn:aws:s3:::Bucket", "arn:aws:s3:::bucket", False),
    ],
)
def test_arns_of_the_field(pattern: str, arn: str, expected: bool) -> None:
    assert matches_arn(pattern, arn) is bool(expected)


def test_actions_ignore_case() -> None:
    assert matches_action("S3:getobject*", "s3:GetObjectVersion")
    assert not matches_action("s3:Get", "s3:GetObject")


def lookup(key: str) -> Values:
    values: dict[str, Values] = {
        "aws:username": "ann*",
        "many": ("a", "b"),
        "secret": UNKNOWN,
    }
    return values.get(key)


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("home/${aws:username}/x", "home/ann*/x"),
        ("${none, 'all'}", "all"),
        ("${aws:username, 'all'}", "ann*"),
        ("${*}${?}${$}", "*?$"),
        ("${none}", None),
        ("${many}", None),
        ("${secret}", UNKNOWN),
        ("plain", "plain"),
    ],
)
def test_variables(pattern: str, value: object) -> None:
    found = expand(pattern, lookup)
    assert (literal(found) if isinstance(found, str) else found) == value


def test_a_wildcard_in_a_value_is_a_character() -> None:
    pattern = expand("${aws:username}/*", lookup)
    assert isinstance(pattern, str)
    assert matches(pattern, "ann*/x")
    assert not matches(pattern, "anna/x")


def test_elements_are_one_string_or_many() -> None:
    assert strings("a") == ("a",)
    assert strings(["a", True, 3, UNKNOWN]) == ("a", "true", "3", UNKNOWN)
    assert strings(UNKNOWN) is UNKNOWN
    assert strings(None) == ()
