"""The version that constraints were made for."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from mwaa.service.image import essential_pins
from mwaa.service.versions import VERSIONS
from policy.analysis.artifacts.requirements import AIRFLOWS, parse, place
from policy.rules.facts.artifacts import requirements, text_of
from policy.rules.rule import FILES, Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE

SHOWN = 3


class RequirementsConstraintsMatch(Rule):
    id = "mwaa-delivery-requirements-constraints-match"
    title = "The constraints are those of the environment's Airflow and Python"
    enforcement = "advisory"
    severity = "high"
    why = (
        "pip is bound by them and by the image's essential pins at once: where they differ, what "
        "needs such a package cannot be installed, and pip installs nothing at all."
    )
    fix = Fix(
        setting="requirementsFile: constraints of the environment's own Airflow version",
        command="curl -O https://raw.githubusercontent.com/apache/airflow/constraints-VERSION/"
        "constraints-PYTHON.txt",
    )
    source = GUIDE + "working-dags-dependencies.html"
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = requirements(platform)
        if found is None:
            return
        version = require(platform.environment.airflow_version, "the Airflow version")
        image = VERSIONS.get(version or "")
        if version is None or image is None:
            return
        for value in found.values("--constraint"):
            fits = AIRFLOWS.search(value)
            if fits and fits["airflow"] != version:
                yield fail(f"the constraints are of Airflow {fits['airflow']}, not {version}")
            elif fits and image.python and fits["python"] != image.python:
                yield fail(f"the constraints are of Python {fits['python']}, not {image.python}")
            elif place(value).room in ("plugins", "dags"):
                text = text_of(platform, place(value))
                if known(text) and text is not None:
                    yield from self._pins(value, text, essential_pins(version))

    def _pins(self, name: str, text: str, pins: dict[str, str]) -> Iterator[Finding]:
        other = [
            f"{line.name}{line.requirement.specifier} (image: {pins[line.name]})"
            for line in parse(text, name).lines
            if line.requirement is not None
            and line.name in pins
            and not line.requirement.specifier.contains(pins[line.name], prereleases=True)
        ]
        if other:
            more = f" and {len(other) - SHOWN} more" if len(other) > SHOWN else ""
            yield fail(f"{name} differs from the image's pins: {', '.join(other[:SHOWN])}{more}")
