"""Rights over the environment itself."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need, unknown
from checks.lookups import role
from checks.sources import GUIDE
from mwaa.subject import Subject
from proofs.excess import ESCALATION, find
from proofs.needs import names_of
from proofs.verdict import Verdict


class NoSelfEscalation(Check):
    id = "mwaa-identity-no-self-escalation"
    title = "The execution role cannot change its own environment, rights or code"
    severity = "advisory"
    why = "One bad DAG could rewrite the others, mint Admin tokens or widen its own rights."
    remedy = Remedy(
        setting="additionalRoleStatements: without those actions",
        command="aws iam put-role-policy --role-name ROLE --policy-name POLICY ...",
    )
    source = GUIDE + "security-best-practices.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        identity = role(subject).id
        if names_of(subject) is None:
            yield unknown("name, region or account cannot be known yet", identity)
        for excess in need(find(subject), "the role's policies"):
            if excess.kind == ESCALATION:
                verdict = fail if excess.verdict is Verdict.FAIL else unknown
                yield verdict(excess.reason, identity)
