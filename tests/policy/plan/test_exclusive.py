"""Exclusive lists of a role's policies, and what they take away."""

from typing import Any

import pytest

from mwaa.model.platform import UNKNOWN, Maybe
from policy.plan.resources import Resource
from tests.policy.plan.plans import environment, network, platform, resource, urn

ROLE, POLICY = "aws:iam/role:Role", "aws:iam/policy:Policy"
INLINE = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
EVERYWHERE = "aws:iam/policyAttachment:PolicyAttachment"
NAMES = "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive"
ARNS = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"
A = "arn:aws:iam::aws:policy/A"
OF_ROLE = {"role": "runner"}


def overruled(*resources: Resource, **role: Any) -> Maybe[tuple[str, ...]]:
    """What is taken away from the role ``runner``, as the names of the resources."""
    env = environment(executionRoleArn="arn:aws:iam::123456789012:role/runner")
    runner = resource(ROLE, "role", role.pop("deps", None), name="runner", **role)
    found = platform(*network(), runner, *resources, env).role
    assert found is not UNKNOWN and found is not None
    if found.overruled is UNKNOWN:
        return UNKNOWN
    return tuple(part.rsplit("::", 1)[-1] for part in found.overruled)


USE = resource(INLINE, "use", name="use", policy="{}", **OF_ROLE)
UNNAMED = resource(INLINE, "unnamed", policy="{}", **OF_ROLE)
ATTACHED = resource(ATTACHMENT, "attached", policyArn=A, **OF_ROLE)
OWN = resource(POLICY, "own", policy="{}")
OWN_ATTACHED = resource(ATTACHMENT, "own", {"policyArn": [urn(POLICY, "own")]}, **OF_ROLE)


def names(*entries: Any) -> Resource:
    return resource(NAMES, "names", roleName="runner", policyNames=list(entries))


def arns(deps: dict[str, list[str]] | None = None, *entries: Any) -> Resource:
    more = {} if deps else {"policyArns": list(entries)}
    return resource(ARNS, "arns", deps, roleName="runner", **more)


@pytest.mark.parametrize(
    ("resources", "role", "expected"),
    [
        ((USE, ATTACHED), {}, ()),
        ((USE,), {"inlinePolicies": [{"name": "more", "policy": "{}"}]}, ("use",)),
        # A list of managed policies leaves inline ones alone, and the other way round.
        ((USE,), {"managedPolicyArns": [A]}, ()),
        ((ATTACHED,), {"inlinePolicies": [{"name": "more", "policy": "{}"}]}, ()),
        ((ATTACHED,), {"managedPolicyArns": ["arn:aws:iam::aws:policy/B"]}, ("attached",)),
        # The role's own list of a policy that the plan makes is nobody's rival.
        ((OWN,), {"deps": {"managedPolicyArns": [urn(POLICY, "own")]},
                  "managedPolicyArns": [UNKNOWN]}, ()),
        ((resource(EVERYWHERE, "all", policyArn=A, roles=["runner"]),), {}, ("all",)),
        ((USE, names("use")), {}, ()),
        ((USE, names("other")), {}, ("use",)),
        ((USE, names()), {}, ("use",)),
        ((USE, names(UNKNOWN)), {}, UNKNOWN),
        ((UNNAMED, names("other")), {}, UNKNOWN),
        ((ATTACHED, arns(None, A)), {}, ()),
        ((ATTACHED, arns(None, "arn:aws:iam::aws:policy/B")), {}, ("attached",)),
        ((OWN, OWN_ATTACHED, arns({"policyArns": [urn(POLICY, "own")]})), {}, ()),
        ((OWN, OWN_ATTACHED, ATTACHED, arns({"policyArns": [urn(POLICY, "own")]})), {},
         ("attached",)),
        ((ATTACHED, arns({"policyArns": ["urn:elsewhere"]})), {}, UNKNOWN),
    ],
)  # fmt: skip
def test_what_an_exclusive_list_takes_away(
    resources: tuple[Resource, ...], role: dict[str, Any], expected: Any
) -> None:
    assert overruled(*resources, **role) == expected


def test_a_list_of_another_role_takes_nothing_away() -> None:
    other = resource(NAMES, "names", roleName="other", policyNames=[])
    assert overruled(USE, other) == ()


def test_policies_that_another_role_lists_itself_give_rights_too() -> None:
    text = (
        '{"Statement": [{"Effect": "Allow", "Action": "airflow:CreateCliToken", "Resource": "*"}]}'
    )
    analyst = resource(
        ROLE, "analyst", name="analyst", inlinePolicies=[{"name": "commands", "policy": text}]
    )
    env = environment(executionRoleArn="arn:aws:iam::123456789012:role/runner")
    runner = resource(ROLE, "role", name="runner", inlinePolicies=[{"name": "x", "policy": text}])
    found = platform(*network(), runner, analyst, env).access_policies
    assert found is not UNKNOWN
    assert [policy.name for policy in found] == ["commands"]
    declared = resource(INLINE, "commands", role="analyst", name="commands", policy=text)
    again = platform(*network(), runner, analyst, declared, env).access_policies
    assert again is not UNKNOWN and len(again) == 1
