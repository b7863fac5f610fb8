"""Reads the execution role of a plan with every policy that bears on it, and users' policies."""

from collections.abc import Iterator, Mapping
from typing import Any

from mwaa.subject import UNKNOWN, Document, Maybe, Policy, Role, Unknown
from policy.plan_keys import KEY
from policy.resources import Plan, Resource, parse_document

ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/policy:Policy"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
EXCLUSIVE_ATTACHMENT = "aws:iam/policyAttachment:PolicyAttachment"
EXCLUSIVE = (
    "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive",
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
)
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
    policies, managed, parts, exclusive = _policies(plan, item)
    name = item.text("name")
    return Role(
        id=item.arn,
        name=UNKNOWN if name is None else name,
        arn=UNKNOWN if arn is None else arn,
        trust=_document(item, "assumeRolePolicy"),
        policies=policies,
        managed_policy_arns=managed,
        boundary=_boundary(plan, item),
        parts=frozenset({item.urn, *parts}),
        exclusive=exclusive or any(plan.by_urn[urn].type == EXCLUSIVE_ATTACHMENT for urn in parts),
    )


def _document(item: Resource, key: str) -> Maybe[Document]:
    document = item.document(key)
    return UNKNOWN if document is None else document


def _policies(
    plan: Plan, item: Resource
) -> tuple[Maybe[tuple[Policy, ...]], Maybe[tuple[Maybe[str], ...]], set[str], bool]:
    """Inline and attached policies, ARNs of policies outside the plan, URNs of the parts, and
    whether the role lists policies itself: a list that takes away what others add."""
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
    if isinstance(inline, Unknown) or isinstance(arns, Unknown):
        return UNKNOWN, UNKNOWN, parts, True
    # A living role lists its policies again, whoever declared them.
    named = {policy.name for policy in found}
    own = [b for b in inline if b.get("policy") is not None and b.get("name") not in named]
    found += [
        Policy(
            id=f"{item.urn}#{block.get('name')}",
            name=block.get("name") or UNKNOWN,
            document=_parsed(block.get("policy")),
        )
        for block in own
    ]
    before = len(managed), len(parts)
    for arn in arns or ():
        if arn not in managed:
            _attach(plan, item, "managedPolicyArns", arn, found, managed, parts)
    exclusive = bool(own) or before != (len(managed), len(parts))
    return tuple(found), tuple(managed), parts, exclusive


def _known(values: Maybe[tuple[Maybe[str], ...]]) -> tuple[Maybe[str], ...]:
    return () if isinstance(values, Unknown) else values


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
        name=UNKNOWN if name is None else name,
        document=_document(part, "policy"),
        concerns=_concerns(plan, part),
    )


def _managed(plan: Plan, part: Resource) -> Policy:
    arn, name = part.text("arn"), part.text("name")
    return Policy(
        id=part.arn,
        name=UNKNOWN if name is None else name,
        document=_document(part, "policy"),
        arn=UNKNOWN if arn is None else arn,
        concerns=_concerns(plan, part),
    )


def _concerns(plan: Plan, part: Resource) -> Maybe[tuple[str, ...]]:
    """What a document that is not known yet speaks of, where its dependencies tell.

    A document that waits for nothing but a key's ARN is taken to be about that key, as a least
    privilege policy is; once the key exists, the document itself is judged.
    """
    waits = part.property_dependencies.get("policy", ())
    return ("kms:*",) if waits and len(plan.behind(part, "policy", KEY)) == len(waits) else UNKNOWN


def _parsed(value: Any) -> Maybe[Document]:
    document = parse_document(value)
    return UNKNOWN if document is None else document


def _boundary(plan: Plan, item: Resource) -> Maybe[Policy | None]:
    if not item.declares("permissionsBoundary"):
        return None
    policy = plan.target(item, "permissionsBoundary", POLICY)
    if policy is not None:
        return _managed(plan, policy)
    arn = item.text("permissionsBoundary")
    if isinstance(arn, Unknown) or arn is None:
        return UNKNOWN
    return Policy(id=arn, name=arn.rsplit("/", 1)[-1], document=UNKNOWN, arn=arn)


def access_policies(plan: Plan, environment: Resource) -> tuple[Policy, ...]:
    """Policies of the plan that give rights to an environment to anyone but the execution role."""
    execution = role(plan, environment)
    taken = frozenset() if isinstance(execution, Unknown) else execution.parts
    candidates = [
        *((part, _managed(plan, part)) for part in plan.of(POLICY)),
        *((part, _inline(plan, part)) for part in plan.of(*OTHER_INLINE)),
    ]
    return tuple(
        policy
        for part, policy in candidates
        if part.urn not in taken and any(_airflow_actions(policy.document))
    )


def _airflow_actions(document: Maybe[Document]) -> Iterator[str]:
    if isinstance(document, Unknown):
        return
    statements = document.get("Statement", [])
    for statement in [statements] if isinstance(statements, Mapping) else statements:
        actions = statement.get("Action", [])
        for action in [actions] if isinstance(actions, str) else actions:
            if action.lower().startswith("airflow:") and statement.get("Effect") == "Allow":
                yield action
