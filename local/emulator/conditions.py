"""Conditions of policy statements, as far as bucket, trust and key policies use them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any


def as_list(value: Any) -> list[Any]:
    """Policies write one value without brackets."""
    return value if isinstance(value, list) else [value]


def likes(text: str, wildcard: str) -> bool:
    """Whether ``text`` matches an IAM wildcard; brackets mean themselves."""
    return fnmatchcase(text, wildcard.replace("[", "[[]"))


def holds(condition: Mapping[str, Mapping[str, Any]], context: Mapping[str, str]) -> bool:
    """Whether all of ``condition`` holds. Keys of ``context`` are lower-case."""
    return all(
        _one(operator, [str(value) for value in as_list(values)], context.get(key.lower()))
        for operator, keys in condition.items()
        for key, values in keys.items()
    )


def _one(operator: str, wanted: list[str], actual: str | None) -> bool:
    """Whether one key satisfies ``operator``; a missing key satisfies only negated ones."""
    base = operator.rpartition(":")[2]
    optional = base.endswith("IfExists")
    base = base.removesuffix("IfExists")
    if base == "Null":
        return (actual is None) == (wanted[0].lower() == "true")
    if actual is None:
        return optional or "Not" in base or operator.startswith("ForAllValues:")
    if base == "Bool":
        return actual.lower() in [value.lower() for value in wanted]
    if base in ("StringEquals", "StringNotEquals"):
        return (actual in wanted) != ("Not" in base)
    if base.startswith("StringEqualsIgnoreCase"):
        return actual.lower() in [value.lower() for value in wanted]
    if base.startswith(("StringLike", "StringNotLike", "Arn")):
        return any(likes(actual, value) for value in wanted) != ("Not" in base)
    # Numeric, date and address conditions need facts that a rehearsal does not have.
    return False
