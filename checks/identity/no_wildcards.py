"""Rights on everything of a service."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy
from checks.excess import excessive
from checks.sources import GUIDE
from mwaa.subject import Subject
from proofs.excess import WILDCARD


class NoWildcards(Check):
    id = "mwaa-identity-no-wildcards"
    title = "The execution role has no right on the whole of a service"
    severity = "advisory"
    why = "A DAG can then read or destroy what has nothing to do with the environment."
    remedy = Remedy(
        setting="additionalRoleStatements: name actions and resources",
        command="aws iam put-role-policy --role-name ROLE --policy-name POLICY ...",
    )
    source = GUIDE + "security-best-practices.html"
    frameworks = ("AWS FSBP IAM.21",)

    def judge(self, subject: Subject) -> Iterator[Finding]:
        yield from excessive(subject, WILDCARD)
