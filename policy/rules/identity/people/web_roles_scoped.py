"""Who may sign in to Airflow, as what."""

from collections.abc import Iterator, Mapping
from typing import Any

from mwaa.model.platform import Platform, Policy, known
from policy.analysis.iam.match import matches_action
from policy.analysis.iam.statements import statements
from policy.rules.facts.resources import short
from policy.rules.rule import (
    AFTERWARDS,
    Finding,
    Fix,
    Rule,
    each,
    fail,
    require,
    undecided,
)
from policy.rules.sources import GUIDE

ROLES = ("Admin", "Op", "User", "Viewer", "Public")
ACTIONS = ("airflow:CreateWebLoginToken", "airflow:InvokeRestApi", "airflow:CreateCliToken")
"""The first two are asked of an Airflow role, the token of the CLI of an environment: as Admin."""


class WebRolesScoped(Rule):
    id = "mwaa-identity-web-roles-scoped"
    title = (
        "Policies for the Airflow UI, REST API and CLI name one environment and one Airflow role"
    )
    enforcement = "mandatory"
    severity = "medium"
    why = "A wildcard in the role makes everyone with the policy an Airflow Admin."
    fix = Fix(
        setting="createAccessPolicies: true, and airflowRoles",
        command="aws iam create-policy-version --policy-arn POLICY --set-as-default"
        " --policy-document file://policy.json (resource role/NAME/Viewer)",
    )
    source = GUIDE + "access-policies.html"
    stages = AFTERWARDS

    def judge(self, platform: Platform) -> Iterator[Finding]:
        def one(policy: Policy) -> Iterator[Finding]:
            for _, statement in statements(require(policy.document, f"policy {short(policy.id)}")):
                if not known(statement):
                    undecided(f"a statement of policy {short(policy.id)} cannot be known yet")
                for resource in _open_resources(statement):
                    what = f"policy {short(policy.id)} gives {resource}"
                    yield fail(what, policy.id, words=_name(policy))

        return each(require(platform.access_policies, "the policies of users"), one)


def _name(policy: Policy) -> dict[str, str]:
    return {"POLICY": policy.arn if known(policy.arn) and policy.arn else policy.id}


def _open_resources(statement: Mapping[str, Any]) -> Iterator[str]:
    if statement.get("Effect") != "Allow":
        return
    patterns = _listed(statement.get("Action"))
    if not any(matches_action(p, action) for p in patterns for action in ACTIONS):
        return
    for resource in _listed(statement.get("Resource", "*")):
        kind, *place = resource.rpartition(":")[2].split("/")
        one = bool(place) and not set("*?") & set(place[0])
        of_role = kind == "role" and len(place) == 2 and place[1] in ROLES
        if not one or not (of_role or (kind == "environment" and len(place) == 1)):
            yield resource


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])
