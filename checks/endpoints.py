"""The VPC endpoints of an environment's VPC, as several rules ask for them."""

from checks.check import need
from checks.lookups import endpoints, route_table, short, subnet_ids, subnets
from mwaa.endpoints import service_name
from mwaa.subject import Endpoint, RouteTable, Subject, known
from proofs.addresses import PUBLIC, Addresses, is_world
from proofs.endpoints import suffix_of
from proofs.index import index_of
from proofs.routes import resolve


def in_vpc(subject: Subject, service: str | None = "") -> tuple[Endpoint, ...]:
    """The endpoints of the environment's VPC; with ``service`` None those of unknown service."""
    homes = {need(subnet.vpc, "the VPC of the subnets") for subnet in subnets(subject)}
    found = [e for e in endpoints(subject) if not known(e.vpc) or e.vpc in homes]
    return tuple(e for e in found if service is not None or not known(e.service))


def suffix(endpoint: Endpoint) -> str | None:
    """The service's suffix (``sqs``); None for services of others and those not known."""
    return suffix_of(endpoint.service) if known(endpoint.service) else None


def interfaces(subject: Subject) -> tuple[Endpoint, ...]:
    """Interface endpoints to AWS services in the environment's VPC."""
    found = (e for e in in_vpc(subject) if e.type == "Interface")
    return tuple(e for e in found if suffix(e) is not None)


def gateways(subject: Subject, service: str) -> tuple[Endpoint, ...]:
    """Gateway endpoints to one service in the environment's VPC."""
    return tuple(e for e in in_vpc(subject) if e.type == "Gateway" and suffix(e) == service)


def private_s3_interface(subject: Subject) -> bool:
    """Whether an S3 interface endpoint takes the place of a gateway."""
    return not gateways(subject, "s3") and any(suffix(e) == "s3" for e in interfaces(subject))


def present(subject: Subject, service: str, region: str) -> bool:
    """Whether the environment's VPC has an endpoint for the service."""
    name = service_name(service, region)
    ours = in_vpc(subject)
    return any(e in ours for e in index_of(subject).endpoints_of.get(name, ()))


def needs_endpoints(subject: Subject) -> bool:
    """Whether a subnet has no way to public addresses, so that AWS is reached by endpoints only."""
    tables = [route_table(subject, identity) for identity in subnet_ids(subject)]
    return not all(_leads_out(subject, table) for table in tables)


def _leads_out(subject: Subject, table: RouteTable) -> bool:
    """Whether NAT, or a transit gateway that may lead to it, takes what goes to the internet.

    A transit gateway often leads to one's own networks alone, which may hold public addresses too.
    """
    what = f"where {short(table.id)} leads"
    taken = Addresses()
    for segment in resolve(subject, table, PUBLIC):
        route = need(segment.route, what)
        if route is not None and need(route.kind, what) in ("nat", "transit"):
            taken = taken | segment.addresses
    return is_world(taken)
