"""Whether both subnets have the same way out."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.lookups import route_table, short, subnet_ids
from checks.sources import GUIDE
from mwaa.subject import Subject
from proofs.routes import kinds


class SubnetsRouteAlike(Check):
    id = "mwaa-network-subnets-route-alike"
    title = "Both subnets route through NAT, or neither does"
    severity = "mandatory"
    why = "A task then works or hangs by the zone its worker happens to run in."
    remedy = Remedy(
        setting="egress: none, single-nat or nat-per-zone",
        command="aws ec2 create-route --route-table-id TABLE --destination-cidr-block 0.0.0.0/0"
        " --nat-gateway-id NAT",
    )
    source = GUIDE + "networking-about.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        with_nat: list[str] = []
        without: list[str] = []
        for identity in subnet_ids(subject):
            table = route_table(subject, identity)
            found = need(kinds(table, "nat"), f"where route table {short(table.id)} leads")
            (with_nat if found else without).append(short(str(identity)))
        if with_nat and without:
            yield fail(f"{', '.join(with_nat)} routes through NAT, {', '.join(without)} does not")
