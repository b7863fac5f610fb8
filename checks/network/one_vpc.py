"""Whether all parts stand in one VPC."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.lookups import groups, short, subnets
from checks.sources import GUIDE
from mwaa.subject import Subject


class OneVpc(Check):
    id = "mwaa-network-one-vpc"
    title = "Subnets and security groups of the environment belong to one VPC"
    severity = "mandatory"
    why = "MWAA refuses the environment otherwise."
    remedy = Remedy(
        setting="existingVpcId, existingSubnetIds and additionalSecurityGroupIds of one VPC",
        command="aws ec2 describe-security-groups --group-ids GROUP --query"
        " 'SecurityGroups[].VpcId'",
    )
    source = GUIDE + "networking-about.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        homes = {item.id: need(item.vpc, "a subnet's VPC") for item in subnets(subject)}
        # A group that is not made yet cannot mend what the subnets break.
        if len(set(homes.values())) == 1:
            homes |= {item.id: need(item.vpc, "a group's VPC") for item in groups(subject)}
        if len(set(homes.values())) > 1:
            places = ", ".join(f"{short(name)} in {short(vpc)}" for name, vpc in homes.items())
            yield fail(places)
