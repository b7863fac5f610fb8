"""Which statements of a policy document apply to a request.

Anything in a document may be ``UNKNOWN``, down to a single resource in a list.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mwaa.model.platform import UNKNOWN, Document, Maybe, known
from policy.analysis.iam.conditions import holds
from policy.analysis.iam.match import (
    all_of,
    any_of,
    expand,
    matches_action,
    matches_arn,
    negate,
    strings,
)
from policy.analysis.iam.request import Request, account_of, is_role_of, is_service

_MODERN = "2012-10-17"


@dataclass(frozen=True)
class Cited:
    """A statement, as a person finds it: policy, Sid (or number from 1) and effect."""

    policy: str
    sid: str
    effect: str

    def __str__(self) -> str:
        return f"statement {self.sid} of {self.policy}"


@dataclass(frozen=True)
class Entry:
    """Whether a statement applies to a request; ``delegates`` if to the principal's account."""

    cited: Cited
    effect: Maybe[str]
    applies: bool | None
    delegates: bool | None


def statements(document: Maybe[Document]) -> Iterator[tuple[str, Maybe[Mapping[str, Any]]]]:
    """The statements of a document with a name for each: its Sid, or its number from 1."""
    if not known(document):
        yield "not known yet", UNKNOWN
        return
    found = document.get("Statement", ())
    if isinstance(found, Mapping):
        found = (found,)
    if not known(found) or isinstance(found, str) or not isinstance(found, Iterable):
        yield "not known yet", UNKNOWN
        return
    for number, statement in enumerate(found, 1):
        if not isinstance(statement, Mapping):
            yield str(number), UNKNOWN
            continue
        sid = statement.get("Sid")
        yield (sid if isinstance(sid, str) and sid else str(number)), statement


def entries(
    title: str, request: Request, document: Maybe[Document], of_resource: bool
) -> Iterator[Entry]:
    """What each statement of a document that may apply says about the request.

    ``of_resource``: the document stands on a resource, so its statements name principals.
    """
    modern = known(document) and document.get("Version") == _MODERN
    for name, statement in statements(document):
        if not known(statement):
            cited = Cited(title, name, "not known")
            yield Entry(cited, UNKNOWN, None, None)
            continue
        effect = statement.get("Effect")
        effect = effect if effect in ("Allow", "Deny") else UNKNOWN
        action = _action(statement, request)
        if action is False:
            continue
        applies = all_of((action, _resource(statement, request, modern)))
        if applies is False:
            continue
        direct: bool | None = True
        account: bool | None = False
        if of_resource:
            direct, account = _principal(statement, request)
        if effect == "Deny":
            # A Deny that names the account denies everybody in it.
            direct = any_of((direct, account))
        condition: bool | None = False
        if direct is not False or account is not False:
            condition = holds(statement.get("Condition"), request.value, variables=modern)
        yield Entry(
            Cited(title, name, effect if isinstance(effect, str) else "not known"),
            effect,
            all_of((applies, direct, condition)),
            all_of((applies, account, condition)),
        )


def _action(statement: Mapping[str, Any], request: Request) -> bool | None:
    if "NotAction" in statement:
        return negate(_listed(statement["NotAction"], request.action))
    return _listed(statement.get("Action"), request.action)


def _listed(patterns: object, action: str) -> bool | None:
    wanted = strings(patterns)
    if not known(wanted):
        return None
    return any_of(matches_action(w, action) if known(w) else None for w in wanted)


def _resource(statement: Mapping[str, Any], request: Request, modern: bool) -> bool | None:
    if "NotResource" in statement:
        return negate(_names(statement["NotResource"], request, modern))
    if "Resource" not in statement:
        # Trust policies have no resource: the role itself is meant.
        return True
    return _names(statement["Resource"], request, modern)


def _names(patterns: object, request: Request, modern: bool) -> bool | None:
    wanted = strings(patterns)
    if not known(wanted):
        return None
    answers: list[bool | None] = []
    for text in wanted:
        pattern = expand(text, request.value) if modern and known(text) else text
        if pattern is None or pattern == "*":
            answers.append(pattern == "*")
        elif known(pattern) and known(request.resource):
            answers.append(matches_arn(pattern, request.resource))
        else:
            answers.append(None)
    return any_of(answers)


def _principal(statement: Mapping[str, Any], request: Request) -> tuple[bool | None, bool | None]:
    """Whether the statement names the principal, and whether it names the principal's account."""
    if "NotPrincipal" in statement:
        direct, account = _named(statement["NotPrincipal"], request.principal)
        return negate(any_of((direct, account))), False
    return _named(statement.get("Principal"), request.principal)


def _named(element: object, principal: Maybe[str]) -> tuple[bool | None, bool | None]:
    if element == "*":
        return True, False
    if not known(element):
        return None, None
    if not isinstance(element, Mapping):
        return False, False
    direct: list[bool | None] = []
    account: list[bool | None] = []
    for kind, names in element.items():
        listed = strings(names)
        for name in listed if known(listed) else (UNKNOWN,):
            if kind == "AWS" and name == "*":
                direct.append(True)
            elif not (known(name) and known(principal)):
                direct.append(None)
                account.append(None if kind == "AWS" else False)
            elif kind == "AWS":
                direct.append(name == principal or is_role_of(name, principal))
                account.append(_is_account_of(name, principal))
            else:
                direct.append(name == principal)
    return any_of(direct), any_of(account)


def _is_account_of(name: str, principal: str) -> bool:
    """``123456789012`` and ``arn:aws:iam::123456789012:root`` stand for the whole account."""
    if is_service(principal):
        return False
    account = account_of(name) if name.endswith(":root") else name
    return bool(account) and account == account_of(principal)
