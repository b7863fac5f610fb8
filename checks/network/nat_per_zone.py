"""NAT gateways and zones."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, each, fail, need
from checks.lookups import route_table, short, subnet, subnet_ids
from checks.sources import VPC
from mwaa.subject import Maybe, Subject
from proofs.index import index_of
from proofs.routes import kinds


class NatPerZone(Check):
    id = "mwaa-network-nat-per-zone"
    title = "A subnet that routes through NAT uses a gateway in its own zone"
    severity = "advisory"
    why = "One gateway for two zones is cheaper, and stops both subnets when its zone fails."
    remedy = Remedy(
        setting="egress: nat-per-zone",
        command="aws ec2 create-nat-gateway --subnet-id PUBLIC_SUBNET_OF_THE_ZONE ...",
    )
    source = VPC + "nat-gateway-basics.html"
    profile = "private"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        index = index_of(subject)

        def one(identity: Maybe[str]) -> Iterator[Finding]:
            home, table = subnet(subject, identity), route_table(subject, identity)
            for route in need(kinds(table, "nat"), f"where {short(table.id)} leads"):
                name = need(route.target, "the NAT gateway") or ""
                gateway = index.nat_gateways.get(name)
                there = need(gateway.subnet, "the gateway's subnet") if gateway else ""
                place = index.subnets.get(there)
                if place and need(place.zone, "a zone") != need(home.zone, "a zone"):
                    where = f"{short(name)} in {place.zone}"
                    yield fail(f"subnet {short(home.id)} in {home.zone} uses {where}", home.id)

        return each(subnet_ids(subject), one)
