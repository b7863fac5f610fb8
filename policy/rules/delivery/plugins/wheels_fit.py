"""Wheels in plugins.zip."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.image import wheel_fits
from mwaa.service.versions import VERSIONS
from policy.rules.facts.artifacts import artifact
from policy.rules.rule import FILES, Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class WheelsFit(Rule):
    id = "mwaa-delivery-wheels-fit"
    title = "Every wheel in plugins.zip is for the image's Python and platform"
    enforcement = "mandatory"
    severity = "high"
    why = "pip passes over a wheel for another Python or system: nothing of the file is installed."
    fix = Fix(
        setting="pluginsFile: the plugins.zip that `mwaa build --offline` writes",
        command="pip download --only-binary=:all: --platform manylinux2014_x86_64 "
        "--python-version VERSION -r requirements.txt -d wheels",
    )
    source = GUIDE + "best-practices-dependencies.html"
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = artifact(platform, platform.environment.plugins_s3_path, "plugins")
        version = require(platform.environment.airflow_version, "the Airflow version")
        known = VERSIONS.get(version or "")
        if found is None or known is None or known.python is None:
            return
        for name in require(found.members, "the names in plugins.zip") or ():
            file = name.rpartition("/")[2]
            if file.endswith(".whl") and not wheel_fits(file, known.python):
                what = f"{file} does not fit Python {known.python} on x86-64 Linux"
                yield fail(what, words={"VERSION": known.python})
