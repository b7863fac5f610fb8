"""Airflow among the requirements."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.artifacts import requirements
from policy.rules.rule import PLAN, Finding, Fix, Rule, fail, require
from policy.rules.sources import IMAGES

# What the image pins for its own sake; another version of these stops its components.
OWN = ("celery", "kombu", "watchtower", "sqlalchemy", "flask", "flask-appbuilder")


class AirflowNotReplaced(Rule):
    id = "mwaa-delivery-airflow-not-replaced"
    title = "No requirement replaces Airflow or what its image is built on"
    enforcement = "mandatory"
    severity = "high"
    why = "pip refuses the conflict with the image's essential constraints: nothing is installed."
    fix = Fix(
        setting="requirementsFile: without these lines",
        command="aws s3 cp requirements.txt s3://BUCKET/requirements.txt",
    )
    source = IMAGES
    origins = PLAN

    def judge(self, platform: Platform) -> Iterator[Finding]:
        # Takes longer to import than this rule to judge, and is needed only with requirements.
        from packaging.requirements import InvalidRequirement, Requirement
        from packaging.utils import canonicalize_name

        found = requirements(platform)
        if found is None:
            return
        version = require(platform.environment.airflow_version, "the Airflow version")
        for line in found.packages:
            try:
                wanted = Requirement(line.split(" --")[0])
            except InvalidRequirement:
                continue  # a path, an address or an error of its own
            name = canonicalize_name(wanted.name)
            if name == "apache-airflow" and version and version not in wanted.specifier:
                yield fail(f"the requirements ask for Airflow {wanted.specifier}, not {version}")
            elif name in OWN and any(one.operator in ("==", "===") for one in wanted.specifier):
                yield fail(f"the requirements pin {name}, which belongs to the image")
