"""Which VPC endpoint, if any, takes the packets that a subnet sends to an AWS service.

A gateway endpoint takes them by route table. An interface endpoint takes them by name: its private
DNS answers with its own addresses, and then every connection of the VPC goes there, NAT or not.
Sources: https://docs.aws.amazon.com/vpc/latest/privatelink/interface-endpoints.html and
https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from mwaa.model.platform import UNKNOWN, Endpoint, Maybe, Platform, Subnet, Vpc, known
from mwaa.names import dns_suffix_of
from mwaa.service.endpoints import service_name
from policy.analysis.index import index_of
from policy.analysis.network.routes import effective
from policy.analysis.verdict import Proof, Verdict, every, of, some

_SERVICE = re.compile(r"(?:cn\.)?com\.amazonaws\.(?P<region>[a-z0-9-]+)\.(?P<suffix>.+)")
AMAZON_RESOLVERS = frozenset({"AmazonProvidedDNS", "169.254.169.253", "fd00:ec2::253"})


def suffix_of(service: str) -> str | None:
    """``com.amazonaws.us-east-1.ecr.api`` -> ``ecr.api``; None for services of others."""
    match = _SERVICE.fullmatch(service)
    return match["suffix"] if match and match["region"] != "vpce" else None


@lru_cache(maxsize=256)
def host_of(suffix: str, region: str) -> str:
    """The host name callers use: ``ecr.api`` -> ``api.ecr.<region>.amazonaws.com``."""
    return f"{'.'.join(reversed(suffix.split('.')))}.{region}.{dns_suffix_of(region)}"


@dataclass(frozen=True)
class Candidate:
    """An endpoint that takes a subnet's packets to a service (PASS), or may (UNKNOWN)."""

    endpoint: Endpoint
    takes: Proof

    @property
    def certain(self) -> bool:
        return self.takes.passed


def is_in_vpc(endpoint: Endpoint, vpc: Maybe[str]) -> Verdict:
    if not (known(endpoint.vpc) and known(vpc)):
        return Verdict.UNKNOWN
    return of(endpoint.vpc == vpc)


def of_service(platform: Platform, name: str, vpc: Maybe[str]) -> tuple[Endpoint, ...]:
    """The endpoints of a VPC for an endpoint service (full name), those that may be included."""
    found = index_of(platform).endpoints_of
    both = (*found.get(name, ()), *found.get(None, ()))
    return tuple(e for e in both if is_in_vpc(e, vpc) is not Verdict.FAIL)


def candidates(platform: Platform, subnet: Subnet, suffix: str, region: str) -> list[Candidate]:
    """The endpoints that take, or may take, what ``subnet`` sends to a service."""
    found = list(_candidates(platform, subnet, suffix, region))
    private = [c for c in found if c.certain and c.endpoint.type == "Interface"]
    if private:
        # AWS refuses a second endpoint with private DNS for a service, so one whose service is
        # not known yet cannot be for this one.
        found = [c for c in found if known(c.endpoint.service)]
    return found


def _candidates(
    platform: Platform, subnet: Subnet, suffix: str, region: str
) -> Iterator[Candidate]:
    for endpoint in of_service(platform, service_name(suffix, region), subnet.vpc):
        proof = takes(platform, endpoint, subnet, suffix, region)
        if not proof.failed:
            yield Candidate(endpoint, proof)


def takes(
    platform: Platform, endpoint: Endpoint, subnet: Subnet, suffix: str, region: str
) -> Proof:
    """Whether ``endpoint`` takes what ``subnet`` sends to the service ``suffix``."""
    name = service_name(suffix, region)
    own = every(
        (
            of(endpoint.service == name if known(endpoint.service) else UNKNOWN),
            is_in_vpc(endpoint, subnet.vpc),
        )
    )
    by_route = _by_route(platform, endpoint, subnet)
    by_name = _by_name(platform, endpoint, subnet, suffix, region)
    if not known(endpoint.type):
        way = some((by_route.verdict, by_name.verdict))
        detail = Proof(way if way is Verdict.FAIL else Verdict.UNKNOWN, "its type is not known yet")
    elif endpoint.type == "Gateway":
        detail = by_route
    elif endpoint.type == "Interface":
        detail = by_name
    else:
        detail = Proof(Verdict.FAIL, f"{endpoint.id} is a {endpoint.type} endpoint")
    verdict = every((own, detail.verdict))
    if verdict is detail.verdict:
        return detail
    reason = f"{endpoint.id} may not be for {name} in this VPC: that is not known yet"
    return Proof(verdict, reason)


def _by_route(platform: Platform, endpoint: Endpoint, subnet: Subnet) -> Proof:
    """A gateway endpoint serves the subnets whose effective route table it is associated with."""
    table = effective(platform, subnet.id)
    if not known(table):
        reason = f"the route table of {subnet.id} is not known"
        empty = known(endpoint.route_tables) and not endpoint.route_tables
        return Proof(Verdict.FAIL if empty else Verdict.UNKNOWN, reason)
    if not known(endpoint.route_tables):
        return Proof(Verdict.UNKNOWN, f"the route tables of {endpoint.id} are not known")
    if table.id in endpoint.route_tables:
        hop = f"route table {table.id} sends it to gateway endpoint {endpoint.id}"
        return Proof(Verdict.PASS, hop, (hop,))
    if not all(known(i) for i in endpoint.route_tables):
        return Proof(Verdict.UNKNOWN, f"not all route tables of {endpoint.id} are known")
    return Proof(
        Verdict.FAIL,
        f"gateway endpoint {endpoint.id} is not associated with route table {table.id} "
        f"of {subnet.id}",
        remedy=f"associate {endpoint.id} with route table {table.id}",
    )


def _by_name(
    platform: Platform, endpoint: Endpoint, subnet: Subnet, suffix: str, region: str
) -> Proof:
    """An interface endpoint serves where the service's host name answers with its addresses."""
    host = host_of(suffix, region)
    vpc = index_of(platform).vpcs.get(subnet.vpc) if known(subnet.vpc) else None
    private = of(endpoint.private_dns)
    zone = Verdict.FAIL if private is Verdict.PASS else zone_answers(platform, subnet, host)
    verdict = every((some((private, zone)), _dns(vpc), _resolver(platform, vpc)))
    if verdict is Verdict.PASS:
        hop = f"{host} resolves to interface endpoint {endpoint.id}"
        return Proof(verdict, hop, (hop,))
    if some((private, zone)) is Verdict.FAIL:
        reason = f"interface endpoint {endpoint.id} has no private DNS, so {host} stays public"
        return Proof(Verdict.FAIL, reason, remedy=f"enable private DNS on {endpoint.id}")
    if verdict is Verdict.FAIL:
        return Proof(
            verdict,
            f"private DNS of {endpoint.id} does not work: the VPC has DNS support or DNS "
            "hostnames switched off",
            remedy="enable DNS support and DNS hostnames on the VPC",
        )
    return Proof(
        verdict,
        f"whether {host} resolves to {endpoint.id} is not known (private DNS, DNS attributes of "
        "the VPC, its DHCP options or hosted zones)",
        remedy=f"use Amazon's resolver in the VPC, or forward {host} to it",
    )


def _dns(vpc: Vpc | None) -> Verdict:
    """Both DNS attributes of the VPC are needed for private DNS."""
    if vpc is None:
        return Verdict.UNKNOWN
    flags = (vpc.dns_support, vpc.dns_hostnames)
    return every(of(flag) for flag in flags)


def _resolver(platform: Platform, vpc: Vpc | None) -> Verdict:
    """Amazon's resolver answers with private DNS; whether another one does cannot be seen."""
    if vpc is None or not known(vpc.dhcp_options):
        return Verdict.UNKNOWN
    if vpc.dhcp_options is None:
        return Verdict.PASS
    if not known(platform.dhcp_options):
        return Verdict.UNKNOWN
    options = next((o for o in platform.dhcp_options if o.id == vpc.dhcp_options), None)
    if options is None or not known(options.name_servers):
        return Verdict.UNKNOWN
    own = set(options.name_servers) & AMAZON_RESOLVERS
    return Verdict.PASS if own == set(options.name_servers) and own else Verdict.UNKNOWN


def zone_answers(platform: Platform, subnet: Subnet, host: str) -> Verdict:
    """A private hosted zone of the host's name, with apex and wildcard, on the subnet's VPC."""
    if not known(platform.hosted_zones):
        return Verdict.UNKNOWN
    verdicts = []
    for zone in platform.hosted_zones:
        parts = [of(zone.name.rstrip(".") == host if known(zone.name) else UNKNOWN)]
        if known(zone.vpcs) and known(subnet.vpc):
            parts.append(of(subnet.vpc in zone.vpcs))
        else:
            parts.append(Verdict.UNKNOWN)
        if known(zone.records):
            # Route 53 lists the wildcard label in octal.
            names = {r.rstrip(".").replace("\\052", "*") for r in zone.records}
            parts.append(of({host, f"*.{host}"} <= names))
        else:
            parts.append(Verdict.UNKNOWN)
        verdicts.append(every(parts))
    return some(verdicts)


def state(endpoint: Endpoint) -> Proof:
    """Whether the endpoint carries packets; a planned one (state None) will."""
    if not known(endpoint.state):
        return Proof(Verdict.UNKNOWN, f"the state of {endpoint.id} is not known")
    if endpoint.state is None or endpoint.state.lower() == "available":
        return Proof(Verdict.PASS, f"{endpoint.id} is available")
    return Proof(
        Verdict.FAIL,
        f"endpoint {endpoint.id} is {endpoint.state}, not available",
        remedy=f"have {endpoint.id} accepted, or delete it and create it again",
    )
