"""DAG import errors."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.words import counted
from policy.rules.facts.metrics import latest
from policy.rules.rule import AFTERWARDS, LIVE, Finding, Fix, Rule, fail
from policy.rules.sources import GUIDE


class DagsImport(Rule):
    id = "mwaa-environment-dags-import"
    title = "Every DAG file can be imported"
    enforcement = "advisory"
    severity = "medium"
    why = "A file that cannot be imported has no DAG, and no run of it fails: it is just not there."
    fix = Fix(command="aws mwaa invoke-rest-api --name NAME --path /importErrors --method GET")
    source = GUIDE + "access-metrics-cw-202.html"
    origins = LIVE
    stages = AFTERWARDS

    def judge(self, platform: Platform) -> Iterator[Finding]:
        errors = latest(platform, "ImportErrors")
        if errors and errors.value:
            yield fail(f"{counted(int(errors.value), 'DAG file')} cannot be imported")
