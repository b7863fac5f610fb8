"""The levels of the log modules."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, each, fail, need
from checks.lookups import log_modules
from checks.sources import GUIDE
from mwaa.subject import Subject

ENOUGH = {"task": ("DEBUG", "INFO")}
OTHERS = ("DEBUG", "INFO", "WARNING")


class LevelsInformative(Check):
    id = "mwaa-logs-levels-informative"
    title = "Task logs are at INFO, the others at WARNING or more"
    severity = "advisory"
    why = "Above INFO the task log pages of the UI stay blank."
    remedy = Remedy(
        setting="logLevels: {task: INFO}",
        command="aws mwaa update-environment --name NAME --logging-configuration"
        " 'TaskLogs={Enabled=true,LogLevel=INFO}'",
    )
    source = GUIDE + "t-cloudwatch-cloudtrail-logs.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        modules = log_modules(subject)

        def one(name: str) -> Iterator[Finding]:
            if modules[name].enabled is not True:
                return
            level = need(modules[name].level, f"the level of the {name} log")
            if level is not None and level not in ENOUGH.get(name, OTHERS):
                yield fail(f"the {name} log is at {level}")

        return each(modules, one)
