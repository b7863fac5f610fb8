"""What the caller of a create must be allowed."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.permissions import caller_may
from policy.rules.rule import BEFOREHAND, LIVE, Finding, Fix, Rule
from policy.rules.sources import GUIDE


class DeployerRights(Rule):
    id = "mwaa-identity-deployer-rights"
    title = "The caller may do all that creating or updating the environment takes"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA acts with the caller's rights: passes the role, makes endpoints, grants the key."
    fix = Fix(command="mwaa permissions deployer (prints the policy the caller needs)")
    source = GUIDE + "access-policies.html"
    origins = LIVE
    stages = BEFOREHAND
    of_account = True

    def judge(self, platform: Platform) -> Iterator[Finding]:
        yield from caller_may(
            platform,
            # Both have a rule of their own.
            lambda right: right.action not in ("iam:CreateServiceLinkedRole", "kms:CreateGrant"),
        )
