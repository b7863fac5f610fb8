"""The state of the key."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.lookups import key
from checks.sources import KMS
from mwaa.subject import Subject


class KeyUsable(Check):
    id = "mwaa-encryption-key-usable"
    title = "The key is an enabled symmetric key of one region"
    severity = "mandatory"
    why = "With any other key nothing is encrypted or read: the environment becomes UNAVAILABLE."
    remedy = Remedy(
        setting="existingKeyArn: another key",
        command="aws kms enable-key --key-id KEY (or cancel-key-deletion)",
    )
    source = KMS + "key-state.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = key(subject)
        if found is None:
            return
        for what, value, wanted in (
            ("state", found.state, "Enabled"),
            ("usage", found.usage, "ENCRYPT_DECRYPT"),
            ("spec", found.spec, "SYMMETRIC_DEFAULT"),
        ):
            seen = need(value, f"the key's {what}")
            if seen != wanted:
                yield fail(f"key {what} {seen}", found.id)
        if need(found.multi_region, "whether the key is multi-region"):
            yield fail("a multi-region key", found.id)
