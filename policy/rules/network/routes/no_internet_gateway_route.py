"""Routes to an internet gateway."""

from collections.abc import Iterator

from mwaa.model.platform import Maybe, Platform
from policy.analysis.network.routes import kinds
from policy.rules.facts.resources import route_table, short, subnet_ids
from policy.rules.rule import Finding, Fix, Rule, each, fail, require
from policy.rules.sources import GUIDE


class NoInternetGatewayRoute(Rule):
    id = "mwaa-network-no-internet-gateway-route"
    title = "No subnet of the environment routes to an internet gateway"
    enforcement = "mandatory"
    severity = "high"
    why = (
        "MWAA refuses public subnets: the create fails, or the workers can be reached from outside."
    )
    fix = Fix(
        setting="existingSubnetIds: two private subnets, or egress with a new VPC",
        command="aws ec2 delete-route --route-table-id TABLE --destination-cidr-block CIDR",
    )
    source = GUIDE + "networking-about.html"
    frameworks = ("AWS FSBP EC2: private subnets",)

    def judge(self, platform: Platform) -> Iterator[Finding]:
        def one(identity: Maybe[str]) -> Iterator[Finding]:
            table = route_table(platform, identity)
            what = f"where route table {short(table.id)} leads"
            for route in require(kinds(table, "internet", "carrier"), what):
                yield fail(
                    f"route table {short(table.id)} sends {route.destination} to an internet "
                    f"gateway, and it serves subnet {short(str(identity))}",
                    table.id,
                    words={"CIDR": str(route.destination)},
                )

        return each(subnet_ids(platform), one)
