"""Keys of the log groups."""

from collections.abc import Iterator

from mwaa.model.platform import LogGroup, Platform
from policy.rules.facts.resources import short
from policy.rules.rule import Finding, Fix, Rule, each, fail, require
from policy.rules.sources import LOGS


class GroupsEncrypted(Rule):
    id = "mwaa-logs-groups-encrypted"
    title = "With a customer managed key the log groups are encrypted with a key too"
    enforcement = "advisory"
    severity = "medium"
    why = "Task logs hold what tasks print: connection details, samples of data."
    fix = Fix(
        setting="encryption: customer-managed",
        command="aws logs associate-kms-key --log-group-name LOG_GROUP --kms-key-id KEY",
    )
    source = LOGS + "encrypt-log-data-kms.html"
    frameworks = ("checkov CKV_AWS_158",)

    def judge(self, platform: Platform) -> Iterator[Finding]:
        if require(platform.environment.kms_key, "the KMS key") is None:
            return iter(())

        def one(group: LogGroup) -> Iterator[Finding]:
            if require(group.key, f"the key of {short(group.id)}") is None:
                yield fail(f"{short(group.id)} has no key", group.id)

        return each(require(platform.log_groups, "the log groups"), one)
