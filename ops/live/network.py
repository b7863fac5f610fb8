"""The network around an environment, from EC2. Every list is read once for the whole VPC, so that
the number of calls does not grow with subnets, groups or endpoints, but for their pages. A prefix
list of the customer's that a rule or a route names takes one more call."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from typing import Any, TypedDict, TypeVar

from mwaa.model.platform import (
    UNKNOWN,
    DhcpOptions,
    Endpoint,
    EndpointService,
    FlowLog,
    HostedZone,
    InternetGateway,
    Maybe,
    NatGateway,
    NetworkAcl,
    NetworkInterface,
    PrefixList,
    RouteTable,
    SecurityGroup,
    Subnet,
    Vpc,
    known,
    or_unknown,
)
from mwaa.service.endpoints import REQUIRED, service_name
from ops.live import access, routes
from ops.live.reader import Answer, AwsReader, member

T = TypeVar("T")
GONE = frozenset({"deleted", "deleting"})


class Network(TypedDict):
    """The network fields of a ``Platform``."""

    vpcs: Maybe[tuple[Vpc, ...]]
    dhcp_options: Maybe[tuple[DhcpOptions, ...]]
    subnets: Maybe[tuple[Subnet, ...]]
    route_tables: Maybe[tuple[RouteTable, ...]]
    network_acls: Maybe[tuple[NetworkAcl, ...]]
    security_groups: Maybe[tuple[SecurityGroup, ...]]
    prefix_lists: Maybe[tuple[PrefixList, ...]]
    endpoints: Maybe[tuple[Endpoint, ...]]
    endpoint_services: Maybe[tuple[EndpointService, ...]]
    nat_gateways: Maybe[tuple[NatGateway, ...]]
    internet_gateways: Maybe[tuple[InternetGateway, ...]]
    interfaces: Maybe[tuple[NetworkInterface, ...]]
    flow_logs: Maybe[tuple[FlowLog, ...]]
    hosted_zones: Maybe[tuple[HostedZone, ...]]


Items = Maybe[list[Any]]
"""A list of an answer of AWS."""


def read(
    aws: AwsReader, subnet_ids: list[str], group_ids: list[str], region: str, pool: Executor
) -> Network:
    """The network fields of a Platform; where the subnets cannot be seen or do not exist yet, all
    but what the region offers is UNKNOWN. ``group_ids`` are the environment's security groups."""

    def ask(operation: str, name: str, **request: Any) -> Callable[[], Items]:
        return pool.submit(aws.each, "ec2", operation, name, **request).result

    # Only what MWAA needs: a region offers some hundreds.
    names = [service_name(suffix, region) for suffix in REQUIRED]
    offered = ask("describe_vpc_endpoint_services", "ServiceDetails", ServiceNames=names)
    mine: Items = []
    if subnet_ids:
        mine = aws.each("ec2", "describe_subnets", "Subnets", SubnetIds=subnet_ids)
    if not known(mine) or not mine:
        return _unseen(_all(offered(), _service))
    vpc = mine[0]["VpcId"]
    # That the environment's subnets are of one VPC is a rule, and no fact.
    elsewhere = [subnet for subnet in mine if subnet["VpcId"] != vpc]

    def within(
        operation: str, name: str, *, key: str = "vpc-id", word: str = "Filters"
    ) -> Callable[[], Items]:
        return ask(operation, name, **{word: [{"Name": key, "Values": [vpc]}]})

    def attribute(name: str) -> Callable[[], Maybe[Answer | None]]:
        request = {"VpcId": vpc, "Attribute": name}
        return pool.submit(aws.call, "ec2", "describe_vpc_attribute", **request).result

    support, hostnames = attribute("enableDnsSupport"), attribute("enableDnsHostnames")
    vpcs = ask("describe_vpcs", "Vpcs", VpcIds=[vpc])
    dhcp = ask("describe_dhcp_options", "DhcpOptions")
    subnets = within("describe_subnets", "Subnets")
    tables = within("describe_route_tables", "RouteTables")
    acls = within("describe_network_acls", "NetworkAcls")
    groups = within("describe_security_groups", "SecurityGroups")
    lists = ask("describe_prefix_lists", "PrefixLists")
    endpoints = within("describe_vpc_endpoints", "VpcEndpoints")
    nats = within("describe_nat_gateways", "NatGateways", word="Filter")
    gateways = within("describe_internet_gateways", "InternetGateways", key="attachment.vpc-id")
    interfaces = ask(
        "describe_network_interfaces",
        "NetworkInterfaces",
        Filters=[{"Name": "subnet-id", "Values": subnet_ids}],
    )
    flows = ask(
        "describe_flow_logs",
        "FlowLogs",
        Filter=[{"Name": "resource-id", "Values": [vpc, *subnet_ids]}],
    )
    zones = pool.submit(_hosted_zones, aws, vpc, region).result

    def one(item: Mapping[str, Any]) -> Vpc:
        return _vpc(
            item,
            _flag(support(), "EnableDnsSupport"),
            _flag(hostnames(), "EnableDnsHostnames"),
        )

    found_vpcs, found_tables = _all(vpcs(), one), _all(tables(), routes.route_table)
    found_groups = _all(access.with_groups(aws, groups(), group_ids), access.security_group)
    used_lists = access.named_lists(found_groups, found_tables, region)
    return {
        "vpcs": found_vpcs,
        "dhcp_options": _dhcp_options(dhcp(), found_vpcs),
        "subnets": _all(_and(subnets(), elsewhere), _subnet),
        "route_tables": found_tables,
        "network_acls": _all(acls(), routes.network_acl),
        "security_groups": found_groups,
        "prefix_lists": access.prefix_lists(aws, lists(), used_lists, pool),
        "endpoints": _all(_alive(endpoints()), access.endpoint),
        "endpoint_services": _all(offered(), _service),
        "nat_gateways": _all(_alive(nats()), _nat_gateway),
        "internet_gateways": _all(gateways(), _internet_gateway),
        "interfaces": _all(interfaces(), _interface),
        "flow_logs": _all(flows(), _flow_log),
        "hosted_zones": zones(),
    }


def _unseen(services: Maybe[tuple[EndpointService, ...]]) -> Network:
    return {
        "vpcs": UNKNOWN,
        "dhcp_options": UNKNOWN,
        "subnets": UNKNOWN,
        "route_tables": UNKNOWN,
        "network_acls": UNKNOWN,
        "security_groups": UNKNOWN,
        "prefix_lists": UNKNOWN,
        "endpoints": UNKNOWN,
        "endpoint_services": services,
        "nat_gateways": UNKNOWN,
        "internet_gateways": UNKNOWN,
        "interfaces": UNKNOWN,
        "flow_logs": UNKNOWN,
        "hosted_zones": UNKNOWN,
    }


def _all(items: Items, make: Callable[[Any], T]) -> Maybe[tuple[T, ...]]:
    return tuple(make(item) for item in items) if known(items) else UNKNOWN


def _and(items: Items, more: list[Any]) -> Items:
    return [*items, *more] if known(items) else items


def _alive(items: Items) -> Items:
    if not known(items):
        return UNKNOWN
    return [item for item in items if str(item.get("State", "")).lower() not in GONE]


def _flag(answer: Maybe[Answer | None], name: str) -> Maybe[bool]:
    value: Maybe[bool | None] = member(answer, name, "Value")
    return or_unknown(value)


def _vpc(item: Mapping[str, Any], support: Maybe[bool], hostnames: Maybe[bool]) -> Vpc:
    blocks = [one["CidrBlock"] for one in item.get("CidrBlockAssociationSet", [])]
    return Vpc(
        id=item["VpcId"],
        cidrs=tuple(blocks or [item["CidrBlock"]]),
        dns_support=support,
        dns_hostnames=hostnames,
        dhcp_options=item.get("DhcpOptionsId"),
        owner=item.get("OwnerId", UNKNOWN),
    )


def _dhcp_options(items: Items, vpcs: Maybe[tuple[Vpc, ...]]) -> Maybe[tuple[DhcpOptions, ...]]:
    """The option sets that the VPC uses."""
    if not known(items) or not known(vpcs):
        return UNKNOWN
    used = {vpc.dhcp_options for vpc in vpcs}
    found = tuple(_dhcp(item) for item in items if item["DhcpOptionsId"] in used)
    # A VPC with the set "default" has none of its own, and resolves through Amazon's resolver.
    amazon = DhcpOptions(id="default", name_servers=("AmazonProvidedDNS",))
    return (*found, amazon) if "default" in used else found


def _dhcp(item: Mapping[str, Any]) -> DhcpOptions:
    servers = [
        value["Value"]
        for one in item.get("DhcpConfigurations", [])
        if one["Key"] == "domain-name-servers"
        for value in one["Values"]
    ]
    return DhcpOptions(id=item["DhcpOptionsId"], name_servers=tuple(servers))


def _subnet(item: Mapping[str, Any]) -> Subnet:
    return Subnet(
        id=item["SubnetId"],
        vpc=item["VpcId"],
        zone=item["AvailabilityZone"],
        zone_id=item.get("AvailabilityZoneId", UNKNOWN),
        cidr=item.get("CidrBlock"),
        public_ip_on_launch=item.get("MapPublicIpOnLaunch", False),
        ipv6_on_launch=item.get("AssignIpv6AddressOnCreation", False),
        free_addresses=item.get("AvailableIpAddressCount", UNKNOWN),
    )


def _service(item: Mapping[str, Any]) -> EndpointService:
    zones = tuple(item.get("AvailabilityZones", ()))
    return EndpointService(service=item["ServiceName"], zones=zones or UNKNOWN)


def _nat_gateway(item: Mapping[str, Any]) -> NatGateway:
    return NatGateway(
        id=item["NatGatewayId"],
        subnet=item["SubnetId"],
        is_public=item.get("ConnectivityType", "public") == "public",
        state=item.get("State"),
    )


def _internet_gateway(item: Mapping[str, Any]) -> InternetGateway:
    attached = [one["VpcId"] for one in item.get("Attachments", [])]
    return InternetGateway(id=item["InternetGatewayId"], vpc=attached[0] if attached else None)


def _interface(item: Mapping[str, Any]) -> NetworkInterface:
    return NetworkInterface(
        id=item["NetworkInterfaceId"],
        subnet=item["SubnetId"],
        security_groups=tuple(one["GroupId"] for one in item.get("Groups", [])),
        status=item["Status"],
        address=item.get("PrivateIpAddress", ""),
        requester=item.get("RequesterId"),
    )


def _flow_log(item: Mapping[str, Any]) -> FlowLog:
    return FlowLog(
        id=item["FlowLogId"],
        target=item["ResourceId"],
        traffic=item["TrafficType"],
        destination=item.get("LogDestination") or item.get("LogGroupName"),
    )


def _hosted_zones(aws: AwsReader, vpc: str, region: str) -> Maybe[tuple[HostedZone, ...]]:
    """The private zones of the VPC; records only of those that may take an AWS name."""
    zones = aws.each(
        "route53", "list_hosted_zones_by_vpc", "HostedZoneSummaries", VPCId=vpc, VPCRegion=region
    )
    if not known(zones):
        return UNKNOWN
    found = []
    for zone in zones:
        records: Maybe[tuple[str, ...]] = ()
        if "amazonaws.com" in zone["Name"]:
            listed = aws.each(
                "route53",
                "list_resource_record_sets",
                "ResourceRecordSets",
                HostedZoneId=zone["HostedZoneId"],
            )
            records = _all(listed, _record)
        found.append(
            HostedZone(id=zone["HostedZoneId"], name=zone["Name"], vpcs=(vpc,), records=records)
        )
    return tuple(found)


def _record(item: Mapping[str, Any]) -> str:
    return str(item["Name"])
