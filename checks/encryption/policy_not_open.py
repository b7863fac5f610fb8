"""Whom the key's policy lets in."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.lookups import key
from checks.sources import KMS
from mwaa.subject import Subject
from proofs.public import any_condition, open_statements


class PolicyNotOpen(Check):
    id = "mwaa-encryption-policy-not-open"
    title = "The key's policy lets nobody in without a condition who is not named"
    severity = "mandatory"
    why = "Principal * without a condition is every AWS customer."
    remedy = Remedy(
        setting="encryption: customer-managed",
        command="aws kms put-key-policy --key-id KEY --policy-name default --policy ...",
    )
    source = KMS + "key-policy-overview.html"
    frameworks = ("checkov CKV_AWS_33",)

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = key(subject)
        if found is None:
            return
        for name in need(open_statements(found.policy, any_condition), "the key's policy"):
            yield fail(f"statement {name} of the key's policy lets everybody in", found.id)
