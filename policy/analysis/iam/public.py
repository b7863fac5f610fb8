"""Which statements of a resource's policy let anybody in: Principal ``*`` without a real limit.

A condition limits a statement only where it names who calls, or from where, by fixed values: the
keys are those by which S3 decides whether a policy is public. Source:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mwaa.model.platform import UNKNOWN, Document, Maybe, known
from policy.analysis.iam.match import strings
from policy.analysis.iam.request import Request
from policy.analysis.iam.statements import entries, statements
from policy.analysis.verdict import FAIL, PASS, UNSURE, Verdict, every, of, some

_LIMITS = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "aws:vpceorgpaths",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
    }
)
_POSITIVE = frozenset({"stringequals", "stringequalsignorecase", "stringlike", "arnequals",
                       "arnlike", "ipaddress"})  # fmt: skip
# Wider than these, a range of addresses is everybody.
_WIDEST = {4: 8, 6: 32}
_STRANGER = "arn:aws:iam::000000000000:role/stranger"


def any_condition(condition: object) -> Verdict:
    """Whether there is a condition at all, for resources whose condition keys are others."""
    return of(bool(condition)) if known(condition) else UNSURE


def fixes_caller(condition: object) -> Verdict:
    """Whether a test of the condition fixes who calls: all tests must hold, so one is enough."""
    if condition is None:
        return FAIL
    if not isinstance(condition, Mapping):
        return UNSURE
    answers: list[Verdict] = []
    for operator, tests in condition.items():
        if isinstance(tests, Mapping):
            answers += [_fixes(str(operator), str(key), value) for key, value in tests.items()]
        else:
            answers.append(UNSURE)
    return some(answers)


def open_statements(
    document: Maybe[Document | None], limits: Callable[[object], Verdict]
) -> Maybe[tuple[str, ...]]:
    """The names of the statements that let everybody in; ``UNKNOWN`` where one may.

    ``limits`` tells whether a statement's condition counts as a limit.
    """
    found = [] if document is None else list(_judged(document, limits))
    doubt = any(answer is UNSURE for _, answer in found)
    names = tuple(name for name, answer in found if answer is PASS)
    return UNKNOWN if doubt and not names else names


def _judged(
    document: Maybe[Document], limits: Callable[[object], Verdict]
) -> Iterator[tuple[str, Verdict]]:
    for name, statement in statements(document):
        if not known(statement):
            yield name, UNSURE
        elif statement.get("Effect") != "Deny":
            allows = PASS if statement.get("Effect") == "Allow" else UNSURE
            limited = limits(statement.get("Condition"))
            yield name, every((allows, _names_everybody(statement), ~limited))


def _names_everybody(statement: Mapping[str, Any]) -> Verdict:
    """Whether a caller of any account is meant, whatever for."""
    who = {k: v for k, v in statement.items() if k in ("Principal", "NotPrincipal")}
    alone: Document = {"Statement": [{**who, "Effect": "Allow", "Action": "*", "Resource": "*"}]}
    request = Request(action="any:Action", resource="arn:aws:any:::any", principal=_STRANGER)
    return some(e.applies for e in entries("the policy", request, alone, of_resource=True))


def _fixes(operator: str, key: str, values: object) -> Verdict:
    quantifier, _, plain = operator.lower().rpartition(":")
    # ForAllValues and IfExists also hold for a request without the key.
    if plain not in _POSITIVE or quantifier == "forallvalues":
        return FAIL
    wanted = strings(values)
    if key.lower() == "aws:sourceip" and plain == "ipaddress":
        fixed = _narrow
    elif key.lower() in _LIMITS:
        fixed = _exact
    else:
        return FAIL
    # One value that is not fixed is a way in.
    return every(of(fixed(v) if known(v) else UNKNOWN) for v in wanted) if known(wanted) else UNSURE


def _exact(value: str) -> bool:
    """A fixed value; of an ARN the account is enough."""
    fields = value.split(":", 5)
    account = fields[4] if value.startswith("arn:") and len(fields) == 6 else ""
    return not set("*?$") & set(account or value)


def _narrow(value: str) -> bool:
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        return False
    return network.prefixlen >= _WIDEST[network.version]
