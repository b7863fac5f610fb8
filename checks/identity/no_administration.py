"""Rights that make the role anybody."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.excess import excessive
from checks.lookups import role
from checks.sources import GUIDE
from mwaa.subject import Subject, known
from proofs.excess import ADMINISTRATION

ADMINISTRATORS = ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess")


class NoAdministration(Check):
    id = "mwaa-identity-no-administration"
    title = "The execution role administers nothing"
    severity = "mandatory"
    why = "Every DAG author may do what the role may: with these rights each is an administrator."
    remedy = Remedy(
        setting="additionalManagedPolicyArns and additionalRoleStatements: only what DAGs call",
        command="aws iam detach-role-policy --role-name ROLE --policy-arn POLICY",
    )
    source = GUIDE + "security-best-practices.html"
    frameworks = ("AWS FSBP IAM.1", "CIS AWS Foundations 1.16")

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = role(subject)
        for arn in need(found.managed_policy_arns, "the policies attached to the role"):
            # AWS's own policies are named, not read.
            if known(arn) and arn.rpartition("/")[2] in ADMINISTRATORS:
                yield fail(f"{arn.rpartition('/')[2]} is attached", found.id)
        yield from excessive(subject, ADMINISTRATION)
