"""How an S3 interface endpoint is found."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.analysis.network.endpoints import host_of, zone_answers
from policy.analysis.verdict import Verdict, every
from policy.rules.facts.endpoints import gateways, interfaces, needs_endpoints, suffix
from policy.rules.facts.resources import short, subnets
from policy.rules.rule import Finding, Fix, Rule, fail, require, undecided
from policy.rules.sources import GUIDE


class S3InterfaceDns(Rule):
    id = "mwaa-network-s3-interface-dns"
    title = "An S3 interface endpoint without a gateway has a private hosted zone"
    enforcement = "mandatory"
    severity = "high"
    why = "S3 is called by bucket names below s3.REGION.amazonaws.com, which would stay public."
    fix = Fix(
        setting="endpointProfile: required (a gateway endpoint)",
        command="aws route53 create-hosted-zone --name s3.REGION.amazonaws.com"
        " --caller-reference s3 --vpc VPCRegion=REGION,VPCId=VPC (then alias records for the apex"
        " and * to the endpoint)",
    )
    source = GUIDE + "vpc-vpe-create-access.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        if not needs_endpoints(platform) or gateways(platform, "s3"):
            return
        host = host_of("s3", require(platform.account.region, "the region"))
        for endpoint in interfaces(platform):
            if suffix(endpoint) != "s3" or require(endpoint.private_dns, "its private DNS"):
                continue
            answers = every(zone_answers(platform, home, host) for home in subnets(platform))
            if answers is Verdict.FAIL:
                what = f"has no hosted zone {host} with apex and * on the VPC"
                yield fail(f"endpoint {short(endpoint.id)} {what}", endpoint.id)
            elif answers is Verdict.UNKNOWN:
                undecided(f"the hosted zones of the VPC for {host} cannot be known yet")
