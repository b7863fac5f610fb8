"""Wheels in plugins.zip."""

from collections.abc import Iterator

from checks.check import PLAN, Check, Finding, Remedy, fail, need
from checks.delivered import artefact
from checks.sources import GUIDE
from mwaa.modules import wheel_fits
from mwaa.subject import Subject
from mwaa.versions import VERSIONS


class WheelsFit(Check):
    id = "mwaa-delivery-wheels-fit"
    title = "Every wheel in plugins.zip is for the image's Python and platform"
    severity = "mandatory"
    why = "pip passes over a wheel for another Python or system: nothing of the file is installed."
    remedy = Remedy(
        setting="pluginsFile: the plugins.zip that `mwaa build --offline` writes",
        command="pip download --only-binary=:all: --platform manylinux2014_x86_64 "
        "--python-version VERSION -r requirements.txt -d wheels",
    )
    source = GUIDE + "best-practices-dependencies.html"
    origins = PLAN

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = artefact(subject, subject.environment.plugins_s3_path, "plugins")
        version = need(subject.environment.airflow_version, "the Airflow version")
        known = VERSIONS.get(version or "")
        if found is None or known is None or known.python is None:
            return
        for name in need(found.members, "the names in plugins.zip"):
            file = name.rpartition("/")[2]
            if file.endswith(".whl") and not wheel_fits(file, known.python):
                yield fail(f"{file} does not fit Python {known.python} on x86-64 Linux")
