"""Whom the key's policy lets in."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.analysis.iam.public import any_condition, open_statements
from policy.rules.facts.resources import key
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import KMS


class PolicyNotOpen(Rule):
    id = "mwaa-encryption-policy-not-open"
    title = "The key's policy lets nobody in without a condition who is not named"
    enforcement = "mandatory"
    severity = "critical"
    why = "Principal * without a condition is every AWS customer."
    fix = Fix(
        setting="encryption: customer-managed",
        command="aws kms put-key-policy --key-id KEY --policy-name default --policy"
        " KEY_POLICY (and the statements that others need)",
    )
    source = KMS + "key-policy-overview.html"
    frameworks = ("checkov CKV_AWS_33",)

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = key(platform)
        if found is None:
            return
        for name in require(open_statements(found.policy, any_condition), "the key's policy"):
            yield fail(f"statement {name} of the key's policy lets everybody in", found.id)
