"""Reads the route tables and network ACLs of a plan.

AWS adds what no program declares, and these readers add it too: the local route of every table,
the main table and the default network ACL of a VPC that the plan creates.
https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html
"""

from collections.abc import Mapping
from typing import Any

from mwaa.model.platform import (
    UNKNOWN,
    AclEntry,
    Maybe,
    NetworkAcl,
    Route,
    RouteTable,
    known,
    or_unknown,
)
from policy.plan.network import IGW, NAT, SUBNETS, VPC, VPCS
from policy.plan.resources import Plan, Resource

TABLE = "aws:ec2/routeTable:RouteTable"
DEFAULT_TABLE = "aws:ec2/defaultRouteTable:DefaultRouteTable"
TABLES = (TABLE, DEFAULT_TABLE)
ACL = "aws:ec2/networkAcl:NetworkAcl"
DEFAULT_ACL = "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"

# Where a route leads: the property that says so, and the kind of its target.
TARGETS = {
    "natGatewayId": "nat",
    "egressOnlyGatewayId": "egress-only-internet",
    "transitGatewayId": "transit",
    "vpcPeeringConnectionId": "peering",
    "vpcEndpointId": "endpoint",
    "carrierGatewayId": "carrier",
    "localGatewayId": "other",
    "coreNetworkArn": "other",
    "networkInterfaceId": "interface",
    "instanceId": "interface",
}
# ``gatewayId`` may name several things; its prefix or its resource says which.
GATEWAYS = {"igw-": "internet", "vgw-": "virtual-private", "vpce-": "endpoint", "cagw-": "carrier"}
GATEWAY_TYPES = {
    IGW: "internet",
    "aws:ec2/vpnGateway:VpnGateway": "virtual-private",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "endpoint",
    "aws:ec2/carrierGateway:CarrierGateway": "carrier",
}
PROTOCOLS = {"all": "-1", "tcp": "6", "udp": "17", "icmp": "1", "icmpv6": "58"}


def route_tables(plan: Plan) -> tuple[RouteTable, ...]:
    """Every route table of the plan, the implied main tables included."""
    mains = _main_tables(plan)
    tables = [_table(plan, item, item in mains.values()) for item in plan.of(*TABLES)]
    return (*tables, *(_implied_main(plan, vpc) for vpc in plan.of(VPC) if vpc.urn not in mains))


def _main_tables(plan: Plan) -> dict[str, Resource]:
    """The declared main table of each VPC, by the VPC's URN."""
    mains = {}
    for item in plan.of(DEFAULT_TABLE):
        if vpc := plan.target(item, "defaultRouteTableId", VPC) or plan.target(item, "vpcId", VPC):
            mains[vpc.urn] = item
    for link in plan.of("aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"):
        vpc = plan.target(link, "vpcId", *VPCS)
        table = plan.target(link, "routeTableId", *TABLES)
        if vpc and table:
            mains[vpc.urn] = table
    return mains


def _table(plan: Plan, item: Resource, is_main: bool) -> RouteTable:
    vpc = plan.target(item, "vpcId", *VPCS) or plan.target(item, "defaultRouteTableId", VPC)
    associated: list[Maybe[str]] = []
    for link in plan.of("aws:ec2/routeTableAssociation:RouteTableAssociation"):
        if plan.target(link, "routeTableId", *TABLES) is item and link.get("subnetId") is not None:
            associated.append(or_unknown(plan.refer(link, "subnetId", *SUBNETS)))
    inline = item.blocks("routes")
    routes: Maybe[tuple[Route, ...]] = UNKNOWN
    if known(inline):
        separate = [
            _separate_route(plan, route)
            for route in plan.of("aws:ec2/route:Route")
            if plan.target(route, "routeTableId", *TABLES) is item
        ]
        declared = [_inline_route(plan, item, block) for block in inline]
        # A refreshed table lists the routes that stand as resources of their own once more.
        routes = tuple(dict.fromkeys((*_local_routes(vpc), *separate, *declared)))
    return RouteTable(
        id=item.identity,
        vpc=vpc.identity if vpc else or_unknown(item.text("vpcId")),
        is_main=is_main,
        subnets=tuple(associated),
        routes=routes,
    )


def _implied_main(plan: Plan, vpc: Resource) -> RouteTable:
    """The main table that AWS makes with a VPC and that the plan leaves alone."""
    table_id = vpc.text("mainRouteTableId")
    return RouteTable(
        id=table_id if isinstance(table_id, str) else f"{vpc.urn}#main",
        vpc=vpc.identity,
        is_main=True,
        routes=_local_routes(vpc),
    )


def _local_routes(vpc: Resource | None) -> tuple[Route, ...]:
    block = vpc.text("cidrBlock") if vpc else UNKNOWN
    return (Route(destination=or_unknown(block), kind="local", target="local"),)


def _separate_route(plan: Plan, item: Resource) -> Route:
    destination: Maybe[str | None] = None
    for key in ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"):
        if item.declares(key):
            destination = item.text(key)
    for key, kind in TARGETS.items():
        if item.declares(key):
            target = plan.refer(item, key, NAT)
            return Route(destination=or_unknown(destination), kind=kind, target=target)
    return _gateway_route(plan, or_unknown(destination), item, "gatewayId", item.get("gatewayId"))


def _inline_route(plan: Plan, table: Resource, block: Mapping[str, Any]) -> Route:
    destination: Maybe[str] = UNKNOWN
    for key in ("cidrBlock", "ipv6CidrBlock", "destinationPrefixListId"):
        if block.get(key):
            destination = block[key]
    for key, kind in TARGETS.items():
        if (value := block.get(key)) == UNKNOWN or value:
            if not known(value):
                behind = plan.behind(table, "routes", NAT) if key == "natGatewayId" else []
                value = behind[0].identity if len(behind) == 1 else UNKNOWN
            return Route(destination=destination, kind=kind, target=value)
    return _gateway_route(plan, destination, table, "routes", block.get("gatewayId"))


def _gateway_route(
    plan: Plan, destination: Maybe[str], holder: Resource, key: str, value: Any
) -> Route:
    """A route through what a ``gatewayId`` names."""
    if value == "local":
        return Route(destination=destination, kind="local", target="local")
    if isinstance(value, str):
        known = [kind for prefix, kind in GATEWAYS.items() if value.startswith(prefix)]
        return Route(destination=destination, kind=known[0] if known else UNKNOWN, target=value)
    behind = plan.behind(holder, key, *GATEWAY_TYPES)
    found = {GATEWAY_TYPES[item.type] for item in behind}
    return Route(
        destination=destination,
        # Several gateways of one kind leave the target open, but not where it leads.
        kind=found.pop() if len(found) == 1 else UNKNOWN,
        target=behind[0].identity if len(behind) == 1 else UNKNOWN,
    )


def network_acls(plan: Plan) -> tuple[NetworkAcl, ...]:
    """Every network ACL of the plan, the implied default ones included."""
    declared = [_acl(plan, item, default=False) for item in plan.of(ACL)]
    defaults: list[NetworkAcl] = []
    for vpc in plan.of(VPC):
        adopted = [
            item
            for item in plan.of(DEFAULT_ACL)
            if plan.target(item, "defaultNetworkAclId", VPC) is vpc
            or item.get("defaultNetworkAclId") == vpc.get("defaultNetworkAclId") != UNKNOWN
        ]
        defaults.append(
            _acl(plan, adopted[0], default=True, vpc=vpc) if adopted else _implied_acl(vpc)
        )
    return (*declared, *defaults)


def _acl(plan: Plan, item: Resource, *, default: bool, vpc: Resource | None = None) -> NetworkAcl:
    linked: list[Maybe[str]] = []
    for link in plan.of("aws:ec2/networkAclAssociation:NetworkAclAssociation"):
        if plan.target(link, "networkAclId", ACL) is item:
            linked.append(or_unknown(plan.refer(link, "subnetId", *SUBNETS)))
    own = plan.refer_all(item, "subnetIds", *SUBNETS, count=2)
    members: Maybe[tuple[Maybe[str], ...]] = UNKNOWN
    if known(own):
        members = tuple(dict.fromkeys((*own, *linked)))
    entries: Maybe[tuple[AclEntry, ...]] = UNKNOWN
    inbound, outbound = item.blocks("ingress"), item.blocks("egress")
    if known(inbound) and known(outbound):
        separate = [
            _entry(rule.props, rule.flag("egress"), "ruleNumber", "ruleAction")
            for rule in plan.of("aws:ec2/networkAclRule:NetworkAclRule")
            if plan.target(rule, "networkAclId", ACL, DEFAULT_ACL) is item
        ]
        inline = [
            _entry(block, egress, "ruleNo", "action")
            for egress, blocks in ((False, inbound), (True, outbound))
            for block in blocks
        ]
        entries = tuple(dict.fromkeys((*inline, *separate, *_last_entries())))
    return NetworkAcl(
        id=item.identity,
        vpc=vpc.identity if vpc else or_unknown(plan.refer(item, "vpcId", *VPCS)),
        is_default=default,
        subnets=members,
        entries=entries,
    )


def _entry(block: Mapping[str, Any], egress: Maybe[bool], number: str, action: str) -> AclEntry:
    protocol = block.get("protocol")
    allow = block.get(action)
    cidr = block.get("cidrBlock")
    if known(cidr):
        cidr = cidr or block.get("ipv6CidrBlock")
    return AclEntry(
        number=or_unknown(_whole(block.get(number))),
        egress=egress,
        protocol=PROTOCOLS.get(str(protocol).lower(), str(protocol))
        if known(protocol)
        else UNKNOWN,
        allow=str(allow).lower() == "allow" if known(allow) else UNKNOWN,
        cidr=or_unknown(cidr),
        from_port=_whole(block.get("fromPort")),
        to_port=_whole(block.get("toPort")),
    )


def _whole(value: Maybe[Any | None]) -> Maybe[int | None]:
    if value is None:
        return None
    return int(value) if known(value) else UNKNOWN


def _last_entries() -> tuple[AclEntry, ...]:
    """The ``*`` rows with which AWS ends every network ACL."""
    return tuple(
        AclEntry(number=32767, egress=egress, protocol="-1", allow=False, cidr="0.0.0.0/0")
        for egress in (False, True)
    )


def _implied_acl(vpc: Resource) -> NetworkAcl:
    acl_id = vpc.text("defaultNetworkAclId")
    allow = tuple(
        AclEntry(number=100, egress=egress, protocol="-1", allow=True, cidr="0.0.0.0/0")
        for egress in (False, True)
    )
    return NetworkAcl(
        id=acl_id if isinstance(acl_id, str) else f"{vpc.urn}#default-acl",
        vpc=vpc.identity,
        is_default=True,
        entries=(*allow, *_last_entries()),
    )
