"""IAM: SimulatePrincipalPolicy and SimulateCustomPolicy over the project's policy evaluator, and
GetContextKeysForPrincipalPolicy.

moto 5.2.5 has none of them. Answers have the shape that AWS was recorded to answer with: one result
for each action, with a list of what is decided on each resource. Organization policies are not
there.
https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.exceptions import InvalidInput, NoSuchEntity
from moto.iam.models import iam_backends
from moto.iam.responses import IamResponse

from mwaa.model.platform import Maybe, Policy
from policy.analysis.iam.evaluate import Decision, evaluate
from policy.analysis.iam.request import Request, account_of, is_user
from policy.analysis.verdict import Verdict
from rehearsal.emulator.patches.iam import simulator_input
from rehearsal.emulator.patches.iam.simulated_actions import takes, template
from rehearsal.emulator.patches.iam.simulator_input import parsed

_VARIABLE = re.compile(r"\$\{([^}*?$,\s]+)")
_SOURCE = re.compile(r"arn:[^:]+:iam::(\d+):(user|role|group)/.+")
# The worst of them is the answer for several resources.
_ORDER = ("explicitDeny", "implicitDeny", "allowed")
# Who calls where the request names nobody, and the keys that such a request lacks.
NOBODY = "user/nobody"
OF_THE_CALLER = ("aws:PrincipalArn", "aws:username")


@dataclass(frozen=True, kw_only=True)
class Question:
    """One request to the simulator, checked."""

    policies: list[Policy]
    boundary: Policy | None
    resource_policy: dict[str, Any] | None
    principal: str
    owner: str | None
    context: Mapping[str, Maybe[str | tuple[str, ...] | None]]
    actions: list[str]
    resources: list[str]

    def results(self) -> Iterator[dict[str, Any]]:
        """EvaluationResults, in the order of the actions."""
        for action in self.actions:
            answers = [self._answer(action, one) for one in self.resources or ["*"]]
            worst = min(answers, key=lambda one: _ORDER.index(one["EvalDecision"]))
            if len(self.resources) > 1:
                worst = {**worst, "EvalResourceName": template(action, self.resources)}
            result = {"EvalActionName": action, **worst}
            if self.resources:
                result["ResourceSpecificResults"] = [_specific(one) for one in answers]
            yield result

    def _answer(self, action: str, resource: str) -> dict[str, Any]:
        request = Request(
            action=action,
            resource=resource,
            principal=self.principal,
            context=self.context,
            complete=True,
            resource_account=self.owner,
        )
        decision = evaluate(
            request, self.policies, boundary=self.boundary, resource=self.resource_policy
        )
        word = _word(decision) if takes(action, resource) else "implicitDeny"
        answer: dict[str, Any] = {
            "EvalResourceName": resource,
            "EvalDecision": word,
            "MatchedStatements": [],
            "MissingContextValues": self.missing() if word == "implicitDeny" else [],
        }
        if decision.statement is not None and word != "implicitDeny":
            answer["MatchedStatements"] = [{"SourcePolicyId": str(decision.statement)}]
        if self.boundary is not None:
            within = evaluate(request, [self.boundary]).verdict is Verdict.PASS
            answer["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": within}
        return answer

    def missing(self) -> list[str]:
        """Every key of every policy that has no value, whatever it is about."""
        documents = [policy.document for policy in self.policies]
        if self.boundary is not None:
            documents.append(self.boundary.document)
        if self.resource_policy is not None:
            documents.append(self.resource_policy)
        given = {name.lower() for name, value in self.context.items() if value is not None}
        if is_user(self.principal) and not _is_nobody(self.principal):
            given |= {"aws:principalarn", "aws:username"}
        keys = {key for document in documents for key in _keys(document)}
        return sorted(key for key in keys if key.lower() not in given)


def _is_nobody(principal: str) -> bool:
    return principal.endswith(f":{NOBODY}")


def _specific(answer: dict[str, Any]) -> dict[str, Any]:
    return {
        ("EvalResourceDecision" if name == "EvalDecision" else name): value
        for name, value in answer.items()
    }


def _word(decision: Decision) -> str:
    if decision.explicit:
        return "explicitDeny"
    return "allowed" if decision.verdict is Verdict.PASS else "implicitDeny"


def _keys(document: Any) -> Iterator[str]:
    statements = document.get("Statement", [])
    for statement in [statements] if isinstance(statements, dict) else statements:
        for tests in statement.get("Condition", {}).values():
            yield from tests
        yield from _VARIABLE.findall(json.dumps(statement))


def _of_managed(policies: Iterable[Any]) -> list[Policy]:
    return [
        parsed(policy.arn, next(v for v in policy.versions if v.is_default).document)
        for policy in policies
    ]


def _identity(response: Any, arn: str) -> tuple[list[Policy], Policy | None]:
    """The policies of a user, group or role, and its boundary. The path in the ARN is not read."""
    match = _SOURCE.fullmatch(arn)
    if match is None:
        raise InvalidInput(f"Invalid ARN provided in the request: {arn}")
    account, kind = match.groups()
    if account != response.current_account:
        raise InvalidInput(
            f"Invalid Policy Source Arn: caller's account {response.current_account} does not have "
            f"access to policies in account {account}."
        )
    backend: Any = iam_backends[account][response.partition]
    stores: dict[str, dict[str, Any]] = {
        "role": backend.roles,
        "user": backend.users,
        "group": backend.groups,
    }
    name = arn.rpartition("/")[2]
    found = next((item for item in stores[kind].values() if item.name == name), None)
    if found is None:
        raise NoSuchEntity("Unable to retrieve specified IAM entity.")
    held = [found]
    if kind == "user":
        held += [group for group in backend.groups.values() if found in group.users]
    policies: list[Policy] = []
    for holder in held:
        policies += [parsed(title, text) for title, text in holder.policies.items()]
        policies += _of_managed(holder.managed_policies.values())
    boundary = getattr(found, "permissions_boundary_arn", None)
    if not boundary:
        return policies, None
    return policies, _of_managed([backend.managed_policies[boundary]])[0]


def _simulate(
    response: Any, policies: list[Policy], boundary: Policy | None, principal: str
) -> ActionResult:
    ask = response._get_param
    limits = ask("PermissionsBoundaryPolicyInputList", [])
    if len(limits) > 1:
        raise InvalidInput("The list of Permissions Boundary policies cannot exceed 1 items.")
    actions = simulator_input.actions_of(ask("ActionNames", []))
    resources = simulator_input.resources_of(ask("ResourceArns", []), actions)
    caller = ask("CallerArn") or principal
    question = Question(
        policies=policies + simulator_input.given_policies(ask("PolicyInputList", [])),
        boundary=simulator_input.given_policies(limits)[0] if limits else boundary,
        resource_policy=simulator_input.resource_policy(ask("ResourcePolicy"), resources),
        principal=caller,
        owner=simulator_input.owner_of(ask("ResourceOwner")) or account_of(caller),
        context={
            **(dict.fromkeys(OF_THE_CALLER) if _is_nobody(caller) else {}),
            **simulator_input.context_of(ask("ContextEntries", [])),
        },
        actions=actions,
        resources=resources,
    )
    limit = ask("MaxItems")
    page = simulator_input.page_of(
        list(question.results()), ask("Marker"), int(limit) if limit else None
    )
    return ActionResult(page)


def _principal(response: Any) -> ActionResult:
    arn = response._get_param("PolicySourceArn")
    policies, boundary = _identity(response, arn)
    if ":role/" in arn and response._get_param("ResourcePolicy"):
        raise InvalidInput("Simulation of resource-based policies isn't supported for IAM roles")
    return _simulate(response, policies, boundary, arn)


def _context_keys(response: Any) -> ActionResult:
    """The keys of the identity's own policies; IAM leaves out its boundary's."""
    policies, _ = _identity(response, response._get_param("PolicySourceArn"))
    policies += simulator_input.given_policies(response._get_param("PolicyInputList", []))
    keys = {key for policy in policies for key in _keys(policy.document)}
    return ActionResult({"ContextKeyNames": sorted(keys)})


def _custom(response: Any) -> ActionResult:
    nobody = f"arn:{response.partition}:iam::{response.current_account}:{NOBODY}"
    return _simulate(response, [], None, nobody)


def apply() -> None:
    """Add the operations where moto has none."""
    for name, operation in (
        ("get_context_keys_for_principal_policy", _context_keys),
        ("simulate_principal_policy", _principal),
        ("simulate_custom_policy", _custom),
    ):
        if not hasattr(IamResponse, name):
            setattr(IamResponse, name, operation)
