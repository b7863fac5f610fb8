"""Public addresses given out by a subnet."""

from collections.abc import Iterator

from mwaa.model.platform import Maybe, Platform
from policy.rules.facts.resources import short, subnet, subnet_ids
from policy.rules.rule import Finding, Fix, Rule, each, fail, require
from policy.rules.sources import VPC


class SubnetNoPublicIp(Rule):
    id = "mwaa-network-subnet-no-public-ip"
    title = "The environment's subnets give out no public addresses"
    enforcement = "mandatory"
    severity = "medium"
    why = "An interface with a public address is one route away from the internet."
    fix = Fix(
        command="aws ec2 modify-subnet-attribute --subnet-id SUBNET --no-map-public-ip-on-launch"
    )
    source = VPC + "subnet-public-ip.html"
    frameworks = ("AWS FSBP EC2.15", "checkov CKV_AWS_130")

    def judge(self, platform: Platform) -> Iterator[Finding]:
        def one(identity: Maybe[str]) -> Iterator[Finding]:
            found = subnet(platform, identity)
            name = short(found.id)
            if require(
                found.public_ip_on_launch, f"whether subnet {name} gives out public addresses"
            ):
                yield fail(f"subnet {name} has mapPublicIpOnLaunch true", found.id)
            if require(found.ipv6_on_launch, f"whether subnet {name} gives out IPv6 addresses"):
                yield fail(f"subnet {name} has assignIpv6AddressOnCreation true", found.id)

        return each(subnet_ids(platform), one)
