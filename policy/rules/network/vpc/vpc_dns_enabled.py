"""The two DNS attributes of the VPC."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import short, vpc
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import PRIVATELINK


class VpcDnsEnabled(Rule):
    id = "mwaa-network-vpc-dns-enabled"
    title = "DNS support and DNS hostnames of the VPC are on"
    enforcement = "mandatory"
    severity = "high"
    why = "Private DNS of endpoints needs both; without it every AWS call leaves for the internet."
    fix = Fix(
        command="aws ec2 modify-vpc-attribute --vpc-id VPC --enable-dns-hostnames"
        " (then --enable-dns-support)"
    )
    source = PRIVATELINK + "interface-endpoints.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = vpc(platform)
        for name, value in (
            ("enableDnsSupport", found.dns_support),
            ("enableDnsHostnames", found.dns_hostnames),
        ):
            if not require(value, f"{name} of the VPC"):
                yield fail(f"{name} of VPC {short(found.id)} is off", found.id)
