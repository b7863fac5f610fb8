"""EC2: the lookups a program makes of a network that exists."""

from __future__ import annotations

from typing import Any

from rehearsal.plugins.aws.context import Context, GoneError, PluginError
from rehearsal.plugins.aws.resource import Function, State
from rehearsal.plugins.aws.services.ec2.calls import client
from rehearsal.plugins.aws.tags import tag_map


def _filters(arguments: State, **by_name: str) -> list[dict[str, Any]]:
    """AWS's filters from the data source's `filters`, `tags` and plain arguments."""
    found = [
        {"Name": item["name"], "Values": item["values"]} for item in arguments.get("filters", [])
    ]
    tags = arguments.get("tags") or {}
    found += [{"Name": f"tag:{key}", "Values": [value]} for key, value in tags.items()]
    for name, api in by_name.items():
        if arguments.get(name) is not None:
            value = arguments[name]
            text = str(value).lower() if isinstance(value, bool) else str(value)
            found.append({"Name": api, "Values": [text]})
    return found


def _only(found: list[dict[str, Any]], what: str, arguments: State) -> dict[str, Any]:
    if len(found) != 1:
        raise GoneError(
            f"Looking for one {what} with {arguments}: found {len(found)}. "
            "Allowed: exactly one. Give its id, or filters that fit only it."
        )
    return found[0]


def _subnets_found(context: Context, arguments: State) -> list[dict[str, Any]]:
    wanted = _filters(
        arguments,
        id="subnet-id",
        vpcId="vpc-id",
        cidrBlock="cidr-block",
        availabilityZone="availability-zone",
    )
    found: list[dict[str, Any]] = client(context).describe_subnets(Filters=wanted)["Subnets"]
    return found


def _subnet(context: Context, arguments: State) -> State:
    subnet = _only(_subnets_found(context, arguments), "subnet", arguments)
    return {
        "id": subnet["SubnetId"],
        "vpcId": subnet["VpcId"],
        "cidrBlock": subnet["CidrBlock"],
        "availabilityZone": subnet["AvailabilityZone"],
        "availabilityZoneId": subnet.get("AvailabilityZoneId", ""),
        "availableIpAddressCount": subnet["AvailableIpAddressCount"],
        "mapPublicIpOnLaunch": subnet.get("MapPublicIpOnLaunch", False),
        "assignIpv6AddressOnCreation": subnet.get("AssignIpv6AddressOnCreation", False),
        "arn": context.arn("ec2", f"subnet/{subnet['SubnetId']}"),
        "ownerId": subnet.get("OwnerId", context.account),
        "state": subnet["State"],
        "tags": tag_map(subnet.get("Tags")),
    }


def _subnets(context: Context, arguments: State) -> State:
    found = _subnets_found(context, arguments)
    return {"id": context.region, "ids": sorted(subnet["SubnetId"] for subnet in found)}


def _vpc(context: Context, arguments: State) -> State:
    wanted = _filters(arguments, id="vpc-id", cidrBlock="cidr-block", default="is-default")
    vpc = _only(client(context).describe_vpcs(Filters=wanted)["Vpcs"], "VPC", arguments)

    def attribute(name: str) -> bool:
        answer = client(context).describe_vpc_attribute(VpcId=vpc["VpcId"], Attribute=name)
        return bool(answer[name[0].upper() + name[1:]]["Value"])

    is_main = {"Name": "association.main", "Values": ["true"]}
    main = client(context).describe_route_tables(
        Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}, is_main]
    )["RouteTables"]
    return {
        "id": vpc["VpcId"],
        "arn": context.arn("ec2", f"vpc/{vpc['VpcId']}"),
        "dhcpOptionsId": vpc.get("DhcpOptionsId", ""),
        "mainRouteTableId": main[0]["RouteTableId"] if main else "",
        "cidrBlock": vpc["CidrBlock"],
        "cidrBlockAssociations": [
            {
                "associationId": found["AssociationId"],
                "cidrBlock": found["CidrBlock"],
                "state": found["CidrBlockState"]["State"],
            }
            for found in vpc.get("CidrBlockAssociationSet", [])
        ],
        "default": vpc["IsDefault"],
        "enableDnsSupport": attribute("enableDnsSupport"),
        "enableDnsHostnames": attribute("enableDnsHostnames"),
        "instanceTenancy": vpc["InstanceTenancy"],
        "ownerId": vpc.get("OwnerId", context.account),
        "state": vpc["State"],
        "tags": tag_map(vpc.get("Tags")),
    }


def _route_table(context: Context, arguments: State) -> State:
    wanted = _filters(
        arguments,
        routeTableId="route-table-id",
        subnetId="association.subnet-id",
        vpcId="vpc-id",
    )
    table = _only(
        client(context).describe_route_tables(Filters=wanted)["RouteTables"],
        "route table",
        arguments,
    )
    return {
        "id": table["RouteTableId"],
        "routeTableId": table["RouteTableId"],
        "vpcId": table["VpcId"],
        "arn": context.arn("ec2", f"route-table/{table['RouteTableId']}"),
        "ownerId": table.get("OwnerId", context.account),
        "subnetId": arguments.get("subnetId", ""),
        "routes": [
            {
                "cidrBlock": route.get("DestinationCidrBlock", ""),
                "destinationPrefixListId": route.get("DestinationPrefixListId", ""),
                "gatewayId": route.get("GatewayId", ""),
                "natGatewayId": route.get("NatGatewayId", ""),
            }
            for route in table["Routes"]
        ],
        "tags": tag_map(table.get("Tags")),
    }


def _managed_prefix_list(context: Context, arguments: State) -> State:
    wanted = _filters(arguments, name="prefix-list-name", id="prefix-list-id")
    found = client(context).describe_managed_prefix_lists(Filters=wanted)["PrefixLists"]
    matching = [
        item
        for item in found
        if arguments.get("name") in (None, item["PrefixListName"])
        and arguments.get("id") in (None, item["PrefixListId"])
    ]
    chosen = _only(matching, "managed prefix list", arguments)
    entries = client(context).get_managed_prefix_list_entries(PrefixListId=chosen["PrefixListId"])
    return {
        "id": chosen["PrefixListId"],
        "name": chosen["PrefixListName"],
        "arn": chosen.get("PrefixListArn", ""),
        "addressFamily": chosen.get("AddressFamily", "IPv4"),
        "maxEntries": chosen.get("MaxEntries", 0),
        "ownerId": chosen.get("OwnerId", "AWS"),
        "version": chosen.get("Version", 1),
        "entries": [
            {"cidr": entry["Cidr"], "description": entry.get("Description", "")}
            for entry in entries.get("Entries", [])
        ],
        "tags": tag_map(chosen.get("Tags")),
    }


def _prefix_list(context: Context, arguments: State) -> State:
    wanted = _filters(arguments, name="prefix-list-name", prefixListId="prefix-list-id")
    found = _only(
        client(context).describe_prefix_lists(Filters=wanted)["PrefixLists"],
        "prefix list",
        arguments,
    )
    return {
        "id": found["PrefixListId"],
        "name": found["PrefixListName"],
        "cidrBlocks": found.get("Cidrs", []),
    }


def _endpoint_service(context: Context, arguments: State) -> State:
    short = arguments.get("service")
    name = arguments.get("serviceName") or f"com.amazonaws.{context.region}.{short}"
    found = client(context).describe_vpc_endpoint_services(ServiceNames=[name])["ServiceDetails"]
    kind = arguments.get("serviceType")
    matching = [
        item for item in found if kind in (None, *(t["ServiceType"] for t in item["ServiceType"]))
    ]
    service = _only(matching, "VPC endpoint service", arguments)
    return {
        "id": service.get("ServiceId", service["ServiceName"]),
        "serviceName": service["ServiceName"],
        "serviceType": service["ServiceType"][0]["ServiceType"],
        "availabilityZones": service.get("AvailabilityZones", []),
        "baseEndpointDnsNames": service.get("BaseEndpointDnsNames", []),
        "privateDnsName": service.get("PrivateDnsName", ""),
        "acceptanceRequired": service.get("AcceptanceRequired", False),
        "vpcEndpointPolicySupported": service.get("VpcEndpointPolicySupported", False),
        "owner": service.get("Owner", "amazon"),
    }


def _zones(context: Context, arguments: State) -> State:
    wanted = _filters(arguments, state="state")
    found = client(context).describe_availability_zones(
        Filters=wanted, AllAvailabilityZones=bool(arguments.get("allAvailabilityZones", False))
    )["AvailabilityZones"]
    dropped = {*arguments.get("excludeNames", []), *arguments.get("excludeZoneIds", [])}
    kept = sorted(
        (zone["ZoneName"], zone["ZoneId"])
        for zone in found
        if zone["ZoneName"] not in dropped and zone["ZoneId"] not in dropped
    )
    if not kept:
        raise PluginError(
            f"Region {context.region} has no Availability Zone that fits {arguments}."
        )
    return {
        "id": context.region,
        "names": [name for name, _ in kept],
        "zoneIds": [zone_id for _, zone_id in kept],
        "groupNames": [context.region],
    }


FUNCTIONS = (
    Function(
        "aws:ec2/getSubnet:getSubnet",
        frozenset({"id", "vpcId", "cidrBlock", "availabilityZone", "filters", "tags"}),
        _subnet,
    ),
    Function("aws:ec2/getSubnets:getSubnets", frozenset({"filters", "tags"}), _subnets),
    Function(
        "aws:ec2/getVpc:getVpc",
        frozenset({"id", "cidrBlock", "default", "filters", "tags"}),
        _vpc,
    ),
    Function(
        "aws:ec2/getRouteTable:getRouteTable",
        frozenset({"routeTableId", "subnetId", "vpcId", "filters", "tags"}),
        _route_table,
    ),
    Function(
        "aws:ec2/getManagedPrefixList:getManagedPrefixList",
        frozenset({"id", "name", "filters", "tags"}),
        _managed_prefix_list,
    ),
    Function(
        "aws:ec2/getPrefixList:getPrefixList",
        frozenset({"name", "prefixListId", "filters"}),
        _prefix_list,
    ),
    Function(
        "aws:ec2/getVpcEndpointService:getVpcEndpointService",
        frozenset({"service", "serviceName", "serviceType", "filters"}),
        _endpoint_service,
    ),
    Function(
        "aws:index/getAvailabilityZones:getAvailabilityZones",
        frozenset({"state", "filters", "allAvailabilityZones", "excludeNames", "excludeZoneIds"}),
        _zones,
    ),
)
