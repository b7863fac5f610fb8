"""Whether the Airflow version is written down."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.sources import GUIDE
from mwaa.subject import Subject


class VersionPinned(Check):
    id = "mwaa-environment-version-pinned"
    title = "The Airflow version is pinned"
    severity = "mandatory"
    why = "Unpinned, the day of the create decides the version, even a new major one."
    remedy = Remedy(
        setting='airflowVersion: "3.2.1" (quoted)',
        command="aws mwaa create-environment --airflow-version VERSION ...",
    )
    source = GUIDE + "airflow-versions.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        if need(subject.environment.airflow_version, "the Airflow version") is None:
            yield fail("no Airflow version is given; MWAA would take its newest")
