"""How long the Airflow version is still supported."""

from collections.abc import Iterator
from datetime import UTC, datetime

from checks.check import Check, Finding, Remedy, fail, need
from checks.sources import GUIDE
from mwaa.subject import Subject
from mwaa.versions import NOTICE_DAYS, VERSIONS, Standing, standing


class VersionNotEnding(Check):
    id = "mwaa-environment-version-not-ending"
    title = "The Airflow version is in the catalogue and not about to end"
    severity = "advisory"
    why = f"An upgrade needs planning: less than {NOTICE_DAYS} days are left, or nothing is known."
    remedy = Remedy(
        setting="airflowVersion",
        command="aws mwaa update-environment --name NAME --airflow-version VERSION",
    )
    source = GUIDE + "airflow-versions.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        version = need(subject.environment.airflow_version, "the Airflow version")
        today = datetime.fromtimestamp(need(subject.account.now, "today's date"), UTC).date()
        if version is None or not all(part.isdigit() for part in version.split(".")):
            return
        found = standing(version, today)
        if found is Standing.ENDING:
            yield fail(f"support of {version} ends on {VERSIONS[version].end_of_support}")
        elif found is Standing.NEWER:
            yield fail(f"version {version} is newer than the catalogue of this project")
