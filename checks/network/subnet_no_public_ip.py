"""Public addresses given out by a subnet."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, each, fail, need
from checks.lookups import short, subnet, subnet_ids
from checks.sources import VPC
from mwaa.subject import Maybe, Subject


class SubnetNoPublicIp(Check):
    id = "mwaa-network-subnet-no-public-ip"
    title = "The environment's subnets give out no public addresses"
    severity = "mandatory"
    why = "An interface with a public address is one route away from the internet."
    remedy = Remedy(
        command="aws ec2 modify-subnet-attribute --subnet-id SUBNET --no-map-public-ip-on-launch"
    )
    source = VPC + "subnet-public-ip.html"
    frameworks = ("AWS FSBP EC2.15", "checkov CKV_AWS_130")

    def judge(self, subject: Subject) -> Iterator[Finding]:
        def one(identity: Maybe[str]) -> Iterator[Finding]:
            found = subnet(subject, identity)
            name = short(found.id)
            if need(found.public_ip_on_launch, f"whether subnet {name} gives out public addresses"):
                yield fail(f"subnet {name} has mapPublicIpOnLaunch true", found.id)
            if need(found.ipv6_on_launch, f"whether subnet {name} gives out IPv6 addresses"):
                yield fail(f"subnet {name} has assignIpv6AddressOnCreation true", found.id)

        return each(subnet_ids(subject), one)
