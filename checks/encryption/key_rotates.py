"""Rotation of the key."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.lookups import key
from checks.sources import KMS
from mwaa.subject import Subject


class KeyRotates(Check):
    id = "mwaa-encryption-key-rotates"
    title = "The key rotates by itself"
    severity = "advisory"
    why = "Rotation bounds what one leaked key can read, and costs nothing to operate."
    remedy = Remedy(
        setting="keyRotationDays: 365",
        command="aws kms enable-key-rotation --key-id KEY",
    )
    source = KMS + "rotate-keys.html"
    frameworks = ("AWS FSBP KMS.4", "CIS AWS Foundations 3.6", "checkov CKV_AWS_7")

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = key(subject)
        if found is not None and not need(found.rotation, "whether the key rotates"):
            yield fail("rotation is off", found.id)
