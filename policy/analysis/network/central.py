"""Whether another VPC's endpoints may serve an AWS service: what a network team shares.

Its name is answered by a private hosted zone, a Route 53 profile or a resolver rule, and packets
leave by a transit gateway, a peering connection or a VPN. Only the zone and the route can be seen
from here, never what lies behind them.
Source, read 2026-11-27:
https://aws.amazon.com/blogs/networking-and-content-delivery/centralize-access-using-vpc-interface-endpoints/
"""

from mwaa.model.platform import Platform, Subnet, known
from policy.analysis.network import routes

WAYS = ("transit", "peering", "virtual-private")


def elsewhere(platform: Platform, subnet: Subnet, host: str) -> str:
    """How ``host`` may be reached through another VPC, in words; empty where nothing leads on."""
    way = _way(platform, subnet)
    if zone := _zone(platform, subnet, host):
        where = f"behind {way}" if way else "where it points to"
        return f"hosted zone {zone} answers for {host}; what lies {where} cannot be seen"
    if not way:
        return ""
    return (
        f"a Route 53 profile or a resolver rule may lead {host} to an endpoint behind {way}, which "
        "cannot be seen"
    )


def _way(platform: Platform, subnet: Subnet) -> str:
    """A usable route of the subnet to other networks, by its target."""
    table = routes.effective(platform, subnet.id)
    found = routes.kinds(table, *WAYS) if known(table) else ()
    for route in found if known(found) else ():
        if route.blackhole is True or not known(route.target) or not route.target:
            continue
        # No VPC lends its way to the internet to a peer; its own networks are another matter.
        if route.kind != "peering" or route.destination not in ("0.0.0.0/0", "::/0"):
            return route.target
    return ""


def _zone(platform: Platform, subnet: Subnet, host: str) -> str:
    """The hosted zone of the subnet's VPC that has a record of this name, or may have one."""
    for zone in platform.hosted_zones if known(platform.hosted_zones) else ():
        if not (known(zone.name) and known(zone.vpcs) and subnet.vpc in zone.vpcs):
            continue
        apex = zone.name.rstrip(".")
        if apex != host and not host.endswith(f".{apex}"):
            continue
        if not known(zone.records) or host in {name.rstrip(".") for name in zone.records}:
            return apex
    return ""
