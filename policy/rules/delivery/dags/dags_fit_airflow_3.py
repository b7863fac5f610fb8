"""Names that Airflow 3 took away."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from mwaa.service.versions import major
from policy.rules.rule import ARTIFACTS, Finding, Fix, Rule, fail, require, unknown

AIR = "https://docs.astral.sh/ruff/rules/#airflow-air"


class DagsFitAirflow3(Rule):
    id = "mwaa-delivery-dags-fit-airflow-3"
    title = "No DAG uses what Airflow 3 took away"
    enforcement = "advisory"
    severity = "high"
    why = "Some of it imports and fails only when the task runs, or at the next version."
    fix = Fix(command="ruff check dags --select AIR301,AIR302 --preview --fix")
    source = AIR
    origins = ARTIFACTS

    def judge(self, platform: Platform) -> Iterator[Finding]:
        version = require(platform.environment.airflow_version, "the Airflow version")
        if version is None or major(version) < 3:
            return
        uses = platform.trial.old_uses
        if not known(uses):
            yield unknown(platform.trial.untried.get("old_uses", "ruff did not read the DAGs"))
            return
        yield from (fail(f"{one.file}:{one.line}: {one.what}") for one in uses)
