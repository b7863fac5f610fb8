"""What the caller itself may do, as IAM's policy simulator says.

The simulator answers once for each action; the resources stand in a list of their own, and the
answer above them has the worst of their decisions. Actions that take other kinds of resources, or
that it does not know, cannot be asked in one call; ``*`` is no ARN to it. Resource policies of
roles are not simulated: ``policy.analysis.iam.caller`` weighs them beside this. A request lacks
what only the real one has, as whether its sender signed in with MFA: many a Deny then applies, and
the answer does not say on which key it stands.
https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html and
https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html (read 2026-11-27)
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from mwaa.model.platform import UNKNOWN, Decision, Maybe, known
from ops.live.reader import AwsReader, member

ANYWHERE = ("*",)
# The simulator does not take the question as it stands, or at all.
NO_QUESTION = ("InvalidInput", "ValidationError")
DENIED = "a policy denies it"
# Condition keys and their values that the question holds; the region is the reader's.
_GIVEN = {
    "iam:PassedToService": ("airflow.amazonaws.com", "string"),
    "iam:AWSServiceName": ("airflow.amazonaws.com", "string"),
    "aws:SecureTransport": ("true", "boolean"),
}
# What the simulator knows of the principal; recorded answers of September 2026 show which.
_OF_PRINCIPAL = ("aws:PrincipalAccount", "aws:PrincipalArn", "aws:username")
_KNOWN = {key.lower() for key in (*_GIVEN, *_OF_PRINCIPAL, "aws:RequestedRegion")}
Resources = tuple[str, ...]


def rights(
    aws: AwsReader, caller: str, wanted: Mapping[str, Resources]
) -> Maybe[tuple[Decision, ...]]:
    """One ``Decision`` for each action and resource of ``wanted``; UNKNOWN without an answer.

    No policy of its own binds root, and root cannot be simulated.
    """
    if caller.endswith(":root"):
        return tuple(
            Decision(action=action, resource=resource, allowed=True, reason="the root user")
            for action, resources in wanted.items()
            for resource in resources
        )
    principal = _principal(aws, caller)
    if not known(principal) or principal is None:
        return UNKNOWN
    by_resources: dict[Resources, list[str]] = {}
    for action, resources in wanted.items():
        by_resources.setdefault(tuple(sorted(resources)), []).append(action)
    found: list[Decision] = []
    for resources, actions in by_resources.items():
        decisions = _ask(aws, principal, sorted(actions), resources)
        if not known(decisions):
            return UNKNOWN
        found += decisions
    if not any(one.reason == DENIED for one in found):
        return tuple(found)
    names: Maybe[list[str]] = aws.each(
        "iam",
        "get_context_keys_for_principal_policy",
        "ContextKeyNames",
        PolicySourceArn=principal,
    )
    return tuple(_unless_conditional(one, names) for one in found)


def _unless_conditional(denied: Decision, keys: Maybe[list[str]]) -> Decision:
    """The decision, undecided where the Deny may stand on a key that only a real request has; no
    resource's policy overrides it then either."""
    if denied.reason != DENIED:
        return denied
    if not known(keys):
        reason = f"{DENIED}, on conditions that cannot be seen"
    elif missing := [key for key in _bearing(denied.action, keys) if key.lower() not in _KNOWN]:
        reason = f"{DENIED}, which may depend on {', '.join(missing)}"
    else:
        return denied
    return replace(denied, allowed=UNKNOWN, reason=reason)


def _ask(
    aws: AwsReader, principal: str, actions: list[str], resources: Resources
) -> Maybe[list[Decision]]:
    """The decisions on all actions and resources; what the simulator does not take together is
    asked apart, and what it does not take alone stays undecided."""
    results = _simulate(aws, principal, actions, resources)
    if not known(results):
        return UNKNOWN
    if results is not None:
        return list(_decisions(principal, actions, resources, results))
    parts: Iterable[tuple[list[str], Resources]]
    if len(actions) > 1:
        parts = [([action], resources) for action in actions]
    elif len(resources) > 1:
        parts = [(actions, (resource,)) for resource in resources]
    else:
        reason = "IAM's policy simulator does not take the question"
        return [_undecided(actions[0], resources[0], reason)]
    found: list[Decision] = []
    for some, there in parts:
        answer = _ask(aws, principal, some, there)
        if not known(answer):
            return UNKNOWN
        found += answer
    return found


def _simulate(
    aws: AwsReader, principal: str, actions: list[str], resources: Resources
) -> Maybe[list[Any] | None]:
    """EvaluationResults, None where the simulator refuses the question, or UNKNOWN."""
    context = {**_GIVEN, "aws:RequestedRegion": (aws.region, "string")}
    where: dict[str, Any] = {} if resources == ANYWHERE else {"ResourceArns": list(resources)}
    answer = aws.call(
        "iam",
        "simulate_principal_policy",
        NO_QUESTION,
        PolicySourceArn=principal,
        ActionNames=actions,
        ContextEntries=[
            {"ContextKeyName": name, "ContextKeyValues": [value], "ContextKeyType": kind}
            for name, (value, kind) in context.items()
        ],
        **where,
    )
    results: Maybe[list[Any] | None] = member(answer, "EvaluationResults")
    return results


def _decisions(
    principal: str, actions: list[str], resources: Resources, results: list[Mapping[str, Any]]
) -> Iterator[Decision]:
    answered: dict[tuple[str, str], Decision] = {}
    for result in results:
        specific = result.get("ResourceSpecificResults")
        for one in [result] if specific is None else specific:
            name = one.get("EvalResourceName", "")
            decided = one.get("EvalResourceDecision", one.get("EvalDecision"))
            # Above several resources stands a template's name, and the worst of the decisions.
            of_all = specific is None and (len(resources) == 1 or decided == "allowed")
            for resource in resources if of_all else (name,):
                decision = _decision(principal, {**result, **one}, str(decided), resource)
                answered[decision.action.lower(), resource] = decision
    for action in actions:
        for resource in resources:
            silence = _undecided(action, resource, "IAM's policy simulator does not say")
            yield answered.get((action.lower(), resource), silence)


def _decision(principal: str, answer: Mapping[str, Any], decided: str, resource: str) -> Decision:
    action = str(answer["EvalActionName"])
    if decided == "allowed":
        return Decision(action=action, resource=resource, allowed=True, reason="allowed")
    by_organization = not _within(answer, "OrganizationsDecisionDetail", "AllowedByOrganizations")
    by_boundary = not _within(
        answer, "PermissionsBoundaryDecisionDetail", "AllowedByPermissionsBoundary"
    )
    words = {"implicitDeny": "no policy allows it", "explicitDeny": DENIED}
    reason = words.get(decided, decided)
    missing = _bearing(action, answer.get("MissingContextValues") or ())
    if by_organization:
        reason = f"{reason} (the organization's)"
    elif decided == "implicitDeny" and missing:
        return _undecided(action, resource, f"it depends on {', '.join(missing)}")
    elif by_boundary:
        reason = f"{reason} (the permissions boundary)"
    # A boundary binds what a resource's policy gives a role, not what it gives a user.
    bound = by_boundary and ":role/" in principal
    final = decided == "explicitDeny" or by_organization or bound
    return Decision(action=action, resource=resource, allowed=False, reason=reason, final=final)


def _within(answer: Mapping[str, Any], detail: str, name: str) -> bool:
    return bool((answer.get(detail) or {}).get(name, True))


def _bearing(action: str, keys: Iterable[str]) -> list[str]:
    """The missing condition keys that a request for the action can have.

    IAM names every key of every policy, those of other services' actions too.
    """
    service = action.lower().partition(":")[0]
    return sorted({key for key in keys if key.lower().partition(":")[0] in ("aws", service)})


def _undecided(action: str, resource: str, reason: str) -> Decision:
    return Decision(action=action, resource=resource, allowed=UNKNOWN, reason=reason)


def _principal(aws: AwsReader, caller: str) -> Maybe[str | None]:
    """The user, or the role behind a session: its ARN has a path that the session's lacks."""
    fields = caller.split(":")
    if fields[2] != "sts" or not fields[5].startswith("assumed-role/"):
        return caller
    name = fields[5].split("/")[1]
    found: Maybe[str | None] = member(aws.call("iam", "get_role", RoleName=name), "Role", "Arn")
    return found
