"""Where interface endpoints have their interfaces."""

from collections.abc import Iterator

from mwaa.model.platform import Endpoint, Platform
from policy.analysis.index import index_of
from policy.rules.facts.endpoints import called
from policy.rules.facts.resources import short, subnets
from policy.rules.rule import Finding, Fix, Rule, each, fail, require
from policy.rules.sources import PRIVATELINK


class EndpointsInBothSubnets(Rule):
    id = "mwaa-network-endpoints-in-both-subnets"
    title = "Interface endpoints that the environment calls have an interface in both its zones"
    enforcement = "mandatory"
    severity = "high"
    why = (
        "With one interface the loss of one zone takes AWS away from the other zone's workers too."
    )
    fix = Fix(
        setting="existingSubnetIds: the subnets that the endpoints use",
        command="aws ec2 modify-vpc-endpoint --vpc-endpoint-id ENDPOINT --add-subnet-ids SUBNET",
    )
    source = PRIVATELINK + "interface-endpoints.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        homes = subnets(platform)
        zones = {require(home.zone, "a subnet's zone") for home in homes}
        index = index_of(platform)

        def one(endpoint: Endpoint) -> Iterator[Finding]:
            name = short(endpoint.id)
            covered = set()
            for identity in require(endpoint.subnets, f"the subnets of endpoint {name}"):
                place = index.subnets.get(require(identity, f"a subnet of endpoint {name}"))
                covered.add(require(place.zone, "a zone") if place else str(identity))
            if missing := zones - covered:
                lacking = [s.id for s in homes if s.zone in missing]
                yield fail(
                    f"endpoint {name} has none in {', '.join(sorted(missing))}",
                    endpoint.id,
                    words={"SUBNET": " ".join(lacking)},
                )

        return each(called(platform), one)
