"""What a destroy does to the logs."""

from collections.abc import Iterator

from mwaa.model.platform import LogGroup, Platform, known
from policy.rules.facts.resources import short
from policy.rules.rule import (
    PLAN,
    Finding,
    Fix,
    Rule,
    each,
    fail,
    require,
)


class GroupsRetained(Rule):
    id = "mwaa-logs-groups-retained"
    title = "Logs outlive the stack, or are protected from its destroy"
    enforcement = "advisory"
    severity = "medium"
    why = "The logs are what explains, after the fact, why somebody destroyed the stack."
    fix = Fix(
        setting="protect: true",
        command="aws logs create-export-task --log-group-name LOG_GROUP --from 0"
        " --to $(date +%s)000 --destination EXPORT_BUCKET (before the destroy)",
    )
    source = "https://www.pulumi.com/registry/packages/aws/api-docs/cloudwatch/loggroup/"
    origins = PLAN

    def judge(self, platform: Platform) -> Iterator[Finding]:
        def one(group: LogGroup) -> Iterator[Finding]:
            kept = [value for value in (group.protected, group.retained) if known(value)]
            if (
                not any(kept)
                and require(group.protected, "whether a log group is protected") is False
            ):
                yield fail(f"{short(group.id)} goes with the stack", group.id)

        return each(require(platform.log_groups, "the log groups"), one)
