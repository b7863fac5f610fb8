"""Private DNS of interface endpoints."""

from collections.abc import Iterator

from mwaa.model.platform import Endpoint, Platform
from policy.rules.facts.endpoints import called, suffix
from policy.rules.facts.resources import short
from policy.rules.rule import Finding, Fix, Rule, each, fail, require
from policy.rules.sources import PRIVATELINK


class EndpointPrivateDns(Rule):
    id = "mwaa-network-endpoint-private-dns"
    title = "Interface endpoints answer to the service's own name"
    enforcement = "mandatory"
    severity = "high"
    why = "Airflow calls the service's public name; without private DNS that name stays public."
    fix = Fix(
        command="aws ec2 modify-vpc-endpoint --vpc-endpoint-id ENDPOINT --private-dns-enabled"
    )
    source = PRIVATELINK + "interface-endpoints.html#enable-private-dns-names"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        def one(endpoint: Endpoint) -> Iterator[Finding]:
            # S3's interface endpoint has a rule of its own: it works by a hosted zone.
            if suffix(endpoint) != "s3" and not require(
                endpoint.private_dns, f"private DNS of {short(endpoint.id)}"
            ):
                yield fail(f"endpoint {short(endpoint.id)} has no private DNS", endpoint.id)

        return each(called(platform), one)
