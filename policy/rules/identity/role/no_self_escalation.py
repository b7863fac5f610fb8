"""Rights over the environment itself."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.analysis.iam.excessive_permissions import ESCALATION, find
from policy.analysis.iam.required import names_of
from policy.analysis.verdict import Verdict
from policy.rules.facts.resources import role
from policy.rules.rule import Finding, Fix, Rule, fail, require, unknown
from policy.rules.sources import GUIDE


class NoSelfEscalation(Rule):
    id = "mwaa-identity-no-self-escalation"
    title = "The execution role cannot change its own environment, rights or code"
    enforcement = "advisory"
    severity = "high"
    why = "One bad DAG could rewrite the others, mint Admin tokens or widen its own rights."
    fix = Fix(
        setting="additionalRoleStatements: without those actions",
        command="aws iam list-role-policies --role-name ROLE (and write the policy without them)",
    )
    source = GUIDE + "security-best-practices.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        identity = role(platform).id
        if names_of(platform) is None:
            yield unknown("name, region or account cannot be known yet", identity)
        for permission in require(find(platform), "the role's policies"):
            if permission.kind == ESCALATION:
                if permission.verdict is Verdict.FAIL:
                    yield fail(permission.reason, identity, fix=permission.remedy)
                else:
                    yield unknown(permission.reason, identity)
