"""Free addresses."""

import ipaddress
from collections.abc import Iterator

from mwaa.model.platform import Maybe, Platform, known
from policy.rules.facts.resources import short, subnet, subnet_ids
from policy.rules.rule import Finding, Fix, Rule, each, fail, require
from policy.rules.sources import GUIDE

# AWS keeps the first four addresses and the last of every subnet.
RESERVED = 5


class SubnetsHaveRoom(Rule):
    id = "mwaa-network-subnets-have-room"
    title = "Each subnet has addresses for all components and endpoints"
    enforcement = "mandatory"
    severity = "high"
    why = "When addresses run out workers do not start, and updates, which run twice, fail."
    fix = Fix(
        setting="vpcCidr: a larger block, or existingSubnetIds with more room",
        command="aws ec2 describe-subnets --subnet-ids SUBNET"
        " --query 'Subnets[].AvailableIpAddressCount'",
    )
    source = GUIDE + "vpc-create.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        environment = platform.environment
        wanted = 0
        for value, default in (
            (environment.max_workers, 10),
            (environment.schedulers, 2),
            (environment.max_webservers, 2),
        ):
            count = require(value, "the number of components")
            wanted += default if count is None else count
        endpoints = platform.endpoints if known(platform.endpoints) else ()
        interfaces = [e for e in endpoints if e.type == "Interface"]
        before = environment.status is None

        def one(identity: Maybe[str]) -> Iterator[Finding]:
            found = subnet(platform, identity)
            free = found.free_addresses
            if not known(free) or platform.origin == "plan":
                cidr = require(found.cidr, f"the block of subnet {short(found.id)}")
                free = ipaddress.ip_network(cidr or "0.0.0.0/32").num_addresses - RESERVED
                wanted_here = 2 * wanted + len(interfaces)
            else:
                # A running environment has taken half of what it needs, and its endpoints.
                wanted_here = 2 * wanted if before else wanted
            if free < wanted_here:
                yield fail(
                    f"subnet {short(found.id)} has {free} free addresses; {wanted_here} are needed",
                    found.id,
                )

        return each(subnet_ids(platform), one)
