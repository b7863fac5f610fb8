"""Whether the log groups are made in advance."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.names import LOG_TYPES
from policy.rules.facts.resources import log_modules
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class GroupsDeclared(Rule):
    id = "mwaa-logs-groups-declared"
    title = "Every log module that is on has a log group made for it"
    enforcement = "advisory"
    severity = "medium"
    why = "The groups that MWAA makes never expire and have no key of yours."
    fix = Fix(
        setting="logRetentionDays and adoptLogGroups",
        command="aws logs create-log-group --log-group-name LOG_GROUP --kms-key-id KEY",
    )
    source = GUIDE + "monitoring-airflow.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        environment = require(platform.environment.name, "the environment's name")
        present = {
            require(group.name, "a name") for group in require(platform.log_groups, "log groups")
        }
        wanted = [
            f"airflow-{environment}-{LOG_TYPES[module]}"
            for module, facts in log_modules(platform).items()
            if facts.enabled is True
        ]
        if missing := [name for name in wanted if name not in present]:
            yield fail(f"no log group {', '.join(missing)}", words={"LOG_GROUP": missing[0]})
