"""Policies for people: one right, one policy."""

from typing import Any

from components.access import AirflowAccess, AirflowAccessArgs
from mwaa import iam_policies
from mwaa.names import Names

POLICY = "aws:iam/policy:Policy"


def test_each_role_signs_in_and_calls_by_separate_policies(build: Any, names: Names) -> None:
    args = AirflowAccessArgs(names=names, airflow_roles=["Admin", "Viewer"])
    made = build(lambda: AirflowAccess("acc", args))
    rights = {"admin-web", "admin-rest", "viewer-web", "viewer-rest", "cli"}
    assert set(made.result.policy_arns) == rights
    assert made.names(POLICY) == {f"acc-{right}" for right in rights}
    assert len({p.inputs["name"] for p in made.of(POLICY)}) == len(rights)
    expected = {
        "acc-admin-web": iam_policies.web_access(names, "Admin"),
        "acc-viewer-rest": iam_policies.rest_access(names, "Viewer"),
        "acc-cli": iam_policies.cli_access(names),
    }
    for name, document in expected.items():
        assert made.one(POLICY, name).document("policy") == document
    assert {p.parent for p in made.of(POLICY)} == {made.one("mwaa:components:AirflowAccess").urn}
