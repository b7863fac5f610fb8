"""How long log events are kept."""

from collections.abc import Iterator

from mwaa.model.platform import LogGroup, Platform
from policy.rules.facts.resources import short
from policy.rules.rule import Finding, Fix, Rule, each, fail, require
from policy.rules.sources import LOGS


class RetentionSet(Rule):
    id = "mwaa-logs-retention-set"
    title = "Log events expire"
    enforcement = "advisory"
    severity = "low"
    why = "Events that never expire cost more every month, and keep what should be forgotten."
    fix = Fix(
        setting="logRetentionDays: 365",
        command="aws logs put-retention-policy --log-group-name LOG_GROUP --retention-in-days 365",
    )
    source = LOGS + "Working-with-log-groups-and-streams.html"
    frameworks = ("AWS FSBP CloudWatch.16", "checkov CKV_AWS_66")

    def judge(self, platform: Platform) -> Iterator[Finding]:
        def one(group: LogGroup) -> Iterator[Finding]:
            if require(group.retention_days, f"the retention of {short(group.id)}") is None:
                yield fail(f"events of {short(group.id)} never expire", group.id)

        return each(require(platform.log_groups, "the log groups"), one)
