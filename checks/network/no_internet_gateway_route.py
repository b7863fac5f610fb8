"""Routes to an internet gateway."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, each, fail, need
from checks.lookups import route_table, short, subnet_ids
from checks.sources import GUIDE
from mwaa.subject import Maybe, Subject
from proofs.routes import kinds


class NoInternetGatewayRoute(Check):
    id = "mwaa-network-no-internet-gateway-route"
    title = "No subnet of the environment routes to an internet gateway"
    severity = "mandatory"
    why = (
        "MWAA refuses public subnets: the create fails, or the workers can be reached from outside."
    )
    remedy = Remedy(
        setting="existingSubnetIds: two private subnets, or egress with a new VPC",
        command="aws ec2 delete-route --route-table-id TABLE --destination-cidr-block 0.0.0.0/0",
    )
    source = GUIDE + "networking-about.html"
    frameworks = ("AWS FSBP EC2: private subnets",)

    def judge(self, subject: Subject) -> Iterator[Finding]:
        def one(identity: Maybe[str]) -> Iterator[Finding]:
            table = route_table(subject, identity)
            what = f"where route table {short(table.id)} leads"
            for route in need(kinds(table, "internet", "carrier"), what):
                yield fail(
                    f"route table {short(table.id)} sends {route.destination} to an internet "
                    f"gateway, and it serves subnet {short(str(identity))}",
                    table.id,
                )

        return each(subnet_ids(subject), one)
