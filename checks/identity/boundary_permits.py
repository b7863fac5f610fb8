"""The permissions boundary."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need, undecided
from checks.lookups import role
from checks.permitted import layer_allows
from checks.sources import IAM
from mwaa.subject import Subject
from proofs.needs import needs
from proofs.verdict import Verdict


class BoundaryPermits(Check):
    id = "mwaa-identity-boundary-permits"
    title = "The permissions boundary leaves room for all that MWAA needs"
    severity = "mandatory"
    why = "A boundary withholds what the policies allow, and no policy shows it."
    remedy = Remedy(
        setting="permissionsBoundaryArn: a boundary that allows it",
        command="aws iam put-role-permissions-boundary --role-name ROLE --permissions-boundary ARN",
    )
    source = IAM + "access_policies_boundaries.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = role(subject)
        if need(found.boundary, "the permissions boundary") is None:
            return
        withheld: dict[str, None] = {}
        doubt = False
        for item in needs(subject):
            verdict = layer_allows(subject, item, boundary=found.boundary)
            if verdict is Verdict.FAIL and item.mandatory:
                withheld[item.action] = None
            doubt = doubt or verdict is Verdict.UNKNOWN
        if withheld:
            yield fail(f"the boundary withholds {', '.join(withheld)}", found.id)
        elif doubt:
            undecided("what the permissions boundary withholds cannot be known yet")
