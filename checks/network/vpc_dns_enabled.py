"""The two DNS attributes of the VPC."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.lookups import short, vpc
from checks.sources import PRIVATELINK
from mwaa.subject import Subject


class VpcDnsEnabled(Check):
    id = "mwaa-network-vpc-dns-enabled"
    title = "DNS support and DNS hostnames of the VPC are on"
    severity = "mandatory"
    why = "Private DNS of endpoints needs both; without it every AWS call leaves for the internet."
    remedy = Remedy(
        command="aws ec2 modify-vpc-attribute --vpc-id VPC --enable-dns-hostnames"
        " (then --enable-dns-support)"
    )
    source = PRIVATELINK + "interface-endpoints.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = vpc(subject)
        for name, value in (
            ("enableDnsSupport", found.dns_support),
            ("enableDnsHostnames", found.dns_hostnames),
        ):
            if not need(value, f"{name} of the VPC"):
                yield fail(f"{name} of VPC {short(found.id)} is off", found.id)
