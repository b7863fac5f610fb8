"""How an S3 interface endpoint is found."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need, undecided
from checks.endpoints import gateways, interfaces, needs_endpoints, suffix
from checks.lookups import short, subnets
from checks.sources import GUIDE
from mwaa.subject import Subject
from proofs.endpoints import host_of, zone_answers
from proofs.verdict import Verdict, every


class S3InterfaceDns(Check):
    id = "mwaa-network-s3-interface-dns"
    title = "An S3 interface endpoint without a gateway has a private hosted zone"
    severity = "mandatory"
    why = "S3 is called by bucket names below s3.REGION.amazonaws.com, which would stay public."
    remedy = Remedy(
        setting="endpointProfile: required (a gateway endpoint)",
        command="aws route53 create-hosted-zone --name s3.REGION.amazonaws.com --vpc ... "
        "(alias records for the apex and *)",
    )
    source = GUIDE + "vpc-vpe-create-access.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        if not needs_endpoints(subject) or gateways(subject, "s3"):
            return
        host = host_of("s3", need(subject.account.region, "the region"))
        for endpoint in interfaces(subject):
            if suffix(endpoint) != "s3" or need(endpoint.private_dns, "its private DNS"):
                continue
            answers = every(zone_answers(subject, home, host) for home in subnets(subject))
            if answers is Verdict.FAIL:
                what = f"has no hosted zone {host} with apex and * on the VPC"
                yield fail(f"endpoint {short(endpoint.id)} {what}", endpoint.id)
            elif answers is Verdict.UNKNOWN:
                undecided(f"the hosted zones of the VPC for {host} cannot be known yet")
