"""Two endpoints with one name."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from policy.rules.facts.endpoints import in_vpc
from policy.rules.facts.resources import short
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
        private: dict[str, list[str]] = {}
        for endpoint in in_vpc(platform):
            if not known(endpoint.private_dns) or (
                endpoint.private_dns and not known(endpoint.service)
            ):
                undecided("which endpoints have private DNS cannot be known yet")
            if endpoint.private_dns:
                service = require(endpoint.service, "an endpoint's service")
                private.setdefault(service, []).append(endpoint.id)
        for service, found in private.items():
            if len(found) > 1:
                names = ", ".join(map(short, found))
                what = f"{len(found)} endpoints for {service} have private DNS: {names}"
                yield fail(what, found[-1])
