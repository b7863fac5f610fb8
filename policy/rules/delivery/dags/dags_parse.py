"""DAG files that are Python."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.artifacts import sources
from policy.rules.rule import FILES, Finding, Fix, Rule, fail
from policy.rules.sources import GUIDE


class DagsParse(Rule):
    id = "mwaa-delivery-dags-parse"
    title = "Every Python file among the DAGs and plugins is Python"
    enforcement = "mandatory"
    severity = "high"
    why = "Airflow shows an import error, and none of the file's DAGs runs any more."
    fix = Fix(command="python -m compileall dags plugins")
    source = GUIDE + "configuring-dag-folder.html"
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        yield from sources(
            platform,
            lambda name, file: (
                [fail(f"{name}:{file.syntax.line}: {file.syntax.what}")] if file.syntax else []
            ),
        )
