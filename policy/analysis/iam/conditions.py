"""The Condition element of the IAM policy language: operators, sets, missing keys.

Sources (operators, then keys with several values):
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from collections.abc import Callable, Mapping

from mwaa.model.platform import UNKNOWN, Maybe, known
from policy.analysis.iam.comparisons import NEGATIVE, POSITIVE, READABLE, truth
from policy.analysis.iam.match import Values, expand, strings
from policy.analysis.verdict import FAIL, PASS, UNSURE, Verdict, every, of, some

_BY_LOWER = {name.lower(): name for name in (*POSITIVE, *NEGATIVE, "Null")}
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


def missed(condition: object, lookup: Callable[[str], Values], *, variables: bool) -> str:
    """The first test of a condition that is not met, as a person would say it; else empty."""
    if not isinstance(condition, Mapping):
        return ""
    for operator, tests in condition.items():
        for key, wanted in tests.items() if isinstance(tests, Mapping) else ():
            if holds({operator: {key: wanted}}, lookup, variables=variables) is not FAIL:
                continue
            if "externalid" in str(key).lower():
                return f"{operator} {key} (its value is a secret of two parties)"
            listed = strings(wanted)
            texts = ", ".join(str(one) for one in listed) if known(listed) else "a value"
            values = lookup(str(key))
            several = (values,) if isinstance(values, str) else values
            given = ", ".join(several or ()) if known(several) else "another"
            return f"{operator} {key} {texts}, and the request has {given or 'none'}"
    return ""


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
    absent = _absent(values)
    return some(of(truth(w) is absent if known(w) else UNKNOWN) for w in wanted)


def _absent(values: str | tuple[str, ...] | None) -> bool:
    return values is None or values == ()


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
    negative = operator in NEGATIVE
    if not known(values):
        return UNSURE
    if values is None or values == ():
        # An absent key fails a positive operator and satisfies a negative one.
        return of(if_exists or quantifier == "forallvalues" or (negative and quantifier == ""))
    if wanted is None:
        return UNSURE
    if isinstance(values, str):
        values = (values,)
    elif quantifier == "":
        # A key of several values asks for a quantifier, also where it has one value.
        return FAIL
    answers = (_one(operator, wanted, value) for value in values)
    return every(answers) if quantifier == "forallvalues" else some(answers)


def _one(operator: str, wanted: list[Maybe[str]], given: str) -> Verdict:
    positive = NEGATIVE.get(operator, operator)
    readable = READABLE.get(positive)
    if readable is not None and not readable(given):
        return FAIL
    hit = _hit(positive, wanted, given)
    return ~hit if operator in NEGATIVE else hit


def _hit(operator: str, wanted: list[Maybe[str]], given: str) -> Verdict:
    """IAM compares in the order of the policy, and gives up at a value that it cannot read."""
    doubt = False
    for text in wanted:
        answer = POSITIVE[operator](text, given) if known(text) else UNKNOWN
        if answer is True:
            return PASS
        if known(text) and not known(answer):
            return UNSURE
        doubt = doubt or not known(text)
    return UNSURE if doubt else FAIL
