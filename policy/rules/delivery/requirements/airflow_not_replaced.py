"""Airflow among the requirements."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.image import essential_pins, own_parts
from policy.rules.facts.artifacts import requirements
from policy.rules.rule import FILES, Finding, Fix, Rule, fail, require
from policy.rules.sources import IMAGES


class AirflowNotReplaced(Rule):
    id = "mwaa-delivery-airflow-not-replaced"
    title = "No requirement replaces Airflow or what its image is built on"
    enforcement = "mandatory"
    severity = "high"
    why = (
        "pip refuses the conflict with the image's essential constraints: nothing is installed. "
        "The parts of Airflow 3 it replaces, and Airflow no longer starts."
    )
    fix = Fix(
        setting="requirementsFile: without these lines",
        command="aws s3 cp requirements.txt s3://BUCKET/requirements.txt",
    )
    source = IMAGES
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = requirements(platform)
        if found is None:
            return
        version = require(platform.environment.airflow_version, "the Airflow version")
        pins = essential_pins(version) | own_parts(version) if version else {}
        for where, line in found.packages:
            pinned = pins.get(line.name)
            if pinned is None or line.requirement is None or line.requirement.url:
                continue
            wanted = line.requirement.specifier
            if not wanted.contains(pinned, prereleases=True):
                yield fail(f"{where} asks for {line.name}{wanted}, the image keeps {pinned}")
        yield from found.unknowns()
