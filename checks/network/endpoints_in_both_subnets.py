"""Where interface endpoints have their interfaces."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, each, fail, need
from checks.endpoints import interfaces
from checks.lookups import short, subnet, subnet_ids
from checks.sources import PRIVATELINK
from mwaa.subject import Endpoint, Subject
from proofs.index import index_of


class EndpointsInBothSubnets(Check):
    id = "mwaa-network-endpoints-in-both-subnets"
    title = "Every interface endpoint has an interface in both zones of the environment"
    severity = "mandatory"
    why = (
        "With one interface the loss of one zone takes AWS away from the other zone's workers too."
    )
    remedy = Remedy(
        setting="existingSubnetIds: the subnets that the endpoints use",
        command="aws ec2 modify-vpc-endpoint --vpc-endpoint-id ENDPOINT --add-subnet-ids SUBNET",
    )
    source = PRIVATELINK + "interface-endpoints.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        zones = {need(subnet(subject, i).zone, "a subnet's zone") for i in subnet_ids(subject)}
        index = index_of(subject)

        def one(endpoint: Endpoint) -> Iterator[Finding]:
            name = short(endpoint.id)
            covered = set()
            for identity in need(endpoint.subnets, f"the subnets of endpoint {name}"):
                place = index.subnets.get(need(identity, f"a subnet of endpoint {name}"))
                covered.add(need(place.zone, "a zone") if place else str(identity))
            if missing := zones - covered:
                yield fail(f"endpoint {name} has none in {', '.join(sorted(missing))}", endpoint.id)

        return each(interfaces(subject), one)
