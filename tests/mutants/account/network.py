"""Emulated networks with one thing broken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rehearsal.emulator.mwaa import models
from tests.mutants.account.emulated import ACCOUNT, OTHER, REGION, LiveAccount, LiveMutant, acted
from tests.mutants.policies import OPEN, document

N = "mwaa-network-"


def ec2(rule: str, operation: str, make: Callable[[LiveAccount], dict[str, Any]]) -> LiveMutant:
    return acted(
        f"{N}{rule}", lambda target: getattr(target.client("ec2"), operation)(**make(target))
    )


def subnet(target: LiveAccount, number: str = "1") -> str:
    return target.ids[f"Subnet mwaa-network-vpc-private-{number}"]


def table(target: LiveAccount, number: str = "1") -> str:
    return target.ids[f"RouteTable mwaa-network-vpc-private-{number}"]


def vpc(target: LiveAccount) -> str:
    return target.ids["Vpc mwaa-network-vpc"]


def group(target: LiveAccount) -> str:
    return target.ids["SecurityGroup mwaa-network-environment"]


def endpoint(target: LiveAccount, service: str = "sqs") -> str:
    return target.ids[f"VpcEndpoint mwaa-endpoints-{service}"]


def rule_of(port: int, **peer: Any) -> list[dict[str, Any]]:
    return [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **peer}]


def _nat(*tables: str) -> Callable[[LiveAccount], None]:
    def act(target: LiveAccount) -> None:
        client = target.client("ec2")
        made = client.create_nat_gateway(SubnetId=subnet(target), ConnectivityType="private")
        gateway = made["NatGateway"]["NatGatewayId"]
        for number in tables:
            client.create_route(
                RouteTableId=table(target, number),
                DestinationCidrBlock="0.0.0.0/0",
                NatGatewayId=gateway,
            )

    return act


def _closed(target: LiveAccount) -> None:
    client = target.client("ec2")
    (acl,) = client.describe_network_acls(
        Filters=[
            {"Name": "vpc-id", "Values": [vpc(target)]},
            {"Name": "default", "Values": ["true"]},
        ]
    )["NetworkAcls"]
    client.create_network_acl_entry(
        NetworkAclId=acl["NetworkAclId"],
        RuleNumber=1,
        Protocol="6",
        RuleAction="deny",
        Egress=False,
        CidrBlock="0.0.0.0/0",
        PortRange={"From": 5432, "To": 5432},
    )


def _resolver(target: LiveAccount) -> None:
    client = target.client("ec2")
    servers = [{"Key": "domain-name-servers", "Values": ["10.9.9.9"]}]
    made = client.create_dhcp_options(DhcpConfigurations=servers)["DhcpOptions"]
    client.associate_dhcp_options(DhcpOptionsId=made["DhcpOptionsId"], VpcId=vpc(target))


def _no_egress(target: LiveAccount) -> None:
    client = target.client("ec2")
    lists = client.describe_prefix_lists()["PrefixLists"]
    stores = [one["PrefixListId"] for one in lists if one["PrefixListName"].endswith(".s3")]
    for peer in (
        {"IpRanges": [{"CidrIp": "10.192.0.0/16"}]},
        {"PrefixListIds": [{"PrefixListId": stores[0]}]},
    ):
        client.revoke_security_group_egress(
            GroupId=group(target), IpPermissions=rule_of(443, **peer)
        )


def _s3_interface(target: LiveAccount) -> None:
    """S3 by an interface endpoint whose name nobody resolves, instead of by the gateway."""
    client, gateway = target.client("ec2"), endpoint(target, "s3")
    (there,) = client.describe_vpc_endpoints(VpcEndpointIds=[gateway])["VpcEndpoints"]
    client.delete_vpc_endpoints(VpcEndpointIds=[gateway])
    client.create_vpc_endpoint(
        VpcId=vpc(target),
        ServiceName=f"com.amazonaws.{REGION}.s3",
        VpcEndpointType="Interface",
        SubnetIds=[subnet(target, "1"), subnet(target, "2")],
        SecurityGroupIds=[target.ids["SecurityGroup mwaa-endpoints-endpoints"]],
        PrivateDnsEnabled=False,
        PolicyDocument=there["PolicyDocument"],
    )


def _blackhole(target: LiveAccount) -> None:
    """Routes to a peering connection that its owner then deletes."""
    client = target.client("ec2")
    peer = client.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    made = client.create_vpc_peering_connection(VpcId=vpc(target), PeerVpcId=peer)
    link = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    client.accept_vpc_peering_connection(VpcPeeringConnectionId=link)
    for number in ("1", "2"):
        client.create_route(
            RouteTableId=table(target, number),
            DestinationCidrBlock="10.99.0.0/16",
            VpcPeeringConnectionId=link,
        )
    client.delete_vpc_peering_connection(VpcPeeringConnectionId=link)


def _pending_endpoint(target: LiveAccount) -> None:
    """The database's endpoint is made again, and this time MWAA's side has not accepted it."""
    (environment,) = models.environments()
    side = environment.service
    assert side
    target.client("ec2", account=side.account).modify_vpc_endpoint_service_configuration(
        ServiceId=side.service_ids[0], AcceptanceRequired=True
    )
    client = target.client("ec2")
    client.delete_vpc_endpoints(VpcEndpointIds=side.endpoints[:1])
    client.create_vpc_endpoint(
        VpcId=vpc(target),
        ServiceName=side.database_service,
        VpcEndpointType="Interface",
        SubnetIds=[subnet(target, "1"), subnet(target, "2")],
        SecurityGroupIds=[group(target)],
    )


def _transit(target: LiveAccount) -> None:
    """Both subnets send half of the internet to a transit gateway."""
    client = target.client("ec2")
    gateway = client.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    for number in ("1", "2"):
        client.create_route(
            RouteTableId=table(target, number),
            DestinationCidrBlock="0.0.0.0/1",
            TransitGatewayId=gateway,
        )


def _private_gateway(target: LiveAccount) -> None:
    client = target.client("ec2")
    gateway = client.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    client.attach_vpn_gateway(VpnGatewayId=gateway, VpcId=vpc(target))
    client.create_route(
        RouteTableId=table(target), DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway
    )


def _shared(target: LiveAccount) -> None:
    """The VPC is another account's, in which the service could not have made its endpoints."""
    from moto.ec2.models import ec2_backends

    there = ec2_backends[ACCOUNT][REGION].vpcs[vpc(target)]
    there.__class__ = type("SharedVpc", (type(there),), {"owner_id": OTHER})


def _listed_clients(target: LiveAccount) -> None:
    """Clients named by a prefix list that holds half of the internet."""
    client = target.client("ec2")
    made = client.create_managed_prefix_list(
        PrefixListName="clients",
        MaxEntries=1,
        AddressFamily="IPv4",
        Entries=[{"Cidr": "0.0.0.0/1"}],
    )["PrefixList"]["PrefixListId"]
    client.authorize_security_group_ingress(
        GroupId=group(target),
        IpPermissions=rule_of(443, PrefixListIds=[{"PrefixListId": made}]),
    )


def _no_database(target: LiveAccount) -> None:
    client = target.client("ec2")
    found = client.describe_vpc_endpoints()["VpcEndpoints"]
    own = [e["VpcEndpointId"] for e in found if "vpce-svc" in e["ServiceName"]]
    client.delete_vpc_endpoints(VpcEndpointIds=own[:1])


MUTANTS = [
    acted(f"{N}acls-pass", _closed),
    acted(f"{N}dhcp-resolver", _resolver),
    acted(f"{N}nat-per-zone", _nat("1", "2")),
    acted(f"{N}no-way-out", _nat("1", "2")),
    acted(f"{N}no-way-out", _transit),
    acted(f"{N}no-way-out", _private_gateway),
    acted(f"{N}subnets-route-alike", _nat("1")),
    ec2("endpoint-private-dns", "modify_vpc_endpoint", lambda c: {
        "VpcEndpointId": endpoint(c), "PrivateDnsEnabled": False}),
    ec2("endpoints-in-both-subnets", "modify_vpc_endpoint", lambda c: {
        "VpcEndpointId": endpoint(c), "RemoveSubnetIds": [subnet(c)]}),
    ec2("endpoint-policies-narrow", "modify_vpc_endpoint", lambda c: {
        "VpcEndpointId": endpoint(c), "PolicyDocument": document(OPEN)}),
    ec2("endpoint-policies-allow", "modify_vpc_endpoint", lambda c: {
        "VpcEndpointId": endpoint(c),
        "PolicyDocument": document({**OPEN, "Action": "sqs:Nothing"})}),
    ec2("s3-gateway-serves-subnets", "modify_vpc_endpoint", lambda c: {
        "VpcEndpointId": endpoint(c, "s3"), "RemoveRouteTableIds": [table(c)]}),
    ec2("required-endpoints", "delete_vpc_endpoints", lambda c: {
        "VpcEndpointIds": [endpoint(c)]}),
    ec2("secrets-reachable", "delete_vpc_endpoints", lambda c: {
        "VpcEndpointIds": [endpoint(c, "secretsmanager")]}),
    ec2("older-list-of-endpoints", "delete_vpc_endpoints", lambda c: {
        "VpcEndpointIds": [endpoint(c, "ecr.api")]}),
    ec2("flow-logs-on", "delete_flow_logs", lambda c: {
        "FlowLogIds": [c.ids["FlowLog mwaa-network-flow-logs"]]}),
    ec2("endpoint-groups-admit-https", "revoke_security_group_ingress", lambda c: {
        "GroupId": c.ids["SecurityGroup mwaa-endpoints-endpoints"],
        "IpPermissions": rule_of(443, UserIdGroupPairs=[{"GroupId": group(c)}])}),
    acted(f"{N}everything-reachable", _no_egress),
    ec2("reaches-itself", "revoke_security_group_ingress", lambda c: {
        "GroupId": group(c),
        "IpPermissions": rule_of(5432, UserIdGroupPairs=[{"GroupId": group(c)}])}),
    ec2("webserver-clients", "revoke_security_group_ingress", lambda c: {
        "GroupId": group(c),
        "IpPermissions": rule_of(443, IpRanges=[{"CidrIp": "10.64.0.0/16"}])}),
    ec2("no-world-ingress", "authorize_security_group_ingress", lambda c: {
        "GroupId": group(c), "IpPermissions": rule_of(22, IpRanges=[{"CidrIp": "0.0.0.0/0"}])}),
    acted(f"{N}no-world-ingress", _listed_clients),
    ec2("no-internet-gateway-route", "create_route", lambda c: {
        "RouteTableId": table(c),
        "DestinationCidrBlock": "0.0.0.0/0",
        "GatewayId": c.ids["InternetGateway mwaa-network-vpc"]}),
    ec2("subnet-no-public-ip", "modify_subnet_attribute", lambda c: {
        "SubnetId": subnet(c), "MapPublicIpOnLaunch": {"Value": True}}),
    ec2("vpc-dns-enabled", "modify_vpc_attribute", lambda c: {
        "VpcId": vpc(c), "EnableDnsHostnames": {"Value": False}}),
    acted(f"{N}s3-interface-dns", _s3_interface),
    acted(f"{N}shared-vpc-customer-endpoints", _shared),
    acted(f"{N}no-blackhole-route", _blackhole),
    acted(f"{N}endpoints-available", _pending_endpoint),
    acted(f"{N}mwaa-endpoints-present", _no_database),
]  # fmt: skip
