"""Whether both subnets have the same way out."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.analysis.network.routes import kinds
from policy.rules.facts.resources import route_table, short, subnet_ids
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class SubnetsRouteAlike(Rule):
    id = "mwaa-network-subnets-route-alike"
    title = "Both subnets route through NAT, or neither does"
    enforcement = "mandatory"
    severity = "high"
    why = "A task then works or hangs by the zone its worker happens to run in."
    fix = Fix(
        setting="egress: none, single-nat or nat-per-zone",
        command="aws ec2 create-route --route-table-id TABLE --destination-cidr-block 0.0.0.0/0"
        " --nat-gateway-id NAT",
    )
    source = GUIDE + "networking-about.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        with_nat: list[str] = []
        without: list[str] = []
        words: dict[str, str] = {}
        for identity in subnet_ids(platform):
            table = route_table(platform, identity)
            found = require(kinds(table, "nat"), f"where route table {short(table.id)} leads")
            (with_nat if found else without).append(short(str(identity)))
            if found and isinstance(found[0].target, str):
                words["NAT"] = found[0].target
            elif not found:
                words["TABLE"] = table.id
        if with_nat and without:
            what = f"{', '.join(with_nat)} routes through NAT, {', '.join(without)} does not"
            yield fail(what, words=words)
