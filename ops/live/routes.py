"""Route tables and network ACLs from EC2's answers."""

from collections.abc import Mapping
from typing import Any

from mwaa.model.platform import UNKNOWN, AclEntry, NetworkAcl, Route, RouteTable

# The member of a route that names its target -> the kind of the target.
TARGETS = {
    "NatGatewayId": "nat",
    "TransitGatewayId": "transit",
    "VpcPeeringConnectionId": "peering",
    "EgressOnlyInternetGatewayId": "egress-only-internet",
    "CarrierGatewayId": "carrier",
    "NetworkInterfaceId": "interface",
    "InstanceId": "interface",
    "LocalGatewayId": "other",
    "CoreNetworkArn": "other",
}
GATEWAYS = {
    "igw": "internet",
    "vgw": "virtual-private",
    "vpce": "endpoint",
    "cagw": "carrier",
    "local": "local",
}


def route_table(item: Mapping[str, Any]) -> RouteTable:
    """A table with its explicit associations; routes of gateway endpoints are the endpoints'."""
    links = item.get("Associations", [])
    return RouteTable(
        id=item["RouteTableId"],
        vpc=item["VpcId"],
        is_main=any(one.get("Main") for one in links),
        subnets=tuple(one["SubnetId"] for one in links if one.get("SubnetId")),
        routes=tuple(_route(one) for one in item.get("Routes", [])),
    )


def _route(item: Mapping[str, Any]) -> Route:
    destination = (
        item.get("DestinationCidrBlock")
        or item.get("DestinationIpv6CidrBlock")
        or item.get("DestinationPrefixListId", UNKNOWN)
    )
    target = item.get("GatewayId")
    kind = GATEWAYS.get(str(target).split("-")[0], "other")
    for name, meant in TARGETS.items():
        if item.get(name):
            kind, target = meant, item[name]
            break
    return Route(
        destination=destination,
        kind=kind,
        target=target,
        blackhole=item.get("State") == "blackhole",
    )


def network_acl(item: Mapping[str, Any]) -> NetworkAcl:
    """An ACL with all its entries, the closing ones included."""
    return NetworkAcl(
        id=item["NetworkAclId"],
        vpc=item["VpcId"],
        is_default=item.get("IsDefault", False),
        subnets=tuple(one["SubnetId"] for one in item.get("Associations", [])),
        entries=tuple(_entry(one) for one in item.get("Entries", [])),
    )


def _entry(item: Mapping[str, Any]) -> AclEntry:
    ports = item.get("PortRange") or {}
    return AclEntry(
        number=item["RuleNumber"],
        egress=item["Egress"],
        protocol=str(item["Protocol"]),
        allow=item["RuleAction"] == "allow",
        cidr=item.get("CidrBlock") or item.get("Ipv6CidrBlock", UNKNOWN),
        from_port=ports.get("From"),
        to_port=ports.get("To"),
    )
