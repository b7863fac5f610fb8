"""How long a deleted key can be restored."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import key
from policy.rules.rule import PLAN, Finding, Fix, Rule, fail, require
from policy.rules.sources import KMS

LEAST_DAYS = 14


class DeletionWindowLong(Rule):
    id = "mwaa-encryption-deletion-window-long"
    title = "A deleted key can be restored for two weeks or longer"
    enforcement = "advisory"
    severity = "low"
    why = "With the key goes all that it encrypted, the metadata database included."
    fix = Fix(
        setting="keyDeletionWindowDays: 30",
        command="aws kms cancel-key-deletion --key-id KEY",
    )
    source = KMS + "deleting-keys.html"
    origins = PLAN

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = key(platform)
        if found is None:
            return
        days = require(found.deletion_window, "the key's deletion window")
        if days is not None and days < LEAST_DAYS:
            yield fail(f"a deletion window of {days} days", found.id)
