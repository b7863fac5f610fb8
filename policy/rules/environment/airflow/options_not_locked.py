"""Options that the image sets itself."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.airflow_options import locked
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import IMAGES


class OptionsNotLocked(Rule):
    id = "mwaa-environment-options-not-locked"
    title = "No Airflow option is one that MWAA overrides"
    enforcement = "advisory"
    severity = "medium"
    why = "MWAA merges its own set last: the option is silently without effect."
    fix = Fix(
        setting="airflowConfigurationOptions: without that key",
        command="aws mwaa update-environment --name NAME --airflow-configuration-options"
        " file://options.json (all options, with this one corrected)",
    )
    source = IMAGES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        options = require(platform.environment.options, "the Airflow options")
        if not options:
            return
        version = require(platform.environment.airflow_version, "the Airflow version")
        for key in options:
            instead = locked(key, version or "")
            if instead is not None:
                yield fail(f"MWAA overrides option {key}: {instead}")
