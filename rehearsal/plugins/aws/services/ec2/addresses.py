"""EC2: elastic addresses and NAT gateways."""

from __future__ import annotations

from rehearsal.plugins.aws.context import Context, PluginError
from rehearsal.plugins.aws.resource import Input, ResourceType, State
from rehearsal.plugins.aws.services.ec2.calls import client, describe, retag, tagged
from rehearsal.plugins.aws.tags import tag_map

_NAT_SECONDS = 600.0


def _create_address(context: Context, inputs: State) -> str:
    # An address outside a VPC is a thing of EC2-Classic.
    answer = client(context).allocate_address(
        Domain=inputs.get("domain", "vpc"), TagSpecifications=tagged("elastic-ip", inputs)
    )
    return str(answer["AllocationId"])


def _read_address(context: Context, allocation: str, _known: State) -> State:
    address = describe(context, "Addresses", AllocationIds=[allocation])
    return {
        "domain": address.get("Domain"),
        "allocationId": allocation,
        "arn": context.arn("ec2", f"elastic-ip/{allocation}"),
        "associationId": address.get("AssociationId"),
        "networkBorderGroup": address.get("NetworkBorderGroup"),
        "privateIp": address.get("PrivateIpAddress"),
        "publicIp": address.get("PublicIp"),
        "tags": tag_map(address.get("Tags")),
    }


def _create_nat(context: Context, inputs: State) -> str:
    optional = {"AllocationId": "allocationId", "PrivateIpAddress": "privateIp"}
    gateway = client(context).create_nat_gateway(
        SubnetId=inputs["subnetId"],
        ConnectivityType=inputs["connectivityType"],
        TagSpecifications=tagged("natgateway", inputs),
        **{api: inputs[name] for api, name in optional.items() if inputs.get(name)},
    )["NatGateway"]
    made = context.created(gateway["NatGatewayId"])
    context.wait(
        lambda: _nat_state(context, made) == "available",
        f"NAT gateway {made} to become available",
        default_seconds=_NAT_SECONDS,
    )
    return made


def _nat_state(context: Context, gateway_id: str) -> str:
    gateway = describe(context, "NatGateways", NatGatewayIds=[gateway_id])
    if gateway["State"] == "failed":
        raise PluginError(f"NAT gateway {gateway_id} failed: {gateway.get('FailureMessage')}")
    return str(gateway["State"])


def _read_nat(context: Context, gateway_id: str, _known: State) -> State | None:
    gateway = describe(context, "NatGateways", NatGatewayIds=[gateway_id])
    if gateway["State"] in ("deleted", "deleting"):
        return None
    address = (gateway.get("NatGatewayAddresses") or [{}])[0]
    return {
        "subnetId": gateway.get("SubnetId"),
        "allocationId": address.get("AllocationId"),
        "connectivityType": gateway.get("ConnectivityType", "public"),
        "privateIp": address.get("PrivateIp"),
        "publicIp": address.get("PublicIp"),
        "networkInterfaceId": address.get("NetworkInterfaceId"),
        "associationId": address.get("AssociationId"),
        "tags": tag_map(gateway.get("Tags")),
    }


def _delete_nat(context: Context, gateway_id: str, _state: State) -> None:
    client(context).delete_nat_gateway(NatGatewayId=gateway_id)
    # Its address can be released, and its subnet deleted, only when it is really gone.
    context.wait_deleted(
        lambda: _nat_state(context, gateway_id),
        f"NAT gateway {gateway_id}",
        default_seconds=_NAT_SECONDS,
    )


TYPES = (
    ResourceType(
        name="aws:ec2/eip:Eip",
        inputs={"domain": Input(replace=True, computed=True)},
        outputs=(
            "allocationId",
            "arn",
            "associationId",
            "networkBorderGroup",
            "privateIp",
            "publicIp",
        ),
        create=_create_address,
        read=_read_address,
        delete=lambda context, made, _: client(context).release_address(AllocationId=made),
        tagger=retag,
    ),
    ResourceType(
        name="aws:ec2/natGateway:NatGateway",
        inputs={
            "subnetId": Input(replace=True),
            "allocationId": Input(replace=True),
            "connectivityType": Input(default="public", replace=True),
            "privateIp": Input(replace=True, computed=True),
        },
        outputs=("publicIp", "networkInterfaceId", "associationId"),
        create=_create_nat,
        read=_read_nat,
        delete=_delete_nat,
        tagger=retag,
    ),
)
