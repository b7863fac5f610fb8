"""Where a subnet sends its packets: effective route table and longest-prefix match.

Source: https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
"""

from dataclasses import dataclass

from mwaa.model.platform import (
    UNKNOWN,
    Maybe,
    Platform,
    Route,
    RouteTable,
    Subnet,
    known,
)
from policy.analysis.index import Index, associated, index_of
from policy.analysis.network.addresses import Addresses, parse

# Of two routes of the same length a static one to a block precedes one to a prefix list.
_BLOCK, _PREFIX_LIST = 0, 1


@dataclass(frozen=True)
class Segment:
    """Destinations that one route serves. ``route`` is None where no route matches (the packet is
    dropped) and ``UNKNOWN`` where nothing says which one matches."""

    addresses: Addresses
    route: Maybe[Route | None]


def effective(platform: Platform, subnet: str) -> Maybe[RouteTable]:
    """The route table that serves a subnet: its explicit association, else the VPC's main table."""
    index = index_of(platform)
    record = index.subnets.get(subnet, Subnet(id=subnet))
    if not known(platform.route_tables):
        return UNKNOWN
    tables = index.route_tables.values()
    return associated(index.tables_of, tables, record, lambda table: table.is_main)


def resolve(platform: Platform, table: RouteTable, destinations: Addresses) -> tuple[Segment, ...]:
    """``destinations`` cut into segments by the route that the longest prefix selects."""
    if not known(table.routes):
        return (Segment(destinations, UNKNOWN),)
    index = index_of(platform)
    ranked: list[tuple[int, int, Addresses, Route]] = []
    for route in table.routes:
        blocks = _blocks(route, index)
        if not known(blocks):
            # A route to who knows where could take any of the packets.
            return (Segment(destinations, UNKNOWN),)
        ranked += [(-length, kind, addresses, route) for addresses, length, kind in blocks]
    segments = []
    left = destinations
    for _, _, addresses, route in sorted(ranked, key=lambda entry: entry[:2]):
        taken = left & addresses
        if taken:
            segments.append(Segment(taken, route))
            left = left - addresses
    if left:
        segments.append(Segment(left, None))
    return tuple(segments)


def lookup(platform: Platform, table: RouteTable, address: str) -> Maybe[Route | None]:
    """The route for one address or for a block that no longer prefix divides; else ``UNKNOWN``."""
    parsed = parse(address)
    if parsed is None:
        raise ValueError(f"{address!r} is no IP address or CIDR block, for example 10.0.0.7")
    segments = resolve(platform, table, parsed[0])
    return segments[0].route if len(segments) == 1 else UNKNOWN


def _blocks(route: Route, index: Index) -> Maybe[list[tuple[Addresses, int, int]]]:
    """The blocks a route's destination stands for, with prefix length and rank among equals."""
    if not known(route.destination):
        return UNKNOWN
    parsed = parse(route.destination)
    if parsed is not None:
        return [(*parsed, _BLOCK)]
    prefix_list = index.prefix_lists.get(route.destination)
    if prefix_list is None or not known(prefix_list.cidrs):
        # Gateway endpoints' lists hold public addresses of one service only; those endpoints are
        # judged by their table associations, so their routes need not be resolved here.
        return [] if _is_to_gateway_endpoint(route, index) else UNKNOWN
    found = (parse(cidr) for cidr in prefix_list.cidrs)
    return [(*entry, _PREFIX_LIST) for entry in found if entry is not None]


def kinds(table: RouteTable, *wanted: str) -> Maybe[tuple[Route, ...]]:
    """The routes of a table whose target is of one of the kinds; ``UNKNOWN`` if one may be."""
    if not known(table.routes):
        return UNKNOWN
    found = tuple(route for route in table.routes if route.kind in wanted)
    if not found and any(not known(route.kind) for route in table.routes):
        return UNKNOWN
    return found


def destinations(platform: Platform, route: Route) -> Maybe[Addresses]:
    """All addresses that a route is for, whichever other route may take some of them."""
    blocks = _blocks(route, index_of(platform))
    if not known(blocks):
        return UNKNOWN
    found = Addresses()
    for addresses, _, _ in blocks:
        found = found | addresses
    return found


def is_aside(platform: Platform, route: Maybe[Route | None]) -> bool:
    """Whether a route has no say for public services: the local one, and those of gateway
    endpoints, which carry the addresses of one service and are judged as endpoints."""
    if not known(route) or route is None:
        return False
    return route.kind == "local" or _is_to_gateway_endpoint(route, index_of(platform))


def _is_to_gateway_endpoint(route: Route, index: Index) -> bool:
    if route.kind != "endpoint" or not known(route.target) or route.target is None:
        return False
    endpoint = index.endpoints.get(route.target)
    return endpoint is not None and endpoint.type == "Gateway"
