"""The VPC endpoints of an environment's VPC, as several rules ask for them."""

from collections.abc import Iterable

from mwaa.model.platform import Endpoint, Platform, RouteTable, known
from mwaa.service.endpoints import service_name
from policy.analysis.index import index_of
from policy.analysis.network.addresses import PUBLIC, Addresses, is_world
from policy.analysis.network.central import elsewhere
from policy.analysis.network.endpoints import host_of, suffix_of
from policy.analysis.network.reachability import services
from policy.analysis.network.routes import resolve
from policy.rules.facts.resources import endpoints, route_table, short, subnet_ids, subnets
from policy.rules.rule import require


def in_vpc(platform: Platform, service: str | None = "") -> tuple[Endpoint, ...]:
    """The endpoints of the environment's VPC; with ``service`` None those of unknown service."""
    homes = {require(subnet.vpc, "the VPC of the subnets") for subnet in subnets(platform)}
    found = [e for e in endpoints(platform) if not known(e.vpc) or e.vpc in homes]
    return tuple(e for e in found if service is not None or not known(e.service))


def suffix(endpoint: Endpoint) -> str | None:
    """The service's suffix (``sqs``); None for services of others and those not known."""
    return suffix_of(endpoint.service) if known(endpoint.service) else None


def interfaces(platform: Platform) -> tuple[Endpoint, ...]:
    """Interface endpoints to AWS services in the environment's VPC."""
    found = (e for e in in_vpc(platform) if e.type == "Interface")
    return tuple(e for e in found if suffix(e) is not None)


def called(platform: Platform) -> tuple[Endpoint, ...]:
    """Those of them that the environment calls; others in its VPC may be another team's. S3 is
    called through a gateway where there is one."""
    wanted = set(services(platform)) - ({"s3"} if gateways(platform, "s3") else set())
    return tuple(e for e in interfaces(platform) if suffix(e) in wanted)


def gateways(platform: Platform, service: str) -> tuple[Endpoint, ...]:
    """Gateway endpoints to one service in the environment's VPC."""
    return tuple(e for e in in_vpc(platform) if e.type == "Gateway" and suffix(e) == service)


def private_s3_interface(platform: Platform) -> bool:
    """Whether an S3 interface endpoint takes the place of a gateway."""
    return not gateways(platform, "s3") and any(suffix(e) == "s3" for e in interfaces(platform))


def present(platform: Platform, service: str, region: str) -> bool:
    """Whether the environment's VPC has an endpoint for the service."""
    name = service_name(service, region)
    ours = in_vpc(platform)
    return any(e in ours for e in index_of(platform).endpoints_of.get(name, ()))


def missing(
    platform: Platform, suffixes: Iterable[str], region: str
) -> tuple[tuple[str, ...], dict[str, str]]:
    """The services without an endpoint in the VPC; and those of them that another VPC's endpoint
    may serve for every subnet, with the words why."""
    homes = subnets(platform)
    absent, far = [], {}
    for suffix in suffixes:
        if not present(platform, suffix, region):
            ways = [elsewhere(platform, home, host_of(suffix, region)) for home in homes]
            if all(ways):
                far[suffix] = ways[0]
            else:
                absent.append(suffix)
    return tuple(absent), far


def needs_endpoints(platform: Platform) -> bool:
    """Whether a subnet has no way to public addresses, so that AWS is reached by endpoints only."""
    tables = [route_table(platform, identity) for identity in subnet_ids(platform)]
    return not all(_leads_out(platform, table) for table in tables)


def _leads_out(platform: Platform, table: RouteTable) -> bool:
    """Whether NAT, or a transit gateway that may lead to it, takes what goes to the internet.

    A transit gateway often leads to one's own networks alone, which may hold public addresses too.
    """
    what = f"where {short(table.id)} leads"
    taken = Addresses()
    for segment in resolve(platform, table, PUBLIC):
        route = require(segment.route, what)
        if route is not None and require(route.kind, what) in ("nat", "transit"):
            taken = taken | segment.addresses
    return is_world(taken)
