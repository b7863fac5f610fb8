"""Keys of the log groups."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, each, fail, need
from checks.lookups import short
from checks.sources import LOGS
from mwaa.subject import LogGroup, Subject


class GroupsEncrypted(Check):
    id = "mwaa-logs-groups-encrypted"
    title = "With a customer managed key the log groups are encrypted with a key too"
    severity = "advisory"
    why = "Task logs hold what tasks print: connection details, samples of data."
    remedy = Remedy(
        setting="encryption: customer-managed",
        command="aws logs associate-kms-key --log-group-name GROUP --kms-key-id KEY_ARN",
    )
    source = LOGS + "encrypt-log-data-kms.html"
    frameworks = ("checkov CKV_AWS_158",)

    def judge(self, subject: Subject) -> Iterator[Finding]:
        if need(subject.environment.kms_key, "the KMS key") is None:
            return iter(())

        def one(group: LogGroup) -> Iterator[Finding]:
            if need(group.key, f"the key of {short(group.id)}") is None:
                yield fail(f"{short(group.id)} has no key", group.id)

        return each(need(subject.log_groups, "the log groups"), one)
