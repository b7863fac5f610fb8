"""How long log events are kept."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, each, fail, need
from checks.lookups import short
from checks.sources import LOGS
from mwaa.subject import LogGroup, Subject


class RetentionSet(Check):
    id = "mwaa-logs-retention-set"
    title = "Log events expire"
    severity = "advisory"
    why = "Events that never expire cost more every month, and keep what should be forgotten."
    remedy = Remedy(
        setting="logRetentionDays: 365",
        command="aws logs put-retention-policy --log-group-name GROUP --retention-in-days 365",
    )
    source = LOGS + "Working-with-log-groups-and-streams.html"
    frameworks = ("AWS FSBP CloudWatch.16", "checkov CKV_AWS_66")

    def judge(self, subject: Subject) -> Iterator[Finding]:
        def one(group: LogGroup) -> Iterator[Finding]:
            if need(group.retention_days, f"the retention of {short(group.id)}") is None:
                yield fail(f"events of {short(group.id)} never expire", group.id)

        return each(need(subject.log_groups, "the log groups"), one)
