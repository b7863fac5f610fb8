"""Two endpoints with one name."""

from collections import Counter
from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need, undecided
from checks.endpoints import in_vpc
from checks.sources import PRIVATELINK
from mwaa.subject import Subject, known


class NoDuplicatePrivateDns(Check):
    id = "mwaa-network-no-duplicate-private-dns"
    title = "At most one endpoint for each service has private DNS"
    severity = "mandatory"
    why = "The second one is refused: conflicting DNS domain."
    remedy = Remedy(
        setting="endpointProfile: none, where the VPC has endpoints already",
        command="aws ec2 modify-vpc-endpoint --vpc-endpoint-id ENDPOINT --no-private-dns-enabled",
    )
    source = PRIVATELINK + "interface-endpoints.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        private = []
        for endpoint in in_vpc(subject):
            if not known(endpoint.private_dns) or (
                endpoint.private_dns and not known(endpoint.service)
            ):
                undecided("which endpoints have private DNS cannot be known yet")
            if endpoint.private_dns:
                private.append(need(endpoint.service, "an endpoint's service"))
        for service, count in Counter(private).items():
            if count > 1:
                yield fail(f"{count} endpoints for {service} have private DNS")
