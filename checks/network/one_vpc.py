"""Whether all parts stand in one VPC."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, each, fail, need
from checks.lookups import group, group_ids, short, subnets
from checks.sources import GUIDE
from mwaa.subject import Maybe, Subject


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
        if len(set(homes.values())) > 1:
            places = ", ".join(f"{short(name)} in {short(vpc)}" for name, vpc in homes.items())
            yield fail(places)
            return

        # A group that is not made yet does not hide another one that exists elsewhere.
        def one(identity: Maybe[str]) -> Iterator[Finding]:
            found = group(subject, identity)
            home = need(found.vpc, f"the VPC of group {short(found.id)}")
            if home not in homes.values():
                yield fail(f"group {short(found.id)} is in {short(home)}", found.id)

        yield from each(group_ids(subject), one)
