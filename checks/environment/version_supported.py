"""Whether MWAA still creates the Airflow version."""

from collections.abc import Iterator
from datetime import UTC, datetime

from checks.check import Check, Finding, Remedy, fail, need
from checks.sources import GUIDE
from mwaa.subject import Subject
from mwaa.versions import Standing, standing, supported


class VersionSupported(Check):
    id = "mwaa-environment-version-supported"
    title = "MWAA supports the Airflow version"
    severity = "mandatory"
    why = "An ended version cannot be created, gets no security fixes and is upgraded by force."
    remedy = Remedy(
        setting="airflowVersion",
        command="aws mwaa update-environment --name NAME --airflow-version VERSION",
    )
    source = GUIDE + "airflow-versions.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        version = need(subject.environment.airflow_version, "the Airflow version")
        today = datetime.fromtimestamp(need(subject.account.now, "today's date"), UTC).date()
        if version is None:
            return
        if not all(part.isdigit() for part in version.split(".")):
            yield fail(f"{version!r} is no version; supported are {', '.join(supported(today))}")
        elif standing(version, today) in (Standing.ENDED, Standing.NEVER):
            yield fail(f"version {version}; supported are {', '.join(supported(today))}")
