"""Airflow's multi-team mode."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.sources import GUIDE
from mwaa.subject import Subject


class MultiTeamOff(Check):
    id = "mwaa-environment-multi-team-off"
    title = "Airflow's multi-team mode is off"
    severity = "mandatory"
    why = "MWAA's auth manager and executor do not support it; users lose access."
    remedy = Remedy(
        setting="airflowConfigurationOptions: without core.multi_team",
        command="aws mwaa update-environment --name NAME --airflow-configuration-options ...",
    )
    source = GUIDE + "airflow-versions.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        options = need(subject.environment.options, "the Airflow options")
        value = need(options.get("core.multi_team", "False"), "option core.multi_team")
        if value.lower() not in ("false", "0", "f"):
            yield fail("core.multi_team is on")
