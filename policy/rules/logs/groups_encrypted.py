"""Keys of the log groups."""

from collections.abc import Iterator

from mwaa.model.platform import LogGroup, Platform
from policy.rules.facts.resources import same_key, short
from policy.rules.rule import Finding, Fix, Rule, each, fail, require
from policy.rules.sources import LOGS


class GroupsEncrypted(Rule):
    id = "mwaa-logs-groups-encrypted"
    title = "With a customer managed key the log groups are encrypted with it too"
    enforcement = "advisory"
    severity = "medium"
    why = (
        "Task logs hold what tasks print: connection details, samples of data. A key of others may "
        "be disabled without a look at this environment."
    )
    fix = Fix(
        setting="encryption: customer-managed",
        command="aws logs associate-kms-key --log-group-name LOG_GROUP --kms-key-id KEY",
    )
    source = LOGS + "encrypt-log-data-kms.html"
    frameworks = ("checkov CKV_AWS_158",)

    def judge(self, platform: Platform) -> Iterator[Finding]:
        ours = require(platform.environment.kms_key, "the KMS key")
        if ours is None:
            return iter(())

        def one(group: LogGroup) -> Iterator[Finding]:
            name = short(group.id)
            theirs = require(group.key, f"the key of {name}")
            if theirs is None:
                yield fail(f"{name} has no key", group.id)
            elif not same_key(platform, theirs):
                yield fail(
                    f"{name} is encrypted with {short(theirs)}, the environment with "
                    f"{short(ours)}: another policy decides whether its events can be written "
                    "and read",
                    group.id,
                )

        return each(require(platform.log_groups, "the log groups"), one)
