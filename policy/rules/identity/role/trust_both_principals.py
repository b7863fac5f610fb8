"""Who may assume the execution role: MWAA."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.analysis.iam.permissions import assumable
from policy.analysis.verdict import Verdict
from policy.rules.facts.resources import role
from policy.rules.rule import Finding, Fix, Rule, fail, unknown
from policy.rules.sources import GUIDE


class TrustBothPrincipals(Rule):
    id = "mwaa-identity-trust-both-principals"
    title = "Both service principals of MWAA may assume the execution role for this environment"
    enforcement = "mandatory"
    severity = "high"
    why = "Else the create is refused, or the environment starts and cannot act."
    fix = Fix(
        setting="existingRoleArn: empty, to have the role made",
        command="aws iam update-assume-role-policy --role-name ROLE --policy-document"
        " TRUST_POLICY (and the statements of others that use the role)",
    )
    source = GUIDE + "mwaa-create-role.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        identity = role(platform).id
        for _, proof in assumable(platform):
            if proof.verdict is not Verdict.PASS:
                verdict = fail if proof.verdict is Verdict.FAIL else unknown
                yield verdict(proof.reason, identity)
