"""What a destroy does to the logs."""

from collections.abc import Iterator

from checks.check import PLAN, Check, Finding, Remedy, each, fail, need
from checks.lookups import short
from mwaa.subject import LogGroup, Subject, known


class GroupsRetained(Check):
    id = "mwaa-logs-groups-retained"
    title = "Logs outlive the stack, or are protected from its destroy"
    severity = "advisory"
    why = "The logs are what explains, after the fact, why somebody destroyed the stack."
    remedy = Remedy(
        setting="protect: true",
        command="aws logs create-export-task --log-group-name GROUP ... (before the destroy)",
    )
    source = "https://www.pulumi.com/registry/packages/aws/api-docs/cloudwatch/loggroup/"
    origins = PLAN

    def judge(self, subject: Subject) -> Iterator[Finding]:
        def one(group: LogGroup) -> Iterator[Finding]:
            kept = [value for value in (group.protected, group.retained) if known(value)]
            if not any(kept) and need(group.protected, "whether a log group is protected") is False:
                yield fail(f"{short(group.id)} goes with the stack", group.id)

        return each(need(subject.log_groups, "the log groups"), one)
