"""The levels of the log modules."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.api_names import LOG_MEMBERS
from policy.rules.facts.resources import log_modules
from policy.rules.rule import Finding, Fix, Rule, each, fail, require
from policy.rules.sources import GUIDE

ENOUGH = {"task": ("DEBUG", "INFO")}
OTHERS = ("DEBUG", "INFO", "WARNING")


class LevelsInformative(Rule):
    id = "mwaa-logs-levels-informative"
    title = "Task logs are at INFO, the others at WARNING or more"
    enforcement = "advisory"
    severity = "low"
    why = "Above INFO the task log pages of the UI stay blank."
    fix = Fix(
        setting="logLevels: {task: INFO}",
        command="aws mwaa update-environment --name NAME --logging-configuration"
        " 'MEMBER={Enabled=true,LogLevel=INFO}'",
    )
    source = GUIDE + "t-cloudwatch-cloudtrail-logs.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        modules = log_modules(platform)

        def one(name: str) -> Iterator[Finding]:
            if modules[name].enabled is not True:
                return
            level = require(modules[name].level, f"the level of the {name} log")
            if level is not None and level not in ENOUGH.get(name, OTHERS):
                yield fail(f"the {name} log is at {level}", words={"MEMBER": LOG_MEMBERS[name]})

        return each(modules, one)
