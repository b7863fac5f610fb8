"""Who answers DNS queries in the VPC."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.analysis.network.endpoints import AMAZON_RESOLVERS
from policy.rules.facts.resources import short, vpc
from policy.rules.rule import Finding, Fix, Rule, fail, require, undecided
from policy.rules.sources import GUIDE


class DhcpResolver(Rule):
    id = "mwaa-network-dhcp-resolver"
    title = "Amazon's resolver answers DNS queries in the VPC"
    enforcement = "advisory"
    severity = "medium"
    why = "Another resolver answers with public addresses unless it forwards amazonaws.com."
    fix = Fix(
        command="aws ec2 associate-dhcp-options --vpc-id VPC --dhcp-options-id default"
        " (or forward amazonaws.com to the VPC's resolver)"
    )
    source = GUIDE + "vpc-vpe-create-access.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = vpc(platform)
        wanted = require(found.dhcp_options, "the DHCP options of the VPC")
        if wanted is None:
            return
        sets = [o for o in require(platform.dhcp_options, "the DHCP option sets") if o.id == wanted]
        if not sets:
            undecided("the DHCP option set of the VPC is not part of what was read")
        servers = require(sets[0].name_servers, "the name servers of the VPC")
        if foreign := sorted(set(servers) - AMAZON_RESOLVERS):
            yield fail(f"VPC {short(found.id)} asks {', '.join(foreign)}", found.id)
