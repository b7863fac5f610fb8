"""Reads the execution role of a plan with every policy that bears on it, and users' policies."""

from collections.abc import Iterator, Mapping
from typing import Any

from mwaa.model.platform import UNKNOWN, Document, Maybe, Policy, Role, known, or_unknown
from policy.plan.exclusive import (
    ATTACHMENT,
    EXCLUSIVE_ATTACHMENT,
    POLICY,
    ROLE,
    ROLE_POLICY,
    overruled,
)
from policy.plan.keys import KEY
from policy.plan.resources import Plan, Resource, parse_document

OTHER_INLINE = (
    ROLE_POLICY,
    "aws:iam/userPolicy:UserPolicy",
    "aws:iam/groupPolicy:GroupPolicy",
)


def find_role(plan: Plan, environment: Resource) -> Resource | None:
    """The execution role, if the plan holds it; a known ARN may be ahead of the role's own."""
    arn = environment.get("executionRoleArn")
    if isinstance(arn, str):
        return plan.find(arn, ROLE) or plan.find(arn.rsplit("/", 1)[-1], ROLE)
    return plan.target(environment, "executionRoleArn", ROLE)


def role(plan: Plan, environment: Resource) -> Maybe[Role]:
    """The execution role as a fact; ``UNKNOWN`` where the plan does not hold it."""
    item = find_role(plan, environment)
    if item is None:
        return UNKNOWN
    arn: Maybe[str | None] = item.text("arn")
    if not isinstance(arn, str):
        arn = environment.text("executionRoleArn")
    name = item.text("name")
    if item.looked_up_by:
        # A lookup tells no policy of a role.
        return Role(
            id=item.arn,
            name=or_unknown(name),
            arn=or_unknown(arn),
            trust=or_unknown(item.document("assumeRolePolicy")),
            policies=UNKNOWN,
            managed_policy_arns=UNKNOWN,
            boundary=_boundary(plan, item) if "permissionsBoundary" in item.props else UNKNOWN,
        )
    policies, managed, parts, taken_away = _policies(plan, item)
    return Role(
        id=item.arn,
        name=or_unknown(name),
        arn=or_unknown(arn),
        trust=or_unknown(item.document("assumeRolePolicy")),
        policies=policies,
        managed_policy_arns=managed,
        boundary=_boundary(plan, item),
        parts=frozenset({item.urn, *parts}),
        overruled=taken_away,
    )


def _policies(
    plan: Plan, item: Resource
) -> tuple[
    Maybe[tuple[Policy, ...]],
    Maybe[tuple[Maybe[str], ...]],
    set[str],
    Maybe[tuple[str, ...]],
]:
    """Inline and attached policies, ARNs of policies outside the plan, URNs of the parts, and
    those that an exclusive list takes away."""
    found: list[Policy] = []
    managed: list[Maybe[str]] = []
    parts: set[str] = set()
    for part in plan.of(ROLE_POLICY):
        if plan.target(part, "role", ROLE) is item:
            parts.add(part.urn)
            found.append(_inline(plan, part))
    for part in plan.of(ATTACHMENT, EXCLUSIVE_ATTACHMENT):
        if part.type == ATTACHMENT:
            attached = plan.target(part, "role", ROLE) is item
        else:
            attached = item.identity in _known(plan.refer_all(part, "roles", ROLE))
        if attached:
            parts.add(part.urn)
            _attach(plan, part, "policyArn", part.get("policyArn"), found, managed, parts)
    inline = item.blocks("inlinePolicies")
    arns = item.get("managedPolicyArns") if item.declares("managedPolicyArns") else ()
    if not known(inline) or not known(arns):
        listed = (not known(inline), not known(arns))
        return UNKNOWN, UNKNOWN, parts, overruled(plan, item, parts, listed)
    # A role that exists lists its policies again, whoever declared them.
    named = {policy.name for policy in found}
    own = [policy for policy in _own(item) if policy.name not in named]
    found += own
    before = len(managed), len(parts)
    for arn in arns or ():
        if arn not in managed:
            _attach(plan, item, "managedPolicyArns", arn, found, managed, parts)
    listed = (bool(own), before != (len(managed), len(parts)))
    return tuple(found), tuple(managed), parts, overruled(plan, item, parts, listed)


def _own(item: Resource) -> list[Policy]:
    """The inline policies that a role itself lists, where they are known."""
    blocks = item.blocks("inlinePolicies")
    return [
        Policy(
            id=f"{item.urn}#{block.get('name')}",
            name=block.get("name") or UNKNOWN,
            document=or_unknown(parse_document(block.get("policy"))),
        )
        for block in (blocks if known(blocks) else ())
        if block.get("policy") is not None
    ]


def _known(values: Maybe[tuple[Maybe[str], ...]]) -> tuple[Maybe[str], ...]:
    return values if known(values) else ()


def _attach(
    plan: Plan,
    part: Resource,
    key: str,
    value: Any,
    found: list[Policy],
    managed: list[Maybe[str]],
    parts: set[str],
) -> None:
    policy = plan.find(value, POLICY) if isinstance(value, str) else None
    behind = plan.behind(part, key, POLICY)
    if policy is None and len(behind) == 1:
        policy = behind[0]
    if policy is None:
        managed.append(value)
    elif policy.urn not in parts:
        parts.add(policy.urn)
        found.append(_managed(plan, policy))


def _inline(plan: Plan, part: Resource) -> Policy:
    role, name = part.get("role"), part.get("name")
    # The provider's id of an inline policy, which AWS does not give one.
    named = isinstance(role, str) and isinstance(name, str)
    return Policy(
        id=f"{role}:{name}" if named else part.identity,
        name=or_unknown(name),
        document=or_unknown(part.document("policy")),
        concerns=_concerns(plan, part),
    )


def _managed(plan: Plan, part: Resource) -> Policy:
    arn, name = part.text("arn"), part.text("name")
    return Policy(
        id=part.arn,
        name=or_unknown(name),
        document=or_unknown(part.document("policy")),
        arn=or_unknown(arn),
        concerns=_concerns(plan, part),
    )


def _concerns(plan: Plan, part: Resource) -> Maybe[tuple[str, ...]]:
    """What a document that is not known yet speaks of, where its dependencies tell.

    A document that waits for nothing but a key's ARN is taken to be about that key, as a least
    privilege policy is; once the key exists, the document itself is judged.
    """
    waits = part.property_dependencies.get("policy", ())
    return ("kms:*",) if waits and len(plan.behind(part, "policy", KEY)) == len(waits) else UNKNOWN


def _boundary(plan: Plan, item: Resource) -> Maybe[Policy | None]:
    if not item.declares("permissionsBoundary"):
        return None
    policy = plan.target(item, "permissionsBoundary", POLICY)
    if policy is not None:
        return _managed(plan, policy)
    arn = item.text("permissionsBoundary")
    if not known(arn) or arn is None:
        return UNKNOWN
    return Policy(id=arn, name=arn.rsplit("/", 1)[-1], document=UNKNOWN, arn=arn)


def access_policies(plan: Plan, environment: Resource) -> tuple[Policy, ...]:
    """Policies of the plan that give rights to an environment to anyone but the execution role."""
    execution = role(plan, environment)
    taken = execution.parts if known(execution) else frozenset()
    candidates = [
        *((part, _managed(plan, part)) for part in plan.of(POLICY)),
        *((part, _inline(plan, part)) for part in plan.of(*OTHER_INLINE)),
    ]
    found = [policy for part, policy in candidates if part.urn not in taken]
    # A role that exists lists its policies again, whoever declared them.
    named = {
        (owner.urn, part.get("name"))
        for part in plan.of(ROLE_POLICY)
        if (owner := plan.target(part, "role", ROLE))
    }
    for other in plan.of(ROLE):
        if other.urn not in taken:
            found += [policy for policy in _own(other) if (other.urn, policy.name) not in named]
    return tuple(policy for policy in found if any(_airflow_actions(policy.document)))


def _airflow_actions(document: Maybe[Document]) -> Iterator[str]:
    if not known(document):
        return
    statements = document.get("Statement", [])
    for statement in [statements] if isinstance(statements, Mapping) else statements:
        actions = statement.get("Action", [])
        for action in [actions] if isinstance(actions, str) else actions:
            if action.lower().startswith("airflow:") and statement.get("Effect") == "Allow":
                yield action
