"""Any way to the internet, for platforms that must not have one."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, each, fail, need, undecided
from checks.lookups import route_table, short, subnet_ids
from checks.sources import GUIDE
from mwaa.subject import Maybe, Route, Subject, known
from proofs.addresses import Addresses, is_world
from proofs.routes import destinations, is_aside

# What leads to the internet by its nature; all else may lead there when it takes a default route.
WAYS = ("nat", "internet", "carrier", "egress-only-internet")


class NoWayOut(Check):
    id = "mwaa-network-no-way-out"
    title = "The environment's subnets have no way to the internet at all"
    severity = "mandatory"
    why = "Where no internet is promised, NAT or a default route to anywhere lets data leave."
    remedy = Remedy(
        setting="egress: none",
        command="aws ec2 delete-route --route-table-id TABLE --destination-cidr-block 0.0.0.0/0",
    )
    source = GUIDE + "networking-about.html"
    profile = "no-internet"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        def one(identity: Maybe[str]) -> Iterator[Finding]:
            table = route_table(subject, identity)
            name = short(table.id)
            others, far, doubt = [], Addresses(), False
            for route in need(table.routes, f"where {name} leads"):
                if route.kind in WAYS:
                    yield fail(f"route table {name} sends {_text(route)}", table.id)
                elif not is_aside(subject, route):
                    blocks = destinations(subject, route)
                    doubt = doubt or not known(blocks) or not known(route.kind)
                    if known(blocks) and known(route.kind):
                        others.append(route)
                        far = far | blocks
            if is_world(far):
                # By halves or whole: whatever stands at the other end decides where it goes.
                yield fail(f"route table {name} sends {', '.join(map(_text, others))}", table.id)
            elif doubt:
                undecided(f"where {name} leads is not all known")

        return each(subnet_ids(subject), one)


def _text(route: Route) -> str:
    target = f" {short(route.target)}" if isinstance(route.target, str) else ""
    return f"{route.destination} to {route.kind}{target}"
