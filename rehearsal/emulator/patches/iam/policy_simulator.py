"""IAM: SimulatePrincipalPolicy and SimulateCustomPolicy over the project's policy evaluator.

moto 5.2.5 has neither. Conditions, NotAction, NotResource, wildcards, boundaries and resource
policies are evaluated; organization policies are not there.
https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from moto.core.responses import ActionResult
from moto.iam.exceptions import NoSuchEntity
from moto.iam.models import iam_backends
from moto.iam.responses import IamResponse

from mwaa.model.platform import Policy
from policy.analysis.iam.evaluate import evaluate
from policy.analysis.iam.request import Request
from policy.analysis.verdict import Verdict


def _parsed(name: str, document: Any) -> Policy:
    text = document if isinstance(document, dict) else json.loads(unquote(str(document)))
    return Policy(id=name, name=name, document=text)


def _of_managed(policies: Iterable[Any]) -> list[Policy]:
    return [
        _parsed(policy.arn, next(v for v in policy.versions if v.is_default).document)
        for policy in policies
    ]


def _identity(response: Any, arn: str) -> tuple[list[Policy], Policy | None]:
    """The policies of a user, group or role, and its boundary."""
    backend: Any = iam_backends[response.current_account][response.partition]
    kind, _, name = arn.partition(":")[2].rpartition(":")[2].partition("/")
    name = name.rpartition("/")[2]
    stores: dict[str, dict[str, Any]] = {
        "role": backend.roles,
        "user": backend.users,
        "group": backend.groups,
    }
    items = stores.get(kind, {}).values()
    found = next((item for item in items if item.name == name), None)
    if found is None:
        raise NoSuchEntity(f"{kind.capitalize()} {name} does not exist.")
    held = [found]
    if kind == "user":
        held += [group for group in backend.groups.values() if found in group.users]
    policies: list[Policy] = []
    for holder in held:
        policies += [_parsed(title, text) for title, text in holder.policies.items()]
        policies += _of_managed(holder.managed_policies.values())
    boundary = getattr(found, "permissions_boundary_arn", None)
    if not boundary:
        return policies, None
    return policies, _of_managed([backend.managed_policies[boundary]])[0]


def _context(response: Any) -> dict[str, Any]:
    entries = response._get_param("ContextEntries", [])
    return {entry["ContextKeyName"]: tuple(entry.get("ContextKeyValues", [])) for entry in entries}


def _simulate(
    response: Any, policies: list[Policy], boundary: Policy | None, principal: str
) -> ActionResult:
    policies = policies + [
        _parsed(f"PolicyInputList.{number}", text)
        for number, text in enumerate(response._get_param("PolicyInputList", []), start=1)
    ]
    for number, text in enumerate(
        response._get_param("PermissionsBoundaryPolicyInputList", []), start=1
    ):
        boundary = _parsed(f"PermissionsBoundaryPolicyInputList.{number}", text)
    resource_policy = response._get_param("ResourcePolicy")
    results = []
    for action in response._get_param("ActionNames", []):
        for resource in response._get_param("ResourceArns", []) or ["*"]:
            request = Request(
                action=action,
                resource=resource,
                principal=response._get_param("CallerArn") or principal,
                context=_context(response),
                complete=True,
            )
            decision = evaluate(
                request,
                policies,
                boundary=boundary,
                resource=json.loads(resource_policy) if resource_policy else None,
            )
            answer = "allowed" if decision.verdict is Verdict.PASS else "implicitDeny"
            if decision.explicit:
                answer = "explicitDeny"
            result: dict[str, Any] = {
                "EvalActionName": action,
                "EvalResourceName": resource,
                "EvalDecision": answer,
                "MatchedStatements": [],
                "MissingContextValues": [],
            }
            if boundary is not None:
                within = evaluate(request, [boundary]).verdict is Verdict.PASS
                result["PermissionsBoundaryDecisionDetail"] = {
                    "AllowedByPermissionsBoundary": within
                }
            if decision.statement is not None:
                result["MatchedStatements"] = [{"SourcePolicyId": str(decision.statement)}]
            results.append(result)
    return ActionResult({"EvaluationResults": results, "IsTruncated": False})


def _principal(response: Any) -> ActionResult:
    arn = response._get_param("PolicySourceArn")
    policies, boundary = _identity(response, arn)
    return _simulate(response, policies, boundary, arn)


def _custom(response: Any) -> ActionResult:
    nobody = f"arn:{response.partition}:iam::{response.current_account}:user/nobody"
    return _simulate(response, [], None, nobody)


def apply() -> None:
    """Add the two operations where moto has none."""
    for name, operation in (
        ("simulate_principal_policy", _principal),
        ("simulate_custom_policy", _custom),
    ):
        if not hasattr(IamResponse, name):
            setattr(IamResponse, name, operation)
