"""Who can still change the key."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from policy.analysis.iam.kms import delegates_to_account
from policy.analysis.iam.request import account_of
from policy.analysis.verdict import Verdict
from policy.rules.facts.resources import key
from policy.rules.rule import Finding, Fix, Rule, fail, require, undecided
from policy.rules.sources import KMS


class PolicyKeepsAdministrators(Rule):
    id = "mwaa-encryption-policy-keeps-administrators"
    title = "The key's policy lets the account administer the key"
    enforcement = "mandatory"
    severity = "critical"
    why = "Else nobody can grant MWAA the key, and nobody can ever change the policy."
    fix = Fix(
        setting="encryption: customer-managed",
        command="aws kms put-key-policy --key-id KEY --policy-name default --policy"
        " KEY_POLICY (and the statements that others need)",
    )
    source = KMS + "key-policy-default.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = key(platform)
        if found is None:
            return
        # A key of another account is administered there.
        owner = account_of(found.arn) if known(found.arn) else ""
        account = owner or require(platform.account.id, "the account")
        partition = require(platform.account.partition, "the partition")
        verdict = delegates_to_account(found, account, partition=partition)
        if verdict is Verdict.UNKNOWN:
            undecided(f"the policy of the key, of account {account}, cannot be known yet")
        if verdict is Verdict.FAIL:
            root, foreign = f"arn:{partition}:iam::{account}:root", account != platform.account.id
            yield fail(
                f"the key's policy does not delegate to account {account}",
                found.id,
                # Only its own account can write the policy of a key of others.
                fix=f"let {root} do kms:* in the policy of {found.id}" if foreign else "",
            )
        if found.bypass_lockout_check is True:
            yield fail("the key bypasses AWS's rule against a policy that locks out", found.id)
