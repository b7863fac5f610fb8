"""Who answers DNS queries in the VPC."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need, undecided
from checks.lookups import short, vpc
from checks.sources import GUIDE
from mwaa.subject import Subject
from proofs.endpoints import AMAZON_RESOLVERS


class DhcpResolver(Check):
    id = "mwaa-network-dhcp-resolver"
    title = "Amazon's resolver answers DNS queries in the VPC"
    severity = "advisory"
    why = "Another resolver answers with public addresses unless it forwards amazonaws.com."
    remedy = Remedy(
        command="aws ec2 associate-dhcp-options --vpc-id VPC --dhcp-options-id default"
        " (or forward amazonaws.com to the VPC's resolver)"
    )
    source = GUIDE + "vpc-vpe-create-access.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = vpc(subject)
        wanted = need(found.dhcp_options, "the DHCP options of the VPC")
        if wanted is None:
            return
        sets = [o for o in need(subject.dhcp_options, "the DHCP option sets") if o.id == wanted]
        if not sets:
            undecided("the DHCP option set of the VPC is not part of what was read")
        servers = need(sets[0].name_servers, "the name servers of the VPC")
        if foreign := sorted(set(servers) - AMAZON_RESOLVERS):
            yield fail(f"VPC {short(found.id)} asks {', '.join(foreign)}", found.id)
