"""DAG import errors."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, fail
from checks.measured import latest
from checks.sources import GUIDE
from mwaa.subject import Subject


class DagsImport(Check):
    id = "mwaa-environment-dags-import"
    title = "Every DAG file can be imported"
    severity = "advisory"
    why = "A file that cannot be imported has no DAG, and no run of it fails: it is just not there."
    remedy = Remedy(
        command="aws mwaa invoke-rest-api --name NAME --path /importErrors --method GET"
    )
    source = GUIDE + "access-metrics-cw-202.html"
    origins = LIVE

    def judge(self, subject: Subject) -> Iterator[Finding]:
        errors = latest(subject, "ImportErrors")
        if errors and errors.value:
            yield fail(f"{errors.value:.0f} DAG files cannot be imported")
