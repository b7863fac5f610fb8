"""Any way to the internet, for platforms that must not have one."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, each, fail, need
from checks.lookups import route_table, short, subnet_ids
from checks.sources import GUIDE
from mwaa.subject import Maybe, Subject
from proofs.routes import kinds

WAYS = ("nat", "internet", "carrier", "egress-only-internet", "transit", "peering")


class NoWayOut(Check):
    id = "mwaa-network-no-way-out"
    title = "The environment's subnets have no way to the internet at all"
    severity = "mandatory"
    why = "Where no internet is promised, NAT or a default route elsewhere lets data leave."
    remedy = Remedy(
        setting="egress: none",
        command="aws ec2 delete-route --route-table-id TABLE --destination-cidr-block 0.0.0.0/0",
    )
    source = GUIDE + "networking-about.html"
    profile = "no-internet"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        def one(identity: Maybe[str]) -> Iterator[Finding]:
            table = route_table(subject, identity)
            for route in need(kinds(table, *WAYS), f"where {short(table.id)} leads"):
                default = route.destination in ("0.0.0.0/0", "::/0")
                # A transit or peering route to one's own networks is no way to the internet.
                if default or route.kind not in ("transit", "peering"):
                    yield fail(
                        f"route table {short(table.id)} sends {route.destination} to {route.kind}",
                        table.id,
                    )

        return each(subnet_ids(subject), one)
