"""Rights that make the role anybody."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from policy.analysis.iam.excessive_permissions import ADMINISTRATION
from policy.rules.facts.excessive_permissions import excessive
from policy.rules.facts.resources import role
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE

ADMINISTRATORS = ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess")


class NoAdministration(Rule):
    id = "mwaa-identity-no-administration"
    title = "The execution role administers nothing"
    enforcement = "mandatory"
    severity = "critical"
    why = "Every DAG author may do what the role may: with these rights each is an administrator."
    fix = Fix(
        setting="additionalManagedPolicyArns and additionalRoleStatements: only what DAGs call",
        command="aws iam detach-role-policy --role-name ROLE --policy-arn POLICY",
    )
    source = GUIDE + "security-best-practices.html"
    frameworks = ("AWS FSBP IAM.1", "CIS AWS Foundations 1.16")

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = role(platform)
        for arn in require(found.managed_policy_arns, "the policies attached to the role"):
            # AWS's own policies are named, not read.
            if known(arn) and arn.rpartition("/")[2] in ADMINISTRATORS:
                what = f"{arn.rpartition('/')[2]} is attached"
                yield fail(what, found.id, words={"POLICY": arn})
        yield from excessive(platform, ADMINISTRATION)
