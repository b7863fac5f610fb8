"""Rotation of the key."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import key
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import KMS


class KeyRotates(Rule):
    id = "mwaa-encryption-key-rotates"
    title = "The key rotates by itself"
    enforcement = "advisory"
    severity = "medium"
    why = "Rotation bounds what one leaked key can read, and costs nothing to operate."
    fix = Fix(
        setting="keyRotationDays: 365",
        command="aws kms enable-key-rotation --key-id KEY",
    )
    source = KMS + "rotate-keys.html"
    frameworks = ("AWS FSBP KMS.4", "CIS AWS Foundations 3.6", "checkov CKV_AWS_7")

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = key(platform)
        if found is not None and not require(found.rotation, "whether the key rotates"):
            yield fail("rotation is off", found.id)
