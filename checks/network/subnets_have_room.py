"""Free addresses."""

import ipaddress
from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, each, fail, need
from checks.lookups import short, subnet, subnet_ids
from checks.sources import GUIDE
from mwaa.subject import Maybe, Subject, known

# AWS keeps the first four addresses and the last of every subnet.
RESERVED = 5


class SubnetsHaveRoom(Check):
    id = "mwaa-network-subnets-have-room"
    title = "Each subnet has addresses for all components and endpoints"
    severity = "mandatory"
    why = "When addresses run out workers do not start, and updates, which run twice, fail."
    remedy = Remedy(
        setting="vpcCidr: a larger block, or existingSubnetIds with more room",
        command="aws ec2 describe-subnets --subnet-ids SUBNET"
        " --query 'Subnets[].AvailableIpAddressCount'",
    )
    source = GUIDE + "vpc-create.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        environment = subject.environment
        wanted = 0
        for value, default in (
            (environment.max_workers, 10),
            (environment.schedulers, 2),
            (environment.max_webservers, 2),
        ):
            count = need(value, "the number of components")
            wanted += default if count is None else count
        endpoints = subject.endpoints if known(subject.endpoints) else ()
        interfaces = [e for e in endpoints if e.type == "Interface"]
        before = environment.status is None

        def one(identity: Maybe[str]) -> Iterator[Finding]:
            found = subnet(subject, identity)
            free = found.free_addresses
            if not known(free) or subject.origin == "plan":
                cidr = need(found.cidr, f"the block of subnet {short(found.id)}")
                free = ipaddress.ip_network(cidr or "0.0.0.0/32").num_addresses - RESERVED
                wanted_here = 2 * wanted + len(interfaces)
            else:
                # A living environment has taken half of what it needs, and its endpoints.
                wanted_here = 2 * wanted if before else wanted
            if free < wanted_here:
                yield fail(
                    f"subnet {short(found.id)} has {free} free addresses; {wanted_here} are needed",
                    found.id,
                )

        return each(subnet_ids(subject), one)
