"""Inline and attached policies of one role."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import role, short
from policy.rules.rule import PLAN, Finding, Fix, Rule, fail, require


class PoliciesOneStyle(Rule):
    id = "mwaa-identity-policies-one-style"
    title = "No exclusive list of the role's policies takes away one that is declared apart"
    enforcement = "mandatory"
    severity = "medium"
    why = (
        "The exclusive style detaches what the other attached: rights vanish with the next update."
    )
    fix = Fix(
        setting="existingRoleArn: empty, to have the role made",
        command="aws iam attach-role-policy --role-name ROLE --policy-arn POLICY",
    )
    source = "https://www.pulumi.com/registry/packages/aws/api-docs/iam/role/"
    origins = PLAN

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = role(platform)
        overruled = require(found.overruled, "what the exclusive lists of policies hold")
        if overruled:
            names = ", ".join(short(part) for part in overruled)
            yield fail(f"an exclusive list takes away {names}", found.id)
