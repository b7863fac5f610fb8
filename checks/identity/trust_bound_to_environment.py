"""The conditions of the role's trust."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need, undecided
from checks.lookups import role
from checks.sources import GUIDE
from mwaa.subject import Subject, known
from proofs.iam_statements import statements

KEYS = ("aws:sourcearn", "aws:sourceaccount")


class TrustBoundToEnvironment(Check):
    id = "mwaa-identity-trust-bound-to-environment"
    title = "The role's trust names the account and the environment it is for"
    severity = "advisory"
    why = "Without conditions MWAA could be made to use the role for somebody else's environment."
    remedy = Remedy(
        setting="existingRoleArn: empty, to have the role made",
        command="aws iam update-assume-role-policy --role-name ROLE --policy-document ..."
        " (conditions on aws:SourceArn and aws:SourceAccount)",
    )
    source = GUIDE + "cross-service-confused-deputy-prevention.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = role(subject)
        for _, statement in statements(need(found.trust, "the role's trust policy")):
            if not known(statement):
                undecided("a statement of the role's trust policy cannot be known yet")
            if statement.get("Effect") != "Allow":
                continue
            conditions = statement.get("Condition", {})
            keys = {key.lower() for test in conditions.values() for key in test}
            if missing := [key for key in KEYS if key not in keys]:
                yield fail(f"no condition on {' and '.join(missing)}", found.id)
