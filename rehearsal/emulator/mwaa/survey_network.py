"""Reads a VPC and all that stands in it, as the records of ``mwaa.model.platform``."""

import json
from typing import Any

from mwaa.model import platform as facts

_KINDS = (
    ("NatGatewayId", "nat"),
    ("TransitGatewayId", "transit"),
    ("VpcPeeringConnectionId", "peering"),
    ("EgressOnlyInternetGatewayId", "egress-only-internet"),
    ("NetworkInterfaceId", "interface"),
    ("CarrierGatewayId", "carrier"),
)
_GATEWAYS = {"igw-": "internet", "vpce-": "endpoint", "vgw-": "virtual-private"}
_PROTOCOLS = {"6": "tcp", "17": "udp", "1": "icmp"}


def read(ec2: Any, vpc: str) -> dict[str, Any]:
    """The network members of a platform; empty ones for a VPC that does not exist."""
    here = [{"Name": "vpc-id", "Values": [vpc]}]
    return {
        "vpcs": tuple(_vpc(ec2, item) for item in ec2.describe_vpcs(Filters=here)["Vpcs"]),
        "dhcp_options": tuple(map(_dhcp, ec2.describe_dhcp_options()["DhcpOptions"])),
        "subnets": tuple(map(_subnet, ec2.describe_subnets(Filters=here)["Subnets"])),
        "route_tables": tuple(map(_table, ec2.describe_route_tables(Filters=here)["RouteTables"])),
        "network_acls": tuple(map(_acl, ec2.describe_network_acls(Filters=here)["NetworkAcls"])),
        "security_groups": tuple(
            map(_group, ec2.describe_security_groups(Filters=here)["SecurityGroups"])
        ),
        "prefix_lists": tuple(_prefix_lists(ec2)),
        "endpoints": tuple(
            _endpoint(item)
            for item in ec2.describe_vpc_endpoints()["VpcEndpoints"]
            if item["VpcId"] == vpc and item["State"] != "deleted"
        ),
        "nat_gateways": tuple(
            facts.NatGateway(
                id=item["NatGatewayId"],
                subnet=item["SubnetId"],
                is_public=item.get("ConnectivityType", "public") == "public",
                state=item["State"],
            )
            for item in ec2.describe_nat_gateways(Filters=here)["NatGateways"]
        ),
        "internet_gateways": tuple(
            facts.InternetGateway(
                id=item["InternetGatewayId"],
                vpc=next((link["VpcId"] for link in item["Attachments"]), None),
            )
            for item in ec2.describe_internet_gateways()["InternetGateways"]
        ),
    }


def _vpc(ec2: Any, item: dict[str, Any]) -> facts.Vpc:
    def attribute(name: str) -> bool:
        answer = ec2.describe_vpc_attribute(VpcId=item["VpcId"], Attribute=name)
        return bool(answer[name[0].upper() + name[1:]]["Value"])

    blocks = item.get("CidrBlockAssociationSet") or [{"CidrBlock": item["CidrBlock"]}]
    return facts.Vpc(
        id=item["VpcId"],
        cidrs=tuple(block["CidrBlock"] for block in blocks),
        dns_support=attribute("enableDnsSupport"),
        dns_hostnames=attribute("enableDnsHostnames"),
        dhcp_options=item.get("DhcpOptionsId") if item.get("DhcpOptionsId") != "default" else None,
        owner=item.get("OwnerId", ""),
    )


def _dhcp(item: dict[str, Any]) -> facts.DhcpOptions:
    servers = [
        value["Value"]
        for option in item.get("DhcpConfigurations", [])
        if option["Key"] == "domain-name-servers"
        for value in option["Values"]
    ]
    return facts.DhcpOptions(id=item["DhcpOptionsId"], name_servers=tuple(servers))


def _subnet(item: dict[str, Any]) -> facts.Subnet:
    return facts.Subnet(
        id=item["SubnetId"],
        vpc=item["VpcId"],
        zone=item["AvailabilityZone"],
        zone_id=item["AvailabilityZoneId"],
        cidr=item["CidrBlock"],
        public_ip_on_launch=bool(item.get("MapPublicIpOnLaunch")),
        free_addresses=item.get("AvailableIpAddressCount", 0),
    )


def _route(item: dict[str, Any]) -> facts.Route:
    destination = (
        item.get("DestinationPrefixListId")
        or item.get("DestinationCidrBlock")
        or item.get("DestinationIpv6CidrBlock", "")
    )
    gateway = item.get("GatewayId", "")
    kind, target = "other", gateway or None
    if gateway == "local":
        kind = "local"
    for prefix, name in _GATEWAYS.items():
        if gateway.startswith(prefix):
            kind = name
    for member, name in _KINDS:
        if item.get(member):
            kind, target = name, item[member]
    return facts.Route(
        destination=destination, kind=kind, target=target, blackhole=item["State"] == "blackhole"
    )


def _table(item: dict[str, Any]) -> facts.RouteTable:
    links = item.get("Associations", [])
    return facts.RouteTable(
        id=item["RouteTableId"],
        vpc=item["VpcId"],
        is_main=any(link.get("Main") for link in links),
        subnets=tuple(link["SubnetId"] for link in links if link.get("SubnetId")),
        routes=tuple(map(_route, item["Routes"])),
    )


def _acl(item: dict[str, Any]) -> facts.NetworkAcl:
    return facts.NetworkAcl(
        id=item["NetworkAclId"],
        vpc=item["VpcId"],
        is_default=item["IsDefault"],
        subnets=tuple(link["SubnetId"] for link in item.get("Associations", [])),
        entries=tuple(
            facts.AclEntry(
                number=entry["RuleNumber"],
                egress=entry["Egress"],
                protocol=str(entry["Protocol"]),
                allow=entry["RuleAction"] == "allow",
                cidr=entry.get("CidrBlock") or entry.get("Ipv6CidrBlock", ""),
                from_port=entry.get("PortRange", {}).get("From"),
                to_port=entry.get("PortRange", {}).get("To"),
            )
            for entry in item["Entries"]
        ),
    )


def _rules(permissions: list[dict[str, Any]]) -> tuple[facts.GroupRule, ...]:
    found = []
    for item in permissions:
        peers = (
            [{"cidr": peer["CidrIp"]} for peer in item.get("IpRanges", [])]
            + [{"cidr": peer["CidrIpv6"]} for peer in item.get("Ipv6Ranges", [])]
            + [{"group": peer["GroupId"]} for peer in item.get("UserIdGroupPairs", [])]
            + [{"prefix_list": peer["PrefixListId"]} for peer in item.get("PrefixListIds", [])]
        )
        protocol = str(item["IpProtocol"])
        ports = (item.get("FromPort"), item.get("ToPort"))
        low, high = (None, None) if protocol == "-1" or -1 in ports else ports
        found += [
            facts.GroupRule(
                protocol=_PROTOCOLS.get(protocol, protocol), from_port=low, to_port=high, **peer
            )
            for peer in peers
        ]
    return tuple(found)


def _group(item: dict[str, Any]) -> facts.SecurityGroup:
    return facts.SecurityGroup(
        id=item["GroupId"],
        name=item["GroupName"],
        vpc=item["VpcId"],
        ingress=_rules(item["IpPermissions"]),
        egress=_rules(item["IpPermissionsEgress"]),
    )


def _prefix_lists(ec2: Any) -> list[facts.PrefixList]:
    found = []
    for item in ec2.describe_managed_prefix_lists()["PrefixLists"]:
        entries = ec2.get_managed_prefix_list_entries(PrefixListId=item["PrefixListId"])["Entries"]
        found.append(
            facts.PrefixList(
                id=item["PrefixListId"],
                name=item["PrefixListName"],
                cidrs=tuple(entry["Cidr"] for entry in entries),
            )
        )
    return found


def _endpoint(item: dict[str, Any]) -> facts.Endpoint:
    policy = json.loads(item["PolicyDocument"]) if item.get("PolicyDocument") else None
    return facts.Endpoint(
        id=item["VpcEndpointId"],
        service=item["ServiceName"],
        type=item.get("VpcEndpointType") or "Gateway",
        vpc=item["VpcId"],
        subnets=tuple(item.get("SubnetIds", [])),
        security_groups=tuple(group["GroupId"] for group in item.get("Groups", [])),
        route_tables=tuple(item.get("RouteTableIds", [])),
        private_dns=bool(item.get("PrivateDnsEnabled")),
        policy=policy,
        state=item["State"].lower(),
        tags={tag["Key"]: tag["Value"] for tag in item.get("Tags", [])},
    )
