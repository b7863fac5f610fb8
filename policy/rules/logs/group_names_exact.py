"""The names of log groups made in advance."""

from collections.abc import Iterator

from mwaa.model.platform import LogGroup, Platform
from mwaa.names import meant_log_group
from policy.rules.rule import Finding, Fix, Rule, each, fail, require
from policy.rules.sources import GUIDE


class GroupNamesExact(Rule):
    id = "mwaa-logs-group-names-exact"
    title = "Log groups of the environment have exactly the names that MWAA uses"
    enforcement = "mandatory"
    severity = "high"
    why = "Beside a group of another spelling MWAA makes its own, without retention and key."
    fix = Fix(
        setting="environmentName (names follow from it)",
        command="aws logs delete-log-group --log-group-name LOG_GROUP",
    )
    source = GUIDE + "monitoring-airflow.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        environment = require(platform.environment.name, "the environment's name")

        def one(group: LogGroup) -> Iterator[Finding]:
            name = require(group.name, "a log group's name")
            # Only a near miss is a mistake: another environment's name may begin alike.
            meant = meant_log_group(environment, name)
            if meant and name != meant:
                yield fail(f"log group {name}; MWAA writes to {meant}", group.id)

        return each(require(platform.log_groups, "the log groups"), one)
