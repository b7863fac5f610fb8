"""Rights on everything of a service."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.analysis.iam.excessive_permissions import WILDCARD
from policy.rules.facts.excessive_permissions import excessive
from policy.rules.rule import Finding, Fix, Rule
from policy.rules.sources import GUIDE


class NoWildcards(Rule):
    id = "mwaa-identity-no-wildcards"
    title = "The execution role has no right on the whole of a service"
    enforcement = "advisory"
    severity = "medium"
    why = "A DAG can then read or destroy what has nothing to do with the environment."
    fix = Fix(
        setting="additionalRoleStatements: name actions and resources",
        command="aws iam list-role-policies --role-name ROLE (and write the policy without them)",
    )
    source = GUIDE + "security-best-practices.html"
    frameworks = ("AWS FSBP IAM.21",)

    def judge(self, platform: Platform) -> Iterator[Finding]:
        yield from excessive(platform, WILDCARD)
