"""Who makes MWAA's grants."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.permissions import caller_may
from policy.rules.facts.resources import key
from policy.rules.rule import BEFOREHAND, LIVE, Finding, Fix, Rule
from policy.rules.sources import GUIDE


class DeployerMayGrant(Rule):
    id = "mwaa-encryption-deployer-may-grant"
    title = "The caller may create grants on the key"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA makes four grants with the caller's rights, and fails the create without them."
    fix = Fix(command="mwaa permissions deployer (prints the policy the caller needs)")
    source = GUIDE + "custom-keys-certs.html"
    origins = LIVE
    stages = BEFOREHAND

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = key(platform)
        if found is None:
            return
        yield from caller_may(platform, lambda right: right.action == "kms:CreateGrant", found.id)
