"""Whether all parts stand in one VPC."""

from collections.abc import Iterator

from mwaa.model.platform import Maybe, Platform
from policy.rules.facts.resources import group, group_ids, short, subnets
from policy.rules.rule import Finding, Fix, Rule, each, fail, require
from policy.rules.sources import GUIDE


class OneVpc(Rule):
    id = "mwaa-network-one-vpc"
    title = "Subnets and security groups of the environment belong to one VPC"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA refuses the environment otherwise."
    fix = Fix(
        setting="existingVpcId, existingSubnetIds and additionalSecurityGroupIds of one VPC",
        command="aws ec2 describe-security-groups --group-ids GROUP --query"
        " 'SecurityGroups[].VpcId'",
    )
    source = GUIDE + "networking-about.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        homes = {item.id: require(item.vpc, "a subnet's VPC") for item in subnets(platform)}
        if len(set(homes.values())) > 1:
            places = ", ".join(f"{short(name)} in {short(vpc)}" for name, vpc in homes.items())
            yield fail(places)
            return

        # A group that is not made yet does not hide another one that exists elsewhere.
        def one(identity: Maybe[str]) -> Iterator[Finding]:
            found = group(platform, identity)
            home = require(found.vpc, f"the VPC of group {short(found.id)}")
            if home not in homes.values():
                yield fail(f"group {short(found.id)} is in {short(home)}", found.id)

        yield from each(group_ids(platform), one)
