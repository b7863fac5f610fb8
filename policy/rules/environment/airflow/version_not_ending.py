"""How long the Airflow version is still supported."""

from collections.abc import Iterator
from datetime import UTC, datetime

from mwaa.model.platform import Platform
from mwaa.service.versions import NOTICE_DAYS, VERSIONS, Standing, standing
from policy.rules.facts.image import successor
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class VersionNotEnding(Rule):
    id = "mwaa-environment-version-not-ending"
    title = "The Airflow version is in the catalog and not about to end"
    enforcement = "advisory"
    severity = "medium"
    why = f"An upgrade needs planning: less than {NOTICE_DAYS} days are left, or nothing is known."
    fix = Fix(
        setting="airflowVersion",
        command="aws mwaa update-environment --name NAME --airflow-version VERSION",
    )
    source = GUIDE + "airflow-versions.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        version = require(platform.environment.airflow_version, "the Airflow version")
        today = datetime.fromtimestamp(require(platform.account.now, "today's date"), UTC).date()
        if version is None or not all(part.isdigit() for part in version.split(".")):
            return
        found, words = standing(version, today), {"VERSION": successor(version, today)}
        if found is Standing.ENDING:
            what = f"support of {version} ends on {VERSIONS[version].end_of_support}"
            yield fail(what, words=words)
        elif found is Standing.ENDED:
            # A create with it is refused by `version-supported`.
            if require(platform.environment.created_at, "whether the environment exists"):
                what = f"support of {version} ended on {VERSIONS[version].end_of_support}"
                yield fail(what, words=words)
        elif found is Standing.NEWER:
            yield fail(
                f"version {version} is newer than the catalog of this project",
                fix="a newer release of this project, whose catalog may know the version",
            )
