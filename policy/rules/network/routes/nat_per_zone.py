"""NAT gateways and zones."""

from collections.abc import Iterator

from mwaa.model.platform import Maybe, Platform
from policy.analysis.index import index_of
from policy.analysis.network.routes import kinds
from policy.rules.facts.resources import route_table, short, subnet, subnet_ids
from policy.rules.rule import Finding, Fix, Rule, each, fail, require
from policy.rules.sources import VPC


class NatPerZone(Rule):
    id = "mwaa-network-nat-per-zone"
    title = "A subnet that routes through NAT uses a gateway in its own zone"
    enforcement = "advisory"
    severity = "low"
    why = "One gateway for two zones is cheaper, and stops both subnets when its zone fails."
    fix = Fix(
        setting="egress: nat-per-zone",
        command="aws ec2 create-nat-gateway --subnet-id PUBLIC_SUBNET --allocation-id ADDRESS"
        " (in the zone of SUBNET; then the route 0.0.0.0/0 of TABLE to it)",
    )
    source = VPC + "nat-gateway-basics.html"
    profile = "private"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        index = index_of(platform)

        def one(identity: Maybe[str]) -> Iterator[Finding]:
            home, table = subnet(platform, identity), route_table(platform, identity)
            for route in require(kinds(table, "nat"), f"where {short(table.id)} leads"):
                name = require(route.target, "the NAT gateway") or ""
                gateway = index.nat_gateways.get(name)
                there = require(gateway.subnet, "the gateway's subnet") if gateway else ""
                place = index.subnets.get(there)
                if place and require(place.zone, "a zone") != require(home.zone, "a zone"):
                    where = f"{short(name)} in {place.zone}"
                    yield fail(f"subnet {short(home.id)} in {home.zone} uses {where}", home.id)

        return each(subnet_ids(platform), one)
