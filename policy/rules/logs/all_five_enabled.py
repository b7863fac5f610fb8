"""Which of the five log modules are on."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from mwaa.names import LOG_TYPES
from mwaa.service.api_names import LOG_MEMBERS
from policy.rules.facts.resources import log_modules
from policy.rules.rule import Finding, Fix, Rule, each, fail, require
from policy.rules.sources import GUIDE


class AllFiveEnabled(Rule):
    id = "mwaa-logs-all-five-enabled"
    title = "All five log modules are on"
    enforcement = "mandatory"
    severity = "medium"
    why = "What was not logged cannot be diagnosed: Airflow's own logs are the only view inside."
    fix = Fix(
        setting="logLevels: a level for each module",
        command="aws mwaa update-environment --name NAME --logging-configuration"
        " 'MEMBER={Enabled=true,LogLevel=INFO}'",
    )
    source = GUIDE + "monitoring-airflow.html"
    frameworks = ("checkov CKV_AWS_242", "checkov CKV_AWS_243", "checkov CKV_AWS_244")

    def judge(self, platform: Platform) -> Iterator[Finding]:
        modules = log_modules(platform)
        name = platform.environment.name

        def one(module: str) -> Iterator[Finding]:
            if not require(modules[module].enabled, f"whether the {module} log is on"):
                group = f"airflow-{name}-{LOG_TYPES[module]}" if known(name) else None
                words = {"MEMBER": LOG_MEMBERS[module]}
                yield fail(f"the {module} log is off", group, words=words)

        return each(modules, one)
