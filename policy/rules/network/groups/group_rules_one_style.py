"""Inline and separate rules of one group."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import short
from policy.rules.rule import PLAN, Finding, Fix, Rule, fail, require


class GroupRulesOneStyle(Rule):
    id = "mwaa-network-group-rules-one-style"
    title = "A security group's rules are declared inline or apart, never both"
    enforcement = "mandatory"
    severity = "low"
    why = "Each update removes what the other style declared: the self rule comes and goes."
    fix = Fix(command="pulumi state delete RULE_URN (then declare the rule in one place)")
    source = "https://www.pulumi.com/registry/packages/aws/api-docs/ec2/securitygroup/"
    origins = PLAN

    def judge(self, platform: Platform) -> Iterator[Finding]:
        for group in require(platform.security_groups, "the security groups"):
            if group.id in group.declared_by and len(group.declared_by) > 1:
                yield fail(
                    f"group {short(group.id)} has inline rules and {len(group.declared_by) - 1}"
                    " rule resources",
                    group.id,
                )
