"""Inline and attached policies of one role."""

from collections.abc import Iterator

from checks.check import PLAN, Check, Finding, Remedy, fail
from checks.lookups import role
from mwaa.subject import Subject


class PoliciesOneStyle(Check):
    id = "mwaa-identity-policies-one-style"
    title = "The role's policies are declared in the role or apart, never both"
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
        if found.exclusive and len(found.parts) > 1:
            yield fail(f"an exclusive list and {len(found.parts) - 1} separate policies", found.id)
