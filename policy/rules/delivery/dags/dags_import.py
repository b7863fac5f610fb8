"""DAG files that Airflow can import."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from policy.rules.rule import ARTIFACTS, Finding, Fix, Rule, fail, unknown
from policy.rules.sources import GUIDE


class DagsImport(Rule):
    id = "mwaa-delivery-dags-import"
    title = "The environment's own Airflow imports every DAG file and serializes every DAG"
    enforcement = "mandatory"
    severity = "high"
    why = "Airflow shows an import error, and none of the file's DAGs runs any more."
    fix = Fix(command="mwaa preflight FOLDER (with the packages of requirements.txt)")
    source = GUIDE + "working-dags-dependencies.html"
    origins = ARTIFACTS

    def judge(self, platform: Platform) -> Iterator[Finding]:
        faults = platform.trial.import_faults
        if not known(faults):
            yield unknown(platform.trial.untried.get("import_faults", "the DAGs were not imported"))
            return
        for one in faults:
            where = f"{one.file}:{one.line}" if one.line else one.file
            yield fail(f"{where}: {one.what}")
        if why := platform.trial.untried.get("import_faults"):
            yield unknown(why)
