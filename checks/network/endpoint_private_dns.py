"""Private DNS of interface endpoints."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, each, fail, need
from checks.endpoints import interfaces, suffix
from checks.lookups import short
from checks.sources import PRIVATELINK
from mwaa.subject import Endpoint, Subject


class EndpointPrivateDns(Check):
    id = "mwaa-network-endpoint-private-dns"
    title = "Interface endpoints answer to the service's own name"
    severity = "mandatory"
    why = "Airflow calls the service's public name; without private DNS that name stays public."
    remedy = Remedy(
        command="aws ec2 modify-vpc-endpoint --vpc-endpoint-id ENDPOINT --private-dns-enabled"
    )
    source = PRIVATELINK + "interface-endpoints.html#enable-private-dns-names"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        def one(endpoint: Endpoint) -> Iterator[Finding]:
            # S3's interface endpoint has a rule of its own: it works by a hosted zone.
            if suffix(endpoint) != "s3" and not need(
                endpoint.private_dns, f"private DNS of {short(endpoint.id)}"
            ):
                yield fail(f"endpoint {short(endpoint.id)} has no private DNS", endpoint.id)

        return each(interfaces(subject), one)
