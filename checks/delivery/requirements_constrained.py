"""Constraints of requirements."""

from collections.abc import Iterator

from checks.check import PLAN, Check, Finding, Remedy, fail
from checks.delivered import requirements
from checks.sources import GUIDE
from mwaa.subject import Subject


class RequirementsConstrained(Check):
    id = "mwaa-delivery-requirements-constrained"
    title = "Requirements are bound by Airflow's constraints"
    severity = "advisory"
    why = "Without them pip may replace what Airflow itself needs, and no component starts."
    remedy = Remedy(
        setting="requirementsFile: --constraint /usr/local/airflow/plugins/constraints.txt",
        command="aws s3 cp requirements.txt s3://BUCKET/requirements.txt",
    )
    source = GUIDE + "working-dags-dependencies.html"
    origins = PLAN

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = requirements(subject)
        if found is None or not found.packages:
            return
        if not any(option.startswith(("-c", "--constraint")) for option in found.options):
            yield fail("the requirements name no constraints")
