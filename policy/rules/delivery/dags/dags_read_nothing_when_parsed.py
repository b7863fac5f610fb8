"""Variables and connections that are read while a file is parsed."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.artifacts import sources
from policy.rules.rule import FILES, Finding, Fix, Rule, fail

PRACTICES = "https://airflow.apache.org/docs/apache-airflow/stable/best-practices.html"


class DagsReadNothingWhenParsed(Rule):
    id = "mwaa-delivery-dags-read-nothing-when-parsed"
    title = "DAG files read no variable and no connection outside of tasks"
    enforcement = "advisory"
    severity = "medium"
    why = (
        "The file is parsed every 30 seconds: each time the database is asked, and with a backend "
        "of secrets Secrets Manager too, which bills every call."
    )
    fix = Fix(command="grep -rnE 'Variable.get|get_connection' dags (and move it into the task)")
    source = PRACTICES
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        yield from sources(
            platform,
            lambda name, file: [
                fail(f"{name}:{spot.line} calls {spot.what} outside of a task")
                for spot in file.reads
            ],
        )
