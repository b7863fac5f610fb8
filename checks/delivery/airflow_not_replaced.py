"""Airflow among the requirements."""

import re
from collections.abc import Iterator

from checks.check import PLAN, Check, Finding, Remedy, fail, need
from checks.delivered import requirements
from checks.sources import IMAGES
from mwaa.subject import Subject

# What the image pins for its own sake; another version of these stops its components.
OWN = ("celery", "kombu", "watchtower", "sqlalchemy", "flask-appbuilder")


class AirflowNotReplaced(Check):
    id = "mwaa-delivery-airflow-not-replaced"
    title = "No requirement replaces Airflow or what its image is built on"
    severity = "mandatory"
    why = "pip refuses the conflict with the image's essential constraints: nothing is installed."
    remedy = Remedy(
        setting="requirementsFile: without these lines",
        command="aws s3 cp requirements.txt s3://BUCKET/requirements.txt",
    )
    source = IMAGES
    origins = PLAN

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = requirements(subject)
        if found is None:
            return
        version = need(subject.environment.airflow_version, "the Airflow version")
        for line in found.packages:
            name, _, wanted = re.sub(r"\[.*?\]|\s", "", line).lower().partition("==")
            if name == "apache-airflow" and wanted and wanted != version:
                yield fail(f"the requirements ask for Airflow {wanted} in a {version} environment")
            elif name in OWN and wanted:
                yield fail(f"the requirements pin {name}, which belongs to the image")
