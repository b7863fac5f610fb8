"""Whether MWAA still creates the Airflow version."""

from collections.abc import Iterator
from datetime import UTC, datetime

from mwaa.model.platform import Platform
from mwaa.service.versions import VERSIONS, Standing, standing, supported
from policy.rules.facts.image import successor
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class VersionSupported(Rule):
    id = "mwaa-environment-version-supported"
    title = "MWAA offers the Airflow version"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA creates no environment with a version that it never had or whose support ended."
    fix = Fix(
        setting="airflowVersion",
        command="aws mwaa update-environment --name NAME --airflow-version VERSION",
    )
    source = GUIDE + "airflow-versions.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        version = require(platform.environment.airflow_version, "the Airflow version")
        today = datetime.fromtimestamp(require(platform.account.now, "today's date"), UTC).date()
        if version is None:
            return
        if not all(part.isdigit() for part in version.split(".")):
            what = f"{version!r} is no version; supported are {', '.join(supported(today))}"
            yield fail(what, words={"VERSION": successor(version, today)})
        elif standing(version, today) is Standing.NEVER:
            what = f"version {version}; supported are {', '.join(supported(today))}"
            yield fail(what, words={"VERSION": successor(version, today)})
        elif standing(version, today) is Standing.ENDED:
            # What exists may keep an ended version; `version-not-ending` advises about it.
            created = require(platform.environment.created_at, "whether the environment exists")
            if created is None:
                yield fail(
                    f"support of {version} ended on {VERSIONS[version].end_of_support}; supported "
                    f"are {', '.join(supported(today))}",
                    words={"VERSION": successor(version, today)},
                )
