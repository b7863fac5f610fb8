"""Packages that an offline installation needs."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from mwaa.service.image import wheel_fits
from mwaa.service.versions import VERSIONS
from policy.rules.facts.artifacts import members, requirements
from policy.rules.rule import ARTIFACTS, Finding, Fix, Rule, fail, require, unknown
from policy.rules.sources import GUIDE

SHOWN = 10


class RequirementsComplete(Rule):
    id = "mwaa-delivery-requirements-complete"
    title = "With --no-index, plugins.zip holds a wheel of every package that is needed"
    enforcement = "mandatory"
    severity = "high"
    why = "pip finds no other place to look, and installs nothing."
    fix = Fix(
        setting="pluginsFile: the plugins.zip that `mwaa build --offline` writes",
        command="pip download -r requirements.txt -d wheels (and zip them into plugins.zip)",
    )
    source = GUIDE + "best-practices-dependencies.html"
    origins = ARTIFACTS

    def judge(self, platform: Platform) -> Iterator[Finding]:
        from packaging.utils import canonicalize_name

        found = requirements(platform)
        if found is None or not found.has("--no-index"):
            return
        packages = platform.trial.packages
        if not known(packages):
            yield unknown(platform.trial.untried.get("packages", "the packages were not resolved"))
            return
        version = require(platform.environment.airflow_version, "the Airflow version")
        image = VERSIONS.get(version or "")
        names = (name.rpartition("/")[2] for name in members(platform))
        brought = {
            canonicalize_name(name.split("-")[0])
            for name in names
            if image and image.python and wheel_fits(name, image.python)
        }
        missing = sorted(set(packages) - brought)
        if missing:
            more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
            yield fail(f"no wheel brings {', '.join(missing[:SHOWN])}{more}")
