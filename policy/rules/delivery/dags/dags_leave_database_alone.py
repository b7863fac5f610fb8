"""The metadata database in tasks of Airflow 3."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.versions import major
from policy.analysis.artifacts.dags import DagFile
from policy.rules.facts.artifacts import dags_folder, sources
from policy.rules.rule import FILES, Finding, Fix, Rule, fail, require

UPGRADING = (
    "https://airflow.apache.org/docs/apache-airflow/stable/installation/upgrading_to_airflow3.html"
)


class DagsLeaveDatabaseAlone(Rule):
    id = "mwaa-delivery-dags-leave-database-alone"
    title = "No task of Airflow 3 opens the metadata database, by Python or by Airflow's CLI"
    enforcement = "advisory"
    severity = "high"
    why = (
        "Tasks of Airflow 3 have no access to it: the file imports, and the task fails when it "
        "runs (`airflow db clean` in a BashOperator too)."
    )
    fix = Fix(command="pip install apache-airflow-client (and ask Airflow's REST API with it)")
    source = UPGRADING
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        version = require(platform.environment.airflow_version, "the Airflow version")
        if version is None or major(version) < 3:
            return
        folder = dags_folder(platform)

        def one(name: str, file: DagFile) -> Iterator[Finding]:
            # Plugins also run in the web server and the scheduler, which may.
            if name.startswith(folder):
                for spot in sorted((*file.commands, *file.sessions), key=lambda one: one.line):
                    yield fail(f"{name}:{spot.line} uses {spot.what}")

        yield from sources(platform, one)
