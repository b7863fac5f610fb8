"""Which of the five log modules are on."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, each, fail, need
from checks.lookups import log_modules
from checks.sources import GUIDE
from mwaa.subject import Subject


class AllFiveEnabled(Check):
    id = "mwaa-logs-all-five-enabled"
    title = "All five log modules are on"
    severity = "mandatory"
    why = "What was not logged cannot be diagnosed: Airflow's own logs are the only view inside."
    remedy = Remedy(
        setting="logLevels: a level for each module",
        command="aws mwaa update-environment --name NAME --logging-configuration"
        " 'TaskLogs={Enabled=true,LogLevel=INFO},...'",
    )
    source = GUIDE + "monitoring-airflow.html"
    frameworks = ("checkov CKV_AWS_242", "checkov CKV_AWS_243", "checkov CKV_AWS_244")

    def judge(self, subject: Subject) -> Iterator[Finding]:
        modules = log_modules(subject)

        def one(module: str) -> Iterator[Finding]:
            if not need(modules[module].enabled, f"whether the {module} log is on"):
                yield fail(f"the {module} log is off")

        return each(modules, one)
