"""How long a deleted key can be had back."""

from collections.abc import Iterator

from checks.check import PLAN, Check, Finding, Remedy, fail, need
from checks.lookups import key
from checks.sources import KMS
from mwaa.subject import Subject

LEAST_DAYS = 14


class DeletionWindowLong(Check):
    id = "mwaa-encryption-deletion-window-long"
    title = "A deleted key can be had back for two weeks or longer"
    severity = "advisory"
    why = "With the key goes all that it encrypted, the metadata database included."
    remedy = Remedy(
        setting="keyDeletionWindowDays: 30",
        command="aws kms cancel-key-deletion --key-id KEY",
    )
    source = KMS + "deleting-keys.html"
    origins = PLAN

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = key(subject)
        if found is None:
            return
        days = need(found.deletion_window, "the key's deletion window")
        if days is not None and days < LEAST_DAYS:
            yield fail(f"a deletion window of {days} days", found.id)
