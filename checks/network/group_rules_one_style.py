"""Inline and separate rules of one group."""

from collections.abc import Iterator

from checks.check import PLAN, Check, Finding, Remedy, fail, need
from checks.lookups import short
from mwaa.subject import Subject


class GroupRulesOneStyle(Check):
    id = "mwaa-network-group-rules-one-style"
    title = "A security group's rules are declared inline or apart, never both"
    severity = "mandatory"
    why = "Each update removes what the other style declared: the self rule comes and goes."
    remedy = Remedy(command="pulumi state delete RULE_URN (then declare the rule in one place)")
    source = "https://www.pulumi.com/registry/packages/aws/api-docs/ec2/securitygroup/"
    origins = PLAN

    def judge(self, subject: Subject) -> Iterator[Finding]:
        for group in need(subject.security_groups, "the security groups"):
            if group.id in group.declared_by and len(group.declared_by) > 1:
                yield fail(
                    f"group {short(group.id)} has inline rules and {len(group.declared_by) - 1}"
                    " rule resources",
                    group.id,
                )
