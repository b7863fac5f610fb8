"""The Condition element of the IAM policy language: operators, sets, missing keys.

Sources (operators, then keys with several values):
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

import base64
import binascii
import ipaddress
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from mwaa.model.platform import UNKNOWN, Maybe, known
from policy.analysis.iam.match import (
    Values,
    expand,
    literal,
    matches,
    matches_arn,
    strings,
)
from policy.analysis.verdict import PASS, UNSURE, Verdict, every, of, some

Compare = Callable[[str, str], bool]
"""Of the policy's value and the request's value."""


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _moment(text: str) -> float | None:
    """Seconds since the epoch, from a number or an ISO 8601 date."""
    if (seconds := _number(text)) is not None:
        return seconds
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _ordered(
    parse: Callable[[str], float | None], compare: Callable[[float, float], bool]
) -> Compare:
    def both(wanted: str, given: str) -> bool:
        left, right = parse(given), parse(wanted)
        return left is not None and right is not None and compare(left, right)

    return both


def _address(wanted: str, given: str) -> bool:
    try:
        return ipaddress.ip_address(given) in ipaddress.ip_network(wanted, strict=False)
    except (ValueError, TypeError):
        return False


def _binary(wanted: str, given: str) -> bool:
    try:
        return base64.b64decode(wanted, validate=True) == base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        return False


def _comparisons(prefix: str, parse: Callable[[str], float | None]) -> dict[str, Compare]:
    return {
        f"{prefix}Equals": _ordered(parse, lambda a, b: a == b),
        f"{prefix}LessThan": _ordered(parse, lambda a, b: a < b),
        f"{prefix}LessThanEquals": _ordered(parse, lambda a, b: a <= b),
        f"{prefix}GreaterThan": _ordered(parse, lambda a, b: a > b),
        f"{prefix}GreaterThanEquals": _ordered(parse, lambda a, b: a >= b),
    }


def _same_boolean(wanted: str, given: str) -> bool:
    return wanted.lower() == given.lower()


_POSITIVE: Mapping[str, Compare] = {
    "StringEquals": lambda wanted, given: literal(wanted) == given,
    "StringEqualsIgnoreCase": lambda wanted, given: literal(wanted).lower() == given.lower(),
    "StringLike": matches,
    "Bool": _same_boolean,
    "BinaryEquals": _binary,
    "IpAddress": _address,
    "ArnEquals": matches_arn,
    "ArnLike": matches_arn,
    **_comparisons("Numeric", _number),
    **_comparisons("Date", _moment),
}
_NEGATIVE = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "NotIpAddress": "IpAddress",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
}
_BY_LOWER = {name.lower(): name for name in (*_POSITIVE, *_NEGATIVE, "Null")}
OPERATORS = frozenset(_BY_LOWER.values())


def holds(condition: object, lookup: Callable[[str], Values], *, variables: bool) -> Verdict:
    """Whether a Condition element is met; unknown when that depends on something not known.

    ``lookup`` answers for a context key. ``variables`` tells whether policy variables have a
    meaning (policy version 2012-10-17). A condition that cannot be read is not known.
    """
    if condition is None:
        return PASS
    if not isinstance(condition, Mapping):
        return UNSURE
    return every(_operator(str(name), keys, lookup, variables) for name, keys in condition.items())


def _operator(name: str, keys: object, lookup: Callable[[str], Values], variables: bool) -> Verdict:
    quantifier, _, rest = name.rpartition(":")
    if_exists = rest.lower().endswith("ifexists")
    plain = rest[: -len("IfExists")] if if_exists else rest
    operator = _BY_LOWER.get(plain.lower())
    if operator is None or quantifier.lower() not in ("", "forallvalues", "foranyvalue"):
        return UNSURE
    if not isinstance(keys, Mapping):
        return UNSURE
    return every(
        _null(lookup(str(key)), strings(wanted))
        if operator == "Null"
        else _key(
            operator,
            quantifier.lower(),
            if_exists,
            lookup(str(key)),
            _expanded(strings(wanted), lookup, variables),
        )
        for key, wanted in keys.items()
    )


def _null(values: Values, wanted: Maybe[tuple[Maybe[str], ...]]) -> Verdict:
    """``Null: true`` holds when the key is absent."""
    if not known(values) or not known(wanted):
        return UNSURE
    absent = "true" if not values else "false"
    return some(of(w.lower() == absent if known(w) else UNKNOWN) for w in wanted)


def _expanded(
    wanted: Maybe[tuple[Maybe[str], ...]], lookup: Callable[[str], Values], variables: bool
) -> list[Maybe[str]] | None:
    """The policy's values with variables replaced; those without a value match nothing."""
    if not known(wanted):
        return None
    texts: list[Maybe[str]] = []
    for text in wanted:
        value = expand(text, lookup) if variables and known(text) else text
        if value is not None:
            texts.append(value)
    return texts


def _key(
    operator: str,
    quantifier: str,
    if_exists: bool,
    values: Values,
    wanted: list[Maybe[str]] | None,
) -> Verdict:
    negative = operator in _NEGATIVE
    if not known(values):
        return UNSURE
    if not values:
        # An absent key fails a positive operator and satisfies a negative one.
        return of(if_exists or quantifier == "forallvalues" or (negative and quantifier == ""))
    if wanted is None:
        return UNSURE
    compare = _POSITIVE[_NEGATIVE.get(operator, operator)]
    hits = [_hit(compare, wanted, value) for value in values]
    answers = [~hit for hit in hits] if negative else hits
    if quantifier == "forallvalues" or (quantifier == "" and negative):
        return every(answers)
    return some(answers)


def _hit(compare: Compare, wanted: list[Maybe[str]], given: str) -> Verdict:
    return some(of(compare(w, given) if known(w) else UNKNOWN) for w in wanted)
