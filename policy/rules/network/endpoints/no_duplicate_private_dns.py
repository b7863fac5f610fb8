"""Two endpoints with one name."""

from collections import Counter
from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from policy.rules.facts.endpoints import in_vpc
from policy.rules.rule import Finding, Fix, Rule, fail, require, undecided
from policy.rules.sources import PRIVATELINK


class NoDuplicatePrivateDns(Rule):
    id = "mwaa-network-no-duplicate-private-dns"
    title = "At most one endpoint for each service has private DNS"
    enforcement = "mandatory"
    severity = "high"
    why = "The second one is refused: conflicting DNS domain."
    fix = Fix(
        setting="endpointProfile: none, where the VPC has endpoints already",
        command="aws ec2 modify-vpc-endpoint --vpc-endpoint-id ENDPOINT --no-private-dns-enabled",
    )
    source = PRIVATELINK + "interface-endpoints.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        private = []
        for endpoint in in_vpc(platform):
            if not known(endpoint.private_dns) or (
                endpoint.private_dns and not known(endpoint.service)
            ):
                undecided("which endpoints have private DNS cannot be known yet")
            if endpoint.private_dns:
                private.append(require(endpoint.service, "an endpoint's service"))
        for service, count in Counter(private).items():
            if count > 1:
                yield fail(f"{count} endpoints for {service} have private DNS")
