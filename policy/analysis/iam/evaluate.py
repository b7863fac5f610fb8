"""What a set of IAM policies decides about one request, and which statement decided.

Identity policies, a permissions boundary, a resource policy and an endpoint policy, within one
account or across two. Organization policies (SCP, RCP) and session policies are not seen.
Source:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mwaa.model.platform import UNKNOWN, Document, Maybe, Policy, known
from policy.analysis.iam.match import matches_action
from policy.analysis.iam.request import Request, account_of, is_service, is_user
from policy.analysis.iam.statements import Cited, Entry, entries
from policy.analysis.verdict import PASS, UNSURE, Verdict, every, some


@dataclass(frozen=True)
class Decision:
    """PASS means allowed, FAIL denied. ``statement`` decided it; None for an implicit denial.

    ``denied_by`` is the layer that withholds: ``identity``, ``boundary``, ``resource``,
    ``endpoint``; ``explicit`` is true for an explicit Deny, false for a missing Allow.
    """

    verdict: Verdict
    reason: str
    statement: Cited | None = None
    explicit: bool = False
    denied_by: str = ""


@dataclass(frozen=True)
class _Layer:
    """What one kind of policy says: does it allow, does it deny, and by which statements."""

    name: str
    allows: Verdict
    denies: Verdict
    allowing: Cited | None = None
    denying: Cited | None = None
    delegates: Verdict = Verdict.FAIL
    near: str = ""
    """What a statement asks for that would allow it but for that."""


def evaluate(
    request: Request,
    identity: Maybe[Iterable[Policy] | None] = (),
    *,
    boundary: Maybe[Policy | None] = None,
    resource: Maybe[Document | None] = None,
    endpoint: Maybe[Document | None] = None,
    resource_decides: bool = False,
) -> Decision:
    """Whether the policies allow the request.

    ``identity`` None stands for policies that allow everything, to ask the other layers alone.
    ``resource_decides`` is for resources whose policy must let the principal in (KMS keys, role
    trust): identity policies count only as far as that policy delegates to the account.
    ``resource`` None means that no resource policy bears on the request, across accounts too.
    """
    own = _identity("identity policies", request, identity)
    bound = _boundary(request, boundary)
    there = _document("resource policy", request, resource, of_resource=True)
    passage = _document("endpoint policy", request, endpoint, of_resource=True)
    layers = [own, *(x for x in (bound, there, passage) if x is not None)]
    for layer in layers:
        if layer.denies is Verdict.PASS:
            reason = f"{layer.denying} denies it"
            return Decision(Verdict.FAIL, reason, layer.denying, True, _short(layer.name))
    granted = _granted(request, own, bound, there, resource_decides)
    if passage is not None and granted.verdict is not Verdict.FAIL:
        granted = _narrowed(granted, passage)
    doubtful = next((x for x in layers if x.denies is Verdict.UNKNOWN), None)
    if granted.verdict is Verdict.PASS and doubtful is not None:
        reason = f"whether {doubtful.denying or doubtful.name} denies it is not known"
        return Decision(Verdict.UNKNOWN, reason, doubtful.denying, False, _short(doubtful.name))
    return granted


def _short(name: str) -> str:
    return name.split()[0] if name != "permissions boundary" else "boundary"


def _granted(
    request: Request,
    own: _Layer,
    bound: _Layer | None,
    there: _Layer | None,
    resource_decides: bool,
) -> Decision:
    """The grant before the endpoint policy: which of the layers must allow, and which may."""
    principal = request.principal
    if known(principal) and is_service(principal):
        return _from(there or _Layer("resource policy", Verdict.FAIL, Verdict.FAIL))
    limit = Verdict.PASS if bound is None else bound.allows
    mine = every((own.allows, limit))
    across = (
        request.resource_account is not None
        and known(principal)
        and account_of(principal) != request.resource_account
    )
    if there is None:
        verdict = mine
    elif across:
        verdict = every((mine, some((there.allows, there.delegates))))
    elif resource_decides:
        verdict = some((every((there.allows, limit)), every((mine, there.delegates))))
    elif known(principal) and is_user(principal):
        # In one account a resource's policy alone is enough for a user, also where it names the
        # account, and whatever a boundary leaves out.
        verdict = some((mine, there.allows, there.delegates))
    else:
        # A role's boundary also limits what a resource policy gives to the role.
        verdict = some((mine, every((there.allows, limit))))
    if verdict is Verdict.PASS:
        source = own if mine is Verdict.PASS or there is None else there
        return Decision(verdict, f"{source.allowing} allows it", source.allowing)
    blocked: list[_Layer] = [own]
    if bound is not None:
        blocked.append(bound)
    if there is not None and (across or resource_decides):
        entry = some((there.allows, there.delegates))
        blocked.insert(0, replace(there, allows=entry, denies=Verdict.FAIL))
    first = next((x for x in blocked if x.allows is verdict), None) or next(
        (x for x in blocked if x.allows is not Verdict.PASS), own
    )
    return _withheld(first, verdict)


def _from(layer: _Layer) -> Decision:
    if layer.allows is Verdict.PASS:
        return Decision(Verdict.PASS, f"{layer.allowing} allows it", layer.allowing)
    return _withheld(layer, layer.allows)


def _withheld(layer: _Layer, verdict: Verdict) -> Decision:
    if verdict is Verdict.FAIL:
        near = f": {layer.near}" if layer.near else ""
        reason = f"no statement of the {layer.name} allows it{near}"
        return Decision(verdict, reason, None, False, _short(layer.name))
    reason = f"whether {layer.allowing or 'the ' + layer.name} allows it is not known"
    return Decision(verdict, reason, layer.allowing, False, _short(layer.name))


def _narrowed(granted: Decision, passage: _Layer) -> Decision:
    verdict = every((granted.verdict, some((passage.allows, passage.delegates))))
    return granted if verdict is granted.verdict else _withheld(passage, verdict)


def _identity(name: str, request: Request, policies: Maybe[Iterable[Policy] | None]) -> _Layer:
    if policies is None:
        return _Layer(name, Verdict.PASS, Verdict.FAIL, Cited("everything", "1", "Allow"))
    if not known(policies):
        return _Layer(name, Verdict.UNKNOWN, Verdict.UNKNOWN)
    found: list[Entry] = []
    for policy in policies:
        title = f"policy {policy.name if known(policy.name) else policy.id}"
        silent = not known(policy.document) and known(policy.concerns) and not any(
            matches_action(pattern, request.action) for pattern in policy.concerns
        )  # fmt: skip
        if not silent:
            found += list(entries(title, request, policy.document, False))
    return _layer(name, found)


def _boundary(request: Request, boundary: Maybe[Policy | None]) -> _Layer | None:
    if boundary is None:
        return None
    document = boundary.document if known(boundary) else UNKNOWN
    return _layer(
        "permissions boundary",
        entries("the permissions boundary", request, document, of_resource=False),
    )


def _document(
    name: str, request: Request, document: Maybe[Document | None], *, of_resource: bool
) -> _Layer | None:
    if document is None:
        return None
    return _layer(name, entries(f"the {name}", request, document, of_resource))


def _layer(name: str, entries: Iterable[Entry]) -> _Layer:
    found = list(entries)
    if not found:
        return _Layer(name, Verdict.FAIL, Verdict.FAIL)
    allow = [e for e in found if e.effect != "Deny"]
    deny = [e for e in found if e.effect != "Allow"]
    # An effect that is not known may be the other one.
    allows = [e.as_effect("Allow", e.applies) for e in allow]
    denies = [e.as_effect("Deny", e.applies) for e in deny]
    delegated = [e.as_effect("Allow", e.delegates) for e in allow]
    return _Layer(
        name,
        some(allows),
        some(denies),
        _cited(allow, allows),
        _cited(deny, denies),
        some(delegated),
        next((entry.miss for entry in allow if entry.miss), ""),
    )


def _cited(found: list[Entry], answers: list[Verdict]) -> Cited | None:
    for wanted in (PASS, UNSURE):
        for entry, answer in zip(found, answers, strict=True):
            if answer is wanted:
                return entry.cited
    return None
