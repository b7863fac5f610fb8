"""Any way to the internet, for platforms that must not have one."""

from collections.abc import Iterator

from mwaa.model.platform import Maybe, Platform, Route, known
from policy.analysis.network.addresses import Addresses, is_world
from policy.analysis.network.routes import destinations, is_aside
from policy.rules.facts.resources import route_table, short, subnet_ids
from policy.rules.rule import (
    Finding,
    Fix,
    Rule,
    each,
    fail,
    require,
    undecided,
)
from policy.rules.sources import GUIDE

# What leads to the internet by its nature; all else may lead there when it takes a default route.
WAYS = ("nat", "internet", "carrier", "egress-only-internet")


class NoWayOut(Rule):
    id = "mwaa-network-no-way-out"
    title = "The environment's subnets have no way to the internet at all"
    enforcement = "mandatory"
    severity = "medium"
    why = "Where no internet is promised, NAT or a default route to anywhere lets data leave."
    fix = Fix(
        setting="egress: none",
        command="aws ec2 delete-route --route-table-id TABLE --destination-cidr-block CIDR",
    )
    source = GUIDE + "networking-about.html"
    profile = "no-internet"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        def one(identity: Maybe[str]) -> Iterator[Finding]:
            table = route_table(platform, identity)
            name = short(table.id)
            others, far, doubt = [], Addresses(), False
            for route in require(table.routes, f"where {name} leads"):
                if route.kind in WAYS:
                    what = f"route table {name} sends {_text(route)}"
                    yield fail(what, table.id, words=_block(route))
                elif not is_aside(platform, route):
                    blocks = destinations(platform, route)
                    doubt = doubt or not known(blocks) or not known(route.kind)
                    if known(blocks) and known(route.kind):
                        others.append(route)
                        far = far | blocks
            if is_world(far):
                # By halves or whole: whatever stands at the other end decides where it goes.
                what = f"route table {name} sends {', '.join(map(_text, others))}"
                yield fail(what, table.id, words=_block(others[0]))
            elif doubt:
                undecided(f"where {name} leads is not all known")

        return each(subnet_ids(platform), one)


def _text(route: Route) -> str:
    target = f" {short(route.target)}" if isinstance(route.target, str) else ""
    return f"{route.destination} to {route.kind}{target}"


def _block(route: Route) -> dict[str, str]:
    return {"CIDR": route.destination} if known(route.destination) else {}
