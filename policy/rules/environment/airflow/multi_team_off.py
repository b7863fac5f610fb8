"""Airflow's multi-team mode."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class MultiTeamOff(Rule):
    id = "mwaa-environment-multi-team-off"
    title = "Airflow's multi-team mode is off"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA's auth manager and executor do not support it; users lose access."
    fix = Fix(
        setting="airflowConfigurationOptions: without core.multi_team",
        command="aws mwaa update-environment --name NAME --airflow-configuration-options"
        " file://options.json (all options, with this one corrected)",
    )
    source = GUIDE + "airflow-versions.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        options = require(platform.environment.options, "the Airflow options")
        value = require(options.get("core.multi_team", "False"), "option core.multi_team")
        if value.lower() not in ("false", "0", "f"):
            yield fail("core.multi_team is on")
