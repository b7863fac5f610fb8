"""Whether endpoint groups let the environment in."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, each, fail, undecided
from checks.endpoints import interfaces, suffix
from checks.lookups import short, subnets
from checks.sources import PRIVATELINK
from mwaa.subject import Endpoint, Subject
from proofs.hops import addresses_of, groups_on
from proofs.security_groups import admits, groups_of, interface
from proofs.verdict import Verdict

HTTPS = (443, 443)


class EndpointGroupsAdmitHttps(Check):
    id = "mwaa-network-endpoint-groups-admit-https"
    title = "The groups of every interface endpoint admit the environment on 443"
    severity = "mandatory"
    why = "The endpoint exists and resolves, and every call to it times out."
    remedy = Remedy(
        setting="endpointProfile: required (a group of its own for the endpoints)",
        command="aws ec2 authorize-security-group-ingress --group-id ENDPOINT_GROUP"
        " --protocol tcp --port 443 --source-group ENVIRONMENT_GROUP",
    )
    source = PRIVATELINK + "interface-endpoints.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        homes = subnets(subject)

        def one(endpoint: Endpoint) -> Iterator[Finding]:
            if suffix(endpoint) is None:
                return
            name = short(endpoint.id)
            own = groups_of(subject, groups_on(subject, endpoint))
            for home in homes:
                addresses, exact = addresses_of(subject, home)
                client = interface(subject.environment.security_groups, addresses, every=exact)
                found = admits(subject, own, client, HTTPS, egress=False).verdict(every=exact)
                if found is Verdict.FAIL:
                    yield fail(f"endpoint {name} does not admit {short(home.id)}", endpoint.id)
                elif found is Verdict.UNKNOWN:
                    undecided(f"what the groups of endpoint {name} admit cannot be known yet")

        return each(interfaces(subject), one)
