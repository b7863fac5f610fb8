"""Constraints of requirements."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.artifacts import requirements
from policy.rules.rule import PLAN, Finding, Fix, Rule, fail
from policy.rules.sources import GUIDE


class RequirementsConstrained(Rule):
    id = "mwaa-delivery-requirements-constrained"
    title = "Requirements are bound by Airflow's constraints"
    enforcement = "advisory"
    severity = "medium"
    why = "Without them pip may replace what Airflow itself needs, and no component starts."
    fix = Fix(
        setting="requirementsFile: --constraint /usr/local/airflow/plugins/constraints.txt",
        command="aws s3 cp requirements.txt s3://BUCKET/requirements.txt",
    )
    source = GUIDE + "working-dags-dependencies.html"
    origins = PLAN

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = requirements(platform)
        if found is None or not found.packages:
            return
        if not any(option.startswith(("-c", "--constraint")) for option in found.options):
            yield fail("the requirements name no constraints")
