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
ACTIONS = ("airflow:CreateWebLoginToken", "airflow:InvokeRestApi")


class WebRolesScoped(Check):
    id = "mwaa-identity-web-roles-scoped"
    title = "Policies for the Airflow UI and REST API name one environment and one Airflow role"
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
        place = resource.rpartition(":")[2].split("/")
        if len(place) != 3 or place[0] != "role" or "*" in place[1] or place[2] not in ROLES:
            yield resource


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])
