"""Whether the Airflow version is written down."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class VersionPinned(Rule):
    id = "mwaa-environment-version-pinned"
    title = "The Airflow version is pinned"
    enforcement = "mandatory"
    severity = "low"
    why = "Unpinned, the day of the create decides the version, even a new major one."
    fix = Fix(
        setting='airflowVersion: "3.2.1" (quoted)',
        command="aws mwaa create-environment --name NAME --airflow-version 3.2.1 (only at create)",
    )
    source = GUIDE + "airflow-versions.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        if require(platform.environment.airflow_version, "the Airflow version") is None:
            yield fail("no Airflow version is given; MWAA would take its newest")
