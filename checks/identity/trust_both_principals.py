"""Who may assume the execution role: MWAA."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, unknown
from checks.lookups import role
from checks.sources import GUIDE
from mwaa.subject import Subject
from proofs.permissions import assumable
from proofs.verdict import Verdict


class TrustBothPrincipals(Check):
    id = "mwaa-identity-trust-both-principals"
    title = "Both service principals of MWAA may assume the execution role for this environment"
    severity = "mandatory"
    why = "Else the create is refused, or the environment starts and cannot act."
    remedy = Remedy(
        setting="existingRoleArn: empty, to have the role made",
        command="aws iam update-assume-role-policy --role-name ROLE --policy-document ..."
        " (airflow.amazonaws.com and airflow-env.amazonaws.com)",
    )
    source = GUIDE + "mwaa-create-role.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        identity = role(subject).id
        for _, proof in assumable(subject):
            if proof.verdict is not Verdict.PASS:
                verdict = fail if proof.verdict is Verdict.FAIL else unknown
                yield verdict(proof.reason, identity)
