"""Routes that lead nowhere."""

from collections.abc import Iterator

from mwaa.model.platform import Maybe, Platform
from policy.rules.facts.resources import route_table, short, subnet_ids
from policy.rules.rule import (
    LIVE,
    Finding,
    Fix,
    Rule,
    each,
    fail,
    require,
)
from policy.rules.sources import VPC


class NoBlackholeRoute(Rule):
    id = "mwaa-network-no-blackhole-route"
    title = "No route of the environment's subnets leads nowhere"
    enforcement = "mandatory"
    severity = "high"
    why = "Its target is gone: packets are dropped without a sign, and tasks time out."
    fix = Fix(command="aws ec2 delete-route --route-table-id TABLE --destination-cidr-block CIDR")
    source = VPC + "route-table-options.html"
    origins = LIVE

    def judge(self, platform: Platform) -> Iterator[Finding]:
        def one(identity: Maybe[str]) -> Iterator[Finding]:
            table = route_table(platform, identity)
            for route in require(table.routes, f"the routes of {short(table.id)}"):
                if require(route.blackhole, f"the state of a route of {short(table.id)}"):
                    yield fail(
                        f"route table {short(table.id)} sends {route.destination} to"
                        f" {route.target}, which is gone",
                        table.id,
                        words={"CIDR": str(route.destination)},
                    )

        return each(subnet_ids(platform), one)
