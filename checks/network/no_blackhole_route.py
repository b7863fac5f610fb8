"""Routes that lead nowhere."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, each, fail, need
from checks.lookups import route_table, short, subnet_ids
from checks.sources import VPC
from mwaa.subject import Maybe, Subject


class NoBlackholeRoute(Check):
    id = "mwaa-network-no-blackhole-route"
    title = "No route of the environment's subnets leads nowhere"
    severity = "mandatory"
    why = "Its target is gone: packets are dropped without a sign, and tasks time out."
    remedy = Remedy(
        command="aws ec2 delete-route --route-table-id TABLE --destination-cidr-block CIDR"
    )
    source = VPC + "route-table-options.html"
    origins = LIVE

    def judge(self, subject: Subject) -> Iterator[Finding]:
        def one(identity: Maybe[str]) -> Iterator[Finding]:
            table = route_table(subject, identity)
            for route in need(table.routes, f"the routes of {short(table.id)}"):
                if need(route.blackhole, f"the state of a route of {short(table.id)}"):
                    yield fail(
                        f"route table {short(table.id)} sends {route.destination} to"
                        f" {route.target}, which is gone",
                        table.id,
                    )

        return each(subnet_ids(subject), one)
