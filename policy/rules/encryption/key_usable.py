"""The state of the key."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import key
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import KMS


class KeyUsable(Rule):
    id = "mwaa-encryption-key-usable"
    title = "The key is an enabled symmetric key of one region"
    enforcement = "mandatory"
    severity = "high"
    why = "With any other key nothing is encrypted or read: the environment becomes UNAVAILABLE."
    fix = Fix(
        setting="existingKeyArn: another key",
        command="aws kms enable-key --key-id KEY (or cancel-key-deletion)",
    )
    source = KMS + "key-state.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = key(platform)
        if found is None:
            return
        for what, value, wanted in (
            ("state", found.state, "Enabled"),
            ("usage", found.usage, "ENCRYPT_DECRYPT"),
            ("spec", found.spec, "SYMMETRIC_DEFAULT"),
        ):
            seen = require(value, f"the key's {what}")
            if seen != wanted:
                yield fail(f"key {what} {seen}", found.id)
        if require(found.multi_region, "whether the key is multi-region"):
            yield fail("a multi-region key", found.id)
