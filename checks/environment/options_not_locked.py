"""Options that the image sets itself."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.sources import IMAGES
from mwaa.options import locked
from mwaa.subject import Subject


class OptionsNotLocked(Check):
    id = "mwaa-environment-options-not-locked"
    title = "No Airflow option is one that MWAA overrides"
    severity = "advisory"
    why = "MWAA merges its own set last: the option is silently without effect."
    remedy = Remedy(
        setting="airflowConfigurationOptions: without that key",
        command="aws mwaa update-environment --name NAME --airflow-configuration-options ...",
    )
    source = IMAGES

    def judge(self, subject: Subject) -> Iterator[Finding]:
        for key in need(subject.environment.options, "the Airflow options"):
            instead = locked(key)
            if instead is not None:
                yield fail(f"MWAA overrides option {key}: {instead}")
