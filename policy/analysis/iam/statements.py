"""Which statements of a policy document apply to a request.

Anything in a document may be ``UNKNOWN``, down to a single resource in a list.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from mwaa.model.platform import UNKNOWN, Document, Maybe, known
from policy.analysis.iam.conditions import holds, missed
from policy.analysis.iam.match import (
    expand,
    matches_action,
    matches_arn,
    strings,
)
from policy.analysis.iam.request import Request, account_of, is_role_of, is_service
from policy.analysis.verdict import FAIL, PASS, UNSURE, Verdict, every, of, some

_MODERN = "2012-10-17"

_Statement: TypeAlias = tuple[str, Maybe[Mapping[str, Any]], Verdict]
# Documents by their id, with what was found in each: a platform has some fifty.
_SEARCHED: dict[int, tuple[Maybe[Document], dict[str, tuple[_Statement, ...]]]] = {}
_MOST = 1024


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
    """Whether a statement applies to a request; ``delegates`` if to the principal's account.

    ``miss`` is what an Allow asks for that the request does not have, where all else matches.
    """

    cited: Cited
    effect: Maybe[str]
    applies: Verdict
    delegates: Verdict
    miss: str = ""

    def as_effect(self, effect: str, answer: Verdict) -> Verdict:
        """``answer`` as one that allows or denies; unsure where the effect is not known."""
        if known(self.effect):
            return answer if self.effect == effect else FAIL
        return UNSURE if answer is PASS else answer


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
    for name, statement, action in _about(document, request.action):
        if not known(statement):
            cited = Cited(title, name, "not known")
            yield Entry(cited, UNKNOWN, UNSURE, UNSURE)
            continue
        effect = statement.get("Effect")
        effect = effect if effect in ("Allow", "Deny") else UNKNOWN
        applies = every((action, _resource(statement, request, modern)))
        if applies is FAIL:
            continue
        direct, account = PASS, FAIL
        if of_resource:
            direct, account = _principal(statement, request)
        if effect == "Deny":
            # A Deny that names the account denies everybody in it.
            direct = some((direct, account))
        condition = FAIL
        if direct is not FAIL or account is not FAIL:
            condition = holds(statement.get("Condition"), request.value, variables=modern)
        cited = Cited(title, name, effect if isinstance(effect, str) else "not known")
        miss = ""
        if effect == "Allow" and applies is PASS:
            if PASS in (direct, account) and condition is FAIL:
                test = missed(statement.get("Condition"), request.value, variables=modern)
                miss = f"{cited} asks for {test}" if test else ""
            elif direct is FAIL and account is FAIL:
                accounts = _other_accounts(statement, request.principal)
                miss = f"{cited} is for account {', '.join(accounts)}" if accounts else ""
        yield Entry(
            cited,
            effect,
            every((applies, direct, condition)),
            every((applies, account, condition)),
            miss,
        )


def _about(document: Maybe[Document], action: str) -> tuple[_Statement, ...]:
    """The statements that may be about an action, each with whether it is.

    A document is a part of a platform, so nobody changes it: each is searched once for each action,
    whatever resources and callers are asked about.
    """
    # A mapping has no hash. While its answers are kept it is, too, so that its id stays its own.
    kept = _SEARCHED.get(id(document))
    if kept is None:
        if len(_SEARCHED) >= _MOST:
            _SEARCHED.clear()
        kept = _SEARCHED[id(document)] = document, {}
    answers = kept[1]
    if action not in answers:
        answers[action] = tuple(_search(document, action))
    return answers[action]


def _search(document: Maybe[Document], action: str) -> Iterator[_Statement]:
    for name, statement in statements(document):
        answer = _action(statement, action) if known(statement) else UNSURE
        if answer is not FAIL:
            yield name, statement, answer


def _action(statement: Mapping[str, Any], action: str) -> Verdict:
    if "NotAction" in statement:
        return ~_listed(statement["NotAction"], action)
    return _listed(statement.get("Action"), action)


def _listed(patterns: object, action: str) -> Verdict:
    wanted = strings(patterns)
    if not known(wanted):
        return UNSURE
    answer = FAIL
    for pattern in wanted:
        if not known(pattern):
            answer = UNSURE
        elif matches_action(pattern, action):
            return PASS
    return answer


def _resource(statement: Mapping[str, Any], request: Request, modern: bool) -> Verdict:
    if "NotResource" in statement:
        return ~_names(statement["NotResource"], request, modern)
    if "Resource" not in statement:
        # Trust policies have no resource: the role itself is meant.
        return PASS
    return _names(statement["Resource"], request, modern)


def _names(patterns: object, request: Request, modern: bool) -> Verdict:
    wanted = strings(patterns)
    if not known(wanted):
        return UNSURE
    answers: list[Verdict] = []
    for text in wanted:
        pattern = expand(text, request.value) if modern and known(text) else text
        if pattern is None or pattern == "*":
            answers.append(of(pattern == "*"))
        elif known(pattern) and known(request.resource):
            answers.append(of(matches_arn(pattern, request.resource)))
        else:
            answers.append(UNSURE)
    return some(answers)


def _principal(statement: Mapping[str, Any], request: Request) -> tuple[Verdict, Verdict]:
    """Whether the statement names the principal, and whether it names the principal's account."""
    if "NotPrincipal" in statement:
        direct, account = _named(statement["NotPrincipal"], request.principal)
        return ~some((direct, account)), FAIL
    return _named(statement.get("Principal"), request.principal)


def _named(element: object, principal: Maybe[str]) -> tuple[Verdict, Verdict]:
    if element == "*":
        return PASS, FAIL
    if not known(element):
        return UNSURE, UNSURE
    if not isinstance(element, Mapping):
        return FAIL, FAIL
    direct: list[Verdict] = []
    account: list[Verdict] = []
    for kind, names in element.items():
        listed = strings(names)
        for name in listed if known(listed) else (UNKNOWN,):
            if kind == "AWS" and name == "*":
                direct.append(PASS)
            elif not (known(name) and known(principal)):
                direct.append(UNSURE)
                account.append(UNSURE if kind == "AWS" else FAIL)
            elif kind == "AWS":
                direct.append(of(name == principal or is_role_of(name, principal)))
                account.append(of(_is_account_of(name, principal)))
            else:
                direct.append(of(name == principal))
    return some(direct), some(account)


def _other_accounts(statement: Mapping[str, Any], principal: Maybe[str]) -> list[str]:
    """The accounts that a statement names where it does not name the principal's."""
    element = statement.get("Principal")
    if not known(principal) or is_service(principal) or not isinstance(element, Mapping):
        return []
    listed = strings(element.get("AWS"))
    names = [name for name in listed if known(name)] if known(listed) else []
    accounts = {name if name.isdigit() else account_of(name) for name in names}
    return sorted(accounts - {"", account_of(principal)})


def _is_account_of(name: str, principal: str) -> bool:
    """``123456789012`` and ``arn:aws:iam::123456789012:root`` stand for the whole account."""
    if is_service(principal):
        return False
    account = account_of(name) if name.endswith(":root") else name
    return bool(account) and account == account_of(principal)
