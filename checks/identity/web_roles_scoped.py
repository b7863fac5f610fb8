"""Who may sign in to Airflow, as what."""

from collections.abc import Iterator, Mapping
from typing import Any

from checks.check import Check, Finding, Remedy, each, fail, need, undecided
from checks.lookups import short
from checks.sources import GUIDE
from mwaa.subject import Policy, Subject, known
from proofs.iam_match import matches_action
from proofs.iam_statements import statements

ROLES = ("Admin", "Op", "User", "Viewer", "Public")
ACTIONS = ("airflow:CreateWebLoginToken", "airflow:InvokeRestApi", "airflow:CreateCliToken")
"""The first two are asked of an Airflow role, the token of the CLI of an environment: as Admin."""


class WebRolesScoped(Check):
    id = "mwaa-identity-web-roles-scoped"
    title = (
        "Policies for the Airflow UI, REST API and CLI name one environment and one Airflow role"
    )
    severity = "mandatory"
    why = "A wildcard in the role makes everyone with the policy an Airflow Admin."
    remedy = Remedy(
        setting="createAccessPolicies: true, and airflowRoles",
        command="aws iam create-policy-version ... (resource role/NAME/Viewer)",
    )
    source = GUIDE + "access-policies.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        def one(policy: Policy) -> Iterator[Finding]:
            for _, statement in statements(need(policy.document, f"policy {short(policy.id)}")):
                if not known(statement):
                    undecided(f"a statement of policy {short(policy.id)} cannot be known yet")
                for resource in _open_resources(statement):
                    yield fail(f"policy {short(policy.id)} gives {resource}", policy.id)

        return each(need(subject.access_policies, "the policies of users"), one)


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
