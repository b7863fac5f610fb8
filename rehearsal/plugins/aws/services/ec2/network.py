"""EC2: VPC, subnets, internet gateway, route tables, routes."""

from __future__ import annotations

import zlib
from typing import Any

from rehearsal.plugins.aws.context import Context
from rehearsal.plugins.aws.resource import Change, Input, ResourceType, State, require
from rehearsal.plugins.aws.services.ec2.calls import client, describe, filters, retag, tagged
from rehearsal.plugins.aws.tags import tag_map


def _create_vpc(context: Context, inputs: State) -> str:
    vpc = client(context).create_vpc(
        CidrBlock=require(inputs, "cidrBlock", "aws:ec2/vpc:Vpc"),
        InstanceTenancy=inputs["instanceTenancy"],
        AmazonProvidedIpv6CidrBlock=inputs["assignGeneratedIpv6CidrBlock"],
        TagSpecifications=tagged("vpc", inputs),
    )["Vpc"]
    made = context.created(vpc["VpcId"])
    # DNS support comes first: AWS refuses host names without it.
    _set_vpc_dns(context, made, "EnableDnsSupport", inputs["enableDnsSupport"])
    if inputs.get("enableDnsHostnames") is not None:
        _set_vpc_dns(context, made, "EnableDnsHostnames", inputs["enableDnsHostnames"])
    return made


def _set_vpc_dns(context: Context, vpc: str, attribute: str, value: bool) -> None:
    client(context).modify_vpc_attribute(VpcId=vpc, **{attribute: {"Value": value}})


def _read_vpc(context: Context, vpc_id: str, _known: State) -> State:
    ec2 = client(context)
    vpc = describe(context, "Vpcs", VpcIds=[vpc_id])

    def attribute(name: str) -> bool:
        answer = ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute=name)
        return bool(answer[name[0].upper() + name[1:]]["Value"])

    is_main = {"Name": "association.main", "Values": ["true"]}
    main = describe(context, "RouteTables", Filters=[*filters(vpc_id=vpc_id), is_main])[
        "RouteTableId"
    ]
    acl = describe(context, "NetworkAcls", Filters=filters(vpc_id=vpc_id, default="true"))
    group = describe(
        context, "SecurityGroups", Filters=filters(vpc_id=vpc_id, group_name="default")
    )
    return {
        "cidrBlock": vpc["CidrBlock"],
        "instanceTenancy": vpc["InstanceTenancy"],
        "assignGeneratedIpv6CidrBlock": bool(vpc.get("Ipv6CidrBlockAssociationSet")),
        "enableDnsSupport": attribute("enableDnsSupport"),
        "enableDnsHostnames": attribute("enableDnsHostnames"),
        "arn": context.arn("ec2", f"vpc/{vpc_id}"),
        "ownerId": vpc.get("OwnerId", context.account),
        "dhcpOptionsId": vpc.get("DhcpOptionsId"),
        "mainRouteTableId": main,
        "defaultRouteTableId": main,
        "defaultNetworkAclId": acl["NetworkAclId"],
        "defaultSecurityGroupId": group["GroupId"],
        "tags": tag_map(vpc.get("Tags")),
    }


def _update_vpc(context: Context, vpc_id: str, change: Change) -> None:
    for name, attribute in (
        ("enableDnsSupport", "EnableDnsSupport"),
        ("enableDnsHostnames", "EnableDnsHostnames"),
    ):
        if change.touches(name):
            _set_vpc_dns(context, vpc_id, attribute, change.new[name])
    if change.touches("instanceTenancy"):
        client(context).modify_vpc_tenancy(VpcId=vpc_id, InstanceTenancy="default")


def _tenancy_replaces(old: Any, new: Any) -> bool:
    # AWS can only loosen the tenancy of a VPC that exists.
    return not (old == "dedicated" and new == "default")


def _create_subnet(context: Context, inputs: State) -> str:
    zone = {"AvailabilityZone": inputs["availabilityZone"]} if "availabilityZone" in inputs else {}
    subnet = client(context).create_subnet(
        VpcId=inputs["vpcId"],
        CidrBlock=require(inputs, "cidrBlock", "aws:ec2/subnet:Subnet"),
        TagSpecifications=tagged("subnet", inputs),
        **zone,
    )["Subnet"]
    made = context.created(subnet["SubnetId"])
    for name, attribute in _SUBNET_FLAGS.items():
        if inputs[name]:
            _set_subnet(context, made, attribute, True)
    return made


_SUBNET_FLAGS = {
    "mapPublicIpOnLaunch": "MapPublicIpOnLaunch",
    "assignIpv6AddressOnCreation": "AssignIpv6AddressOnCreation",
}


def _set_subnet(context: Context, subnet: str, attribute: str, value: bool) -> None:
    client(context).modify_subnet_attribute(SubnetId=subnet, **{attribute: {"Value": value}})


def _read_subnet(context: Context, subnet_id: str, _known: State) -> State:
    subnet = describe(context, "Subnets", SubnetIds=[subnet_id])
    return {
        "vpcId": subnet["VpcId"],
        "cidrBlock": subnet["CidrBlock"],
        "availabilityZone": subnet["AvailabilityZone"],
        "availabilityZoneId": subnet.get("AvailabilityZoneId"),
        "mapPublicIpOnLaunch": subnet.get("MapPublicIpOnLaunch", False),
        "assignIpv6AddressOnCreation": subnet.get("AssignIpv6AddressOnCreation", False),
        "arn": subnet.get("SubnetArn") or context.arn("ec2", f"subnet/{subnet_id}"),
        "ownerId": subnet.get("OwnerId", context.account),
        "tags": tag_map(subnet.get("Tags")),
    }


def _update_subnet(context: Context, subnet_id: str, change: Change) -> None:
    for name, attribute in _SUBNET_FLAGS.items():
        if change.touches(name):
            _set_subnet(context, subnet_id, attribute, change.new[name])


def _create_gateway(context: Context, inputs: State) -> str:
    gateway = client(context).create_internet_gateway(
        TagSpecifications=tagged("internet-gateway", inputs)
    )["InternetGateway"]
    made = context.created(gateway["InternetGatewayId"])
    if inputs.get("vpcId"):
        client(context).attach_internet_gateway(InternetGatewayId=made, VpcId=inputs["vpcId"])
    return made


def _read_gateway(context: Context, gateway_id: str, _known: State) -> State:
    gateway = describe(context, "InternetGateways", InternetGatewayIds=[gateway_id])
    attached = gateway.get("Attachments", [])
    return {
        "vpcId": attached[0]["VpcId"] if attached else None,
        "arn": context.arn("ec2", f"internet-gateway/{gateway_id}"),
        "ownerId": gateway.get("OwnerId", context.account),
        "tags": tag_map(gateway.get("Tags")),
    }


def _update_gateway(context: Context, gateway_id: str, change: Change) -> None:
    live = _read_gateway(context, gateway_id, {})["vpcId"]
    if live and live != change.new.get("vpcId"):
        client(context).detach_internet_gateway(InternetGatewayId=gateway_id, VpcId=live)
    if change.new.get("vpcId") not in (None, live):
        client(context).attach_internet_gateway(
            InternetGatewayId=gateway_id, VpcId=change.new["vpcId"]
        )


def _delete_gateway(context: Context, gateway_id: str, _state: State) -> None:
    attached = _read_gateway(context, gateway_id, {})["vpcId"]
    if attached:
        client(context).detach_internet_gateway(InternetGatewayId=gateway_id, VpcId=attached)
    client(context).delete_internet_gateway(InternetGatewayId=gateway_id)


def _create_table(context: Context, inputs: State) -> str:
    table = client(context).create_route_table(
        VpcId=inputs["vpcId"], TagSpecifications=tagged("route-table", inputs)
    )["RouteTable"]
    return str(table["RouteTableId"])


def _read_table(context: Context, table_id: str, _known: State) -> State:
    table = describe(context, "RouteTables", RouteTableIds=[table_id])
    return {
        "vpcId": table["VpcId"],
        "arn": context.arn("ec2", f"route-table/{table_id}"),
        "ownerId": table.get("OwnerId", context.account),
        "tags": tag_map(table.get("Tags")),
    }


def _create_association(context: Context, inputs: State) -> str:
    target = {key: inputs[key] for key in ("subnetId", "gatewayId") if inputs.get(key)}
    answer = client(context).associate_route_table(
        RouteTableId=inputs["routeTableId"],
        **{key[0].upper() + key[1:]: value for key, value in target.items()},
    )
    return str(answer["AssociationId"])


def _read_association(context: Context, association_id: str, _known: State) -> State | None:
    wanted = [{"Name": "association.route-table-association-id", "Values": [association_id]}]
    table = describe(context, "RouteTables", Filters=wanted)
    for found in table["Associations"]:
        if found["RouteTableAssociationId"] == association_id:
            return {
                "routeTableId": found["RouteTableId"],
                "subnetId": found.get("SubnetId"),
                "gatewayId": found.get("GatewayId"),
            }
    return None


_DESTINATIONS = {
    "destinationCidrBlock": "DestinationCidrBlock",
    "destinationIpv6CidrBlock": "DestinationIpv6CidrBlock",
    "destinationPrefixListId": "DestinationPrefixListId",
}
_TARGETS = {
    "gatewayId": "GatewayId",
    "natGatewayId": "NatGatewayId",
    "egressOnlyGatewayId": "EgressOnlyInternetGatewayId",
    "networkInterfaceId": "NetworkInterfaceId",
    "transitGatewayId": "TransitGatewayId",
    "vpcEndpointId": "VpcEndpointId",
    "vpcPeeringConnectionId": "VpcPeeringConnectionId",
}


def _destination(state: State) -> tuple[str, str]:
    for name in _DESTINATIONS:
        if state.get(name):
            return name, str(state[name])
    raise ValueError(f"aws:ec2/route:Route needs one of {', '.join(_DESTINATIONS)}.")


def _write_route(context: Context, state: State, *, replace: bool) -> str:
    name, destination = _destination(state)
    write = client(context).replace_route if replace else client(context).create_route
    targets = {api: state[key] for key, api in _TARGETS.items() if state.get(key)}
    write(RouteTableId=state["routeTableId"], **{_DESTINATIONS[name]: destination}, **targets)
    # The published provider's id: the table and a checksum of the destination.
    return f"r-{state['routeTableId']}{zlib.crc32(destination.encode())}"


def _update_route(context: Context, _id: str, change: Change) -> None:
    _write_route(context, change.new, replace=True)


def _read_route(context: Context, _id: str, known: State) -> State | None:
    name, destination = _destination(known)
    table = describe(context, "RouteTables", RouteTableIds=[known["routeTableId"]])
    for route in table["Routes"]:
        if route.get(_DESTINATIONS[name]) == destination:
            targets = {key: route.get(api) for key, api in _TARGETS.items()}
            return {
                "routeTableId": known["routeTableId"],
                name: destination,
                **{key: value for key, value in targets.items() if value},
                "state": route.get("State", "active"),
                "origin": route.get("Origin", "CreateRoute"),
            }
    return None


def _route_from_id(import_id: str) -> State:
    table, _, destination = import_id.partition("_")
    return {"routeTableId": table, "destinationCidrBlock": destination}


def _delete_route(context: Context, _id: str, state: State) -> None:
    name, destination = _destination(state)
    client(context).delete_route(
        RouteTableId=state["routeTableId"], **{_DESTINATIONS[name]: destination}
    )


def _one_destination(inputs: State) -> Any:
    if sum(1 for name in _DESTINATIONS if inputs.get(name)) != 1:
        yield "destinationCidrBlock", f"A route needs exactly one of {', '.join(_DESTINATIONS)}."
    if sum(1 for name in _TARGETS if inputs.get(name)) != 1:
        yield "gatewayId", f"A route needs exactly one target of {', '.join(_TARGETS)}."


TYPES = (
    ResourceType(
        name="aws:ec2/vpc:Vpc",
        inputs={
            "cidrBlock": Input(replace=True, computed=True),
            "instanceTenancy": Input(default="default", replace=_tenancy_replaces),
            "assignGeneratedIpv6CidrBlock": Input(default=False, replace=True),
            "enableDnsSupport": Input(default=True),
            "enableDnsHostnames": Input(computed=True),
        },
        outputs=(
            "arn",
            "ownerId",
            "dhcpOptionsId",
            "mainRouteTableId",
            "defaultRouteTableId",
            "defaultNetworkAclId",
            "defaultSecurityGroupId",
        ),
        create=_create_vpc,
        read=_read_vpc,
        update=_update_vpc,
        delete=lambda context, vpc, _: client(context).delete_vpc(VpcId=vpc),
        tagger=retag,
    ),
    ResourceType(
        name="aws:ec2/subnet:Subnet",
        inputs={
            "vpcId": Input(required=True, replace=True),
            "cidrBlock": Input(replace=True, computed=True),
            "availabilityZone": Input(replace=True, computed=True),
            "mapPublicIpOnLaunch": Input(default=False),
            "assignIpv6AddressOnCreation": Input(default=False),
        },
        outputs=("arn", "ownerId", "availabilityZoneId"),
        create=_create_subnet,
        read=_read_subnet,
        update=_update_subnet,
        delete=lambda context, subnet, _: client(context).delete_subnet(SubnetId=subnet),
        tagger=retag,
    ),
    ResourceType(
        name="aws:ec2/internetGateway:InternetGateway",
        inputs={"vpcId": Input(computed=True)},
        outputs=("arn", "ownerId"),
        create=_create_gateway,
        read=_read_gateway,
        update=_update_gateway,
        delete=_delete_gateway,
        tagger=retag,
    ),
    ResourceType(
        name="aws:ec2/routeTable:RouteTable",
        inputs={"vpcId": Input(required=True, replace=True)},
        outputs=("arn", "ownerId"),
        create=_create_table,
        read=_read_table,
        delete=lambda context, table, _: client(context).delete_route_table(RouteTableId=table),
        tagger=retag,
    ),
    ResourceType(
        name="aws:ec2/routeTableAssociation:RouteTableAssociation",
        inputs={
            "routeTableId": Input(required=True, replace=True),
            "subnetId": Input(replace=True),
            "gatewayId": Input(replace=True),
        },
        create=_create_association,
        read=_read_association,
        delete=lambda context, association, _: client(context).disassociate_route_table(
            AssociationId=association
        ),
        # A subnet has one route table at a time.
        delete_before_replace=True,
    ),
    ResourceType(
        name="aws:ec2/route:Route",
        inputs={
            "routeTableId": Input(required=True, replace=True),
            **{name: Input(replace=True) for name in _DESTINATIONS},
            **{name: Input() for name in _TARGETS},
        },
        outputs=("state", "origin"),
        create=lambda context, inputs: _write_route(context, inputs, replace=False),
        read=_read_route,
        update=_update_route,
        delete=_delete_route,
        validate=_one_destination,
        from_id=_route_from_id,
    ),
)
