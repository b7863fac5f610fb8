"""Reads which policies of a role an exclusive list of the plan takes away again."""

from collections.abc import Iterable

from mwaa.model.platform import UNKNOWN, Maybe, known
from policy.plan.resources import Plan, Resource

ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/policy:Policy"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
EXCLUSIVE_ATTACHMENT = "aws:iam/policyAttachment:PolicyAttachment"
# Type, the list it holds, and the separate resources and their property that it rules over.
EXCLUSIVE = (
    ("aws:iam/rolePoliciesExclusive:RolePoliciesExclusive", "policyNames", ROLE_POLICY, "name"),
    (
        "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
        "policyArns",
        ATTACHMENT,
        "policyArn",
    ),
)


def overruled(
    plan: Plan, role: Resource, parts: Iterable[str], listed: tuple[bool, bool]
) -> Maybe[tuple[str, ...]]:
    """Identities of the separate ``parts`` (URNs) of ``role`` that a list takes away.

    ``listed`` says whether the role itself lists inline and managed policies. A PolicyAttachment
    takes its policy from everybody else in the account, so it always counts.
    """
    inline, managed = listed
    separate = [plan.by_urn[urn] for urn in parts]
    found = [
        part
        for part in separate
        if part.type == EXCLUSIVE_ATTACHMENT
        or (inline and part.type == ROLE_POLICY)
        or (managed and part.type == ATTACHMENT)
    ]
    doubt = False
    for kind, key, ruled, prop in EXCLUSIVE:
        for holder in plan.of(kind):
            if plan.target(holder, "roleName", ROLE) is not role:
                continue
            for part in separate:
                kept = _lists(plan, holder, key, part, prop) if part.type == ruled else True
                doubt = doubt or kept is None
                if kept is False and part not in found:
                    found.append(part)
    if doubt and not found:
        return UNKNOWN
    return tuple(sorted(part.urn for part in found))


def _lists(plan: Plan, holder: Resource, key: str, part: Resource, prop: str) -> bool | None:
    """Whether the exclusive list holds the separate resource; None where that is not known yet."""
    entries, value = holder.get(key), part.get(prop)
    behind = plan.behind(holder, key, part.type, POLICY)
    if part in behind or any(policy in behind for policy in plan.behind(part, prop, POLICY)):
        return True
    if entries is None:
        return False
    if not known(entries):
        # What is not among its dependencies cannot be in a list that waits for others.
        return False if behind else None
    if isinstance(value, str):
        return value in entries or (None if _waits_for_others(entries, behind) else False)
    return None


def _waits_for_others(entries: Iterable[object], behind: list[Resource]) -> bool:
    return sum(not known(entry) for entry in entries) > len(behind)
