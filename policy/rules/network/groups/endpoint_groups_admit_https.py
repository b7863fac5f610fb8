"""Whether endpoint groups let the environment in."""

from collections.abc import Iterator

from mwaa.model.platform import Endpoint, Platform, known
from mwaa.service.ports import HTTPS
from policy.analysis.network.hops import addresses_of, groups_on
from policy.analysis.network.security_groups import admits, groups_of, interface
from policy.analysis.verdict import Verdict
from policy.rules.facts.endpoints import called
from policy.rules.facts.resources import short, subnets
from policy.rules.rule import Finding, Fix, Rule, each, fail, undecided
from policy.rules.sources import PRIVATELINK


class EndpointGroupsAdmitHttps(Rule):
    id = "mwaa-network-endpoint-groups-admit-https"
    title = "The groups of interface endpoints that the environment calls admit it on 443"
    enforcement = "mandatory"
    severity = "high"
    why = "The endpoint exists and resolves, and every call to it times out."
    fix = Fix(
        setting="endpointProfile: required (a group of its own for the endpoints); where another"
        " stack made the endpoint, its endpointEnvironments: this environment",
        command="aws ec2 authorize-security-group-ingress --group-id ENDPOINT_GROUP"
        " --protocol tcp --port 443 --source-group GROUP",
    )
    source = PRIVATELINK + "interface-endpoints.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        homes = subnets(platform)

        def one(endpoint: Endpoint) -> Iterator[Finding]:
            name = short(endpoint.id)
            own = groups_of(platform, groups_on(platform, endpoint))
            for home in homes:
                addresses, exact = addresses_of(platform, home)
                client = interface(platform.environment.security_groups, addresses, every=exact)
                found = admits(platform, own, client, (HTTPS, HTTPS), egress=False).verdict(
                    every=exact
                )
                if found is Verdict.FAIL:
                    fix, words = _fix(endpoint)
                    what = f"endpoint {name} does not admit {short(home.id)}"
                    yield fail(what, endpoint.id, fix=fix, words=words)
                elif found is Verdict.UNKNOWN:
                    undecided(f"what the groups of endpoint {name} admit cannot be known yet")

        return each(called(platform), one)


def _fix(endpoint: Endpoint) -> tuple[str, dict[str, str]]:
    """The group to open; an endpoint whose groups are none gets the environment's."""
    groups = endpoint.security_groups if known(endpoint.security_groups) else ()
    if groups and known(groups[0]):
        return "", {"ENDPOINT_GROUP": groups[0]}
    give = "aws ec2 modify-vpc-endpoint --vpc-endpoint-id ENDPOINT --add-security-group-ids GROUP"
    return give, {}
