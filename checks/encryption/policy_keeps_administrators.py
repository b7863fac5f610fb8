"""Who can still change the key."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need, undecided
from checks.lookups import key
from checks.sources import KMS
from mwaa.subject import Subject
from proofs.kms import delegates_to_account
from proofs.verdict import Verdict


class PolicyKeepsAdministrators(Check):
    id = "mwaa-encryption-policy-keeps-administrators"
    title = "The key's policy lets the account administer the key"
    severity = "mandatory"
    why = "Else nobody can grant MWAA the key, and nobody can ever mend the policy."
    remedy = Remedy(
        setting="encryption: customer-managed",
        command="aws kms put-key-policy --key-id KEY --policy-name default --policy ..."
        " (arn:aws:iam::ACCOUNT:root with kms:*)",
    )
    source = KMS + "key-policy-default.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = key(subject)
        if found is None:
            return
        account = need(subject.account.id, "the account")
        partition = need(subject.account.partition, "the partition")
        verdict = delegates_to_account(found, account, partition=partition)
        if verdict is Verdict.UNKNOWN:
            undecided("the key's policy cannot be known yet")
        if verdict is Verdict.FAIL:
            yield fail("the key's policy does not delegate to the account", found.id)
        if found.bypass_lockout_check is True:
            yield fail("the key bypasses AWS's check against a policy that locks out", found.id)
