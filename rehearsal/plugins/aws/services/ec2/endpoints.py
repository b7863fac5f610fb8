"""EC2: VPC endpoints and flow logs."""

from __future__ import annotations

from typing import Any

from rehearsal.plugins.aws.context import Context, PluginError
from rehearsal.plugins.aws.resource import Change, Input, ResourceType, State
from rehearsal.plugins.aws.services.ec2.calls import client, describe, retag, tagged
from rehearsal.plugins.aws.tags import tag_map

_ENDPOINT_SECONDS = 600.0
_GROUPS = {
    "routeTableIds": "RouteTableIds",
    "subnetIds": "SubnetIds",
    "securityGroupIds": "SecurityGroupIds",
}


def _create_endpoint(context: Context, inputs: State) -> str:
    given: dict[str, Any] = {api: inputs[name] for name, api in _GROUPS.items() if inputs.get(name)}
    if inputs.get("policy"):
        given["PolicyDocument"] = inputs["policy"]
    if inputs.get("privateDnsEnabled") is not None:
        given["PrivateDnsEnabled"] = inputs["privateDnsEnabled"]
    if inputs.get("ipAddressType"):
        given["IpAddressType"] = inputs["ipAddressType"]
    endpoint = client(context).create_vpc_endpoint(
        VpcId=inputs["vpcId"],
        ServiceName=inputs["serviceName"],
        VpcEndpointType=inputs["vpcEndpointType"],
        TagSpecifications=tagged("vpc-endpoint", inputs),
        **given,
    )["VpcEndpoint"]
    made = context.created(endpoint["VpcEndpointId"])
    context.wait(
        lambda: _endpoint_state(context, made) in ("available", "pendingacceptance"),
        f"VPC endpoint {made} ({inputs['serviceName']}) to become available",
        default_seconds=_ENDPOINT_SECONDS,
    )
    return made


def _endpoint_state(context: Context, endpoint_id: str) -> str:
    endpoint = describe(context, "VpcEndpoints", VpcEndpointIds=[endpoint_id])
    state = str(endpoint["State"]).lower()
    if state in ("failed", "rejected", "expired"):
        raise PluginError(f"VPC endpoint {endpoint_id} is {state}: {endpoint.get('LastError')}")
    return state


def _read_endpoint(context: Context, endpoint_id: str, known: State) -> State | None:
    endpoint = describe(context, "VpcEndpoints", VpcEndpointIds=[endpoint_id])
    if str(endpoint["State"]).lower() in ("deleted", "deleting"):
        return None
    prefix_list = None
    if endpoint["VpcEndpointType"] == "Gateway":
        named = [{"Name": "prefix-list-name", "Values": [endpoint["ServiceName"]]}]
        found = client(context).describe_prefix_lists(Filters=named)["PrefixLists"]
        prefix_list = found[0]["PrefixListId"] if found else None
    return {
        "vpcId": endpoint["VpcId"],
        "serviceName": endpoint["ServiceName"],
        "vpcEndpointType": endpoint["VpcEndpointType"],
        "policy": endpoint.get("PolicyDocument") or None,
        "privateDnsEnabled": endpoint.get("PrivateDnsEnabled", False),
        "ipAddressType": endpoint.get("IpAddressType") or known.get("ipAddressType"),
        "routeTableIds": endpoint.get("RouteTableIds", []),
        "subnetIds": endpoint.get("SubnetIds", []),
        "securityGroupIds": [group["GroupId"] for group in endpoint.get("Groups", [])],
        "networkInterfaceIds": endpoint.get("NetworkInterfaceIds", []),
        "dnsEntries": [
            {"dnsName": entry.get("DnsName"), "hostedZoneId": entry.get("HostedZoneId")}
            for entry in endpoint.get("DnsEntries", [])
        ],
        "prefixListId": prefix_list,
        "requesterManaged": endpoint.get("RequesterManaged", False),
        "state": endpoint["State"],
        "ownerId": endpoint.get("OwnerId", context.account),
        "arn": context.arn("ec2", f"vpc-endpoint/{endpoint_id}"),
        "tags": tag_map(endpoint.get("Tags")),
    }


def _update_endpoint(context: Context, endpoint_id: str, change: Change) -> None:
    request: dict[str, Any] = {}
    live = _read_endpoint(context, endpoint_id, change.old) or {}
    for name, api in _GROUPS.items():
        if change.touches(name):
            has, wants = set(live.get(name, [])), set(change.new.get(name, []))
            request[f"Add{api}"] = sorted(wants - has)
            request[f"Remove{api}"] = sorted(has - wants)
    if change.touches("policy"):
        request["PolicyDocument"] = change.new.get("policy", "")
    if change.touches("privateDnsEnabled"):
        request["PrivateDnsEnabled"] = change.new["privateDnsEnabled"]
    client(context).modify_vpc_endpoint(
        VpcEndpointId=endpoint_id,
        **{key: value for key, value in request.items() if value not in ([], "")},
    )


def _delete_endpoint(context: Context, endpoint_id: str, _state: State) -> None:
    answer = client(context).delete_vpc_endpoints(VpcEndpointIds=[endpoint_id])
    for failed in answer.get("Unsuccessful", []):
        raise PluginError(f"VPC endpoint {endpoint_id}: {failed['Error'].get('Message')}")
    # Its interfaces hold subnets and groups as long as it exists.
    context.wait_deleted(
        lambda: _endpoint_state(context, endpoint_id),
        f"VPC endpoint {endpoint_id}",
        default_seconds=_ENDPOINT_SECONDS,
    )


_WATCHED = {"vpcId": "VPC", "subnetId": "Subnet", "eniId": "NetworkInterface"}


def _create_flow_log(context: Context, inputs: State) -> str:
    watched = next(name for name in _WATCHED if inputs.get(name))
    optional = {
        "DeliverLogsPermissionArn": inputs.get("iamRoleArn"),
        "LogDestination": inputs.get("logDestination"),
        "LogFormat": inputs.get("logFormat"),
        "TrafficType": inputs.get("trafficType"),
    }
    answer = client(context).create_flow_logs(
        ResourceIds=[inputs[watched]],
        ResourceType=_WATCHED[watched],
        LogDestinationType=inputs["logDestinationType"],
        MaxAggregationInterval=inputs["maxAggregationInterval"],
        TagSpecifications=tagged("vpc-flow-log", inputs),
        **{api: value for api, value in optional.items() if value},
    )
    for failed in answer.get("Unsuccessful", []):
        raise PluginError(f"Flow log of {inputs[watched]}: {failed['Error'].get('Message')}")
    return str(answer["FlowLogIds"][0])


def _read_flow_log(context: Context, flow_log_id: str, known: State) -> State:
    log = describe(context, "FlowLogs", FlowLogIds=[flow_log_id])
    prefix = {"vpc-": "vpcId", "subnet-": "subnetId", "eni-": "eniId"}
    watched = next(name for start, name in prefix.items() if log["ResourceId"].startswith(start))
    return {
        watched: log["ResourceId"],
        "iamRoleArn": log.get("DeliverLogsPermissionArn"),
        # For CloudWatch Logs AWS returns the group's name, not its ARN.
        "logDestination": log.get("LogDestination") or known.get("logDestination"),
        "logDestinationType": log.get("LogDestinationType"),
        "logFormat": log.get("LogFormat"),
        "maxAggregationInterval": int(log.get("MaxAggregationInterval", 600)),
        "trafficType": log.get("TrafficType"),
        "arn": context.arn("ec2", f"vpc-flow-log/{flow_log_id}"),
        "tags": tag_map(log.get("Tags")),
    }


def _one_watched(inputs: State) -> Any:
    if sum(1 for name in _WATCHED if inputs.get(name)) != 1:
        yield "vpcId", f"A flow log needs exactly one of {', '.join(_WATCHED)}."


TYPES = (
    ResourceType(
        name="aws:ec2/vpcEndpoint:VpcEndpoint",
        inputs={
            "vpcId": Input(required=True, replace=True),
            "serviceName": Input(required=True, replace=True),
            "vpcEndpointType": Input(default="Gateway", replace=True),
            "policy": Input(computed=True, document=True),
            "privateDnsEnabled": Input(computed=True),
            "ipAddressType": Input(computed=True, replace=True),
            **{name: Input(computed=True, unordered=True) for name in _GROUPS},
        },
        outputs=(
            "arn",
            "dnsEntries",
            "networkInterfaceIds",
            "ownerId",
            "prefixListId",
            "requesterManaged",
            "state",
        ),
        create=_create_endpoint,
        read=_read_endpoint,
        update=_update_endpoint,
        delete=_delete_endpoint,
        tagger=retag,
    ),
    ResourceType(
        name="aws:ec2/flowLog:FlowLog",
        inputs={
            **{name: Input(replace=True) for name in _WATCHED},
            "iamRoleArn": Input(replace=True),
            "logDestination": Input(replace=True, computed=True),
            "logDestinationType": Input(default="cloud-watch-logs", replace=True),
            "logFormat": Input(replace=True, computed=True),
            "maxAggregationInterval": Input(default=600, replace=True),
            "trafficType": Input(replace=True),
        },
        outputs=("arn",),
        create=_create_flow_log,
        read=_read_flow_log,
        delete=lambda context, log, _: client(context).delete_flow_logs(FlowLogIds=[log]),
        tagger=retag,
        validate=_one_watched,
    ),
)
