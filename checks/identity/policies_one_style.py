"""Inline and attached policies of one role."""

from collections.abc import Iterator

from checks.check import PLAN, Check, Finding, Remedy, fail, need
from checks.lookups import role, short
from mwaa.subject import Subject


class PoliciesOneStyle(Check):
    id = "mwaa-identity-policies-one-style"
    title = "No exclusive list of the role's policies takes away one that is declared apart"
    severity = "mandatory"
    why = (
        "The exclusive style detaches what the other attached: rights vanish with the next update."
    )
    remedy = Remedy(
        setting="existingRoleArn: empty, to have the role made",
        command="aws iam attach-role-policy --role-name ROLE --policy-arn POLICY",
    )
    source = "https://www.pulumi.com/registry/packages/aws/api-docs/iam/role/"
    origins = PLAN

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = role(subject)
        overruled = need(found.overruled, "what the exclusive lists of policies hold")
        if overruled:
            names = ", ".join(short(part) for part in overruled)
            yield fail(f"an exclusive list takes away {names}", found.id)
