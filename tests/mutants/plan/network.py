"""Planned networks with one thing broken."""

from __future__ import annotations

from typing import Any

from tests.mutants.plan.edits import (
    SECRETS,
    Plan,
    add,
    drop,
    edit,
    environment,
    identity,
    mutant,
    nat,
    network,
    route,
    together,
)
from tests.mutants.policies import OPEN, document

SUBNET = "mwaa-network-vpc-private-1"
INGRESS, EGRESS = "SecurityGroupIngressRule", "SecurityGroupEgressRule"


def _only_https(plan: Plan) -> dict[str, Any]:
    row = {"ruleNo": 1, "action": "allow", "protocol": "tcp", "cidrBlock": "0.0.0.0/0"}
    ports = {"fromPort": 443, "toPort": 443}
    subnets = [identity(plan, "Subnet", f"mwaa-network-vpc-private-{n}") for n in "12"]
    vpc = identity(plan, "Vpc", "mwaa-network-vpc")
    return {
        "vpcId": vpc,
        "subnetIds": subnets,
        "ingress": [{**row, **ports}],
        "egress": [{**row, **ports}],
    }


def _vpc(plan: Plan) -> str:
    return identity(plan, "Vpc", "mwaa-network-vpc")


def _second_sqs(plan: Plan) -> dict[str, Any]:
    (one,) = [r for r in plan if r.name == "mwaa-endpoints-sqs"]
    return {**one.props, "id": "vpce-second", "arn": None}


def _gateway(plan: Plan) -> str:
    return identity(plan, "InternetGateway", "mwaa-network-vpc")


N = "mwaa-network-"
REACH = f"{N}everything-reachable"

MUTANTS = [
    mutant(f"{N}acls-pass", add("aws:ec2/networkAcl:NetworkAcl", "acl", _only_https)),
    mutant(f"{N}customer-endpoints-declared", environment(endpointManagement="CUSTOMER")),
    mutant(
        f"{N}dhcp-resolver",
        together(
            add(
                "aws:ec2/vpcDhcpOptions:VpcDhcpOptions",
                "dhcp",
                lambda _: {"domainNameServers": ["10.9.9.9"]},
            ),
            add(
                "aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation",
                "dhcp-link",
                lambda plan: {"vpcId": _vpc(plan), "dhcpOptionsId": "dhcp-id"},
            ),
        ),
    ),
    mutant(
        f"{N}distinct-zones",
        edit(
            "Subnet",
            "mwaa-network-vpc-private-2",
            availabilityZone="us-east-1a",
            availabilityZoneId="use1-az6",
        ),
    ),
    mutant(
        f"{N}endpoint-groups-admit-https",
        edit(INGRESS, "mwaa-endpoints-from-environment", fromPort=8443, toPort=8443),
    ),
    mutant(
        f"{N}endpoint-policies-allow",
        edit(
            "VpcEndpoint", "mwaa-endpoints-sqs", policy=document({**OPEN, "Action": "sqs:Nothing"})
        ),
    ),
    mutant(
        f"{N}endpoint-policies-narrow",
        edit("VpcEndpoint", "mwaa-endpoints-sqs", policy=document(OPEN)),
    ),
    mutant(
        f"{N}endpoint-private-dns",
        edit("VpcEndpoint", "mwaa-endpoints-sqs", privateDnsEnabled=False),
    ),
    mutant(
        f"{N}endpoints-in-both-subnets",
        lambda plan: edit(
            "VpcEndpoint", "mwaa-endpoints-sqs", subnetIds=[identity(plan, "Subnet", SUBNET)]
        )(plan),
    ),
    mutant(
        REACH,
        together(drop(EGRESS, "mwaa-network-to-vpc"), drop(EGRESS, "mwaa-endpoints-to-s3")),
    ),
    mutant(f"{N}flow-logs-on", drop("FlowLog", "mwaa-network-flow-logs")),
    mutant(f"{N}group-count", network(securityGroupIds=lambda ids: [*ids] * 6)),
    mutant(
        f"{N}group-rules-one-style",
        edit(
            "SecurityGroup",
            "mwaa-network-environment",
            ingress=[
                {"protocol": "tcp", "fromPort": 8080, "toPort": 8080, "cidrBlocks": ["10.1.0.0/16"]}
            ],
        ),
    ),
    mutant(f"{N}nat-per-zone", nat("1", "2")),
    mutant(
        f"{N}no-duplicate-private-dns",
        add("aws:ec2/vpcEndpoint:VpcEndpoint", "second", _second_sqs),
    ),
    mutant(f"{N}no-internet-gateway-route", route("1", gatewayId=_gateway)),
    mutant(f"{N}no-way-out", nat("1", "2")),
    mutant(f"{N}no-way-out", route("1", gatewayId="vgw-1")),
    mutant(
        f"{N}no-way-out", route("2", destinationCidrBlock="0.0.0.0/1", transitGatewayId="tgw-1")
    ),
    mutant(
        f"{N}no-world-ingress",
        edit(INGRESS, "mwaa-network-from-10.64.0.0/16", cidrIpv4="0.0.0.0/0"),
    ),
    mutant(
        f"{N}no-world-ingress",
        together(
            add(
                "aws:ec2/managedPrefixList:ManagedPrefixList",
                "clients",
                lambda _: {"name": "clients", "entries": [{"cidr": "0.0.0.0/1"}]},
            ),
            edit(
                INGRESS,
                "mwaa-network-from-10.64.0.0/16",
                cidrIpv4=None,
                prefixListId="clients-id",
            ),
        ),
    ),
    mutant(f"{N}older-list-of-endpoints", drop("VpcEndpoint", "mwaa-endpoints-ecr.api")),
    mutant(
        f"{N}one-vpc",
        together(
            add("aws:ec2/vpc:Vpc", "vpc-other", lambda _: {"cidrBlock": "10.0.0.0/16"}),
            edit("Subnet", "mwaa-network-vpc-private-2", vpcId="vpc-other-id"),
        ),
    ),
    mutant(
        f"{N}one-vpc",
        together(
            add("aws:ec2/vpc:Vpc", "vpc-other", lambda _: {"cidrBlock": "10.0.0.0/16"}),
            add(
                "aws:ec2/securityGroup:SecurityGroup",
                "group-other",
                lambda _: {"vpcId": "vpc-other-id"},
            ),
            network(securityGroupIds=lambda ids: [*ids, "group-other-id"]),
        ),
    ),
    mutant(f"{N}reaches-itself", drop(INGRESS, "mwaa-network-from-self-5432")),
    mutant(f"{N}required-endpoints", drop("VpcEndpoint", "mwaa-endpoints-sqs")),
    mutant(
        f"{N}s3-gateway-serves-subnets",
        lambda plan: edit(
            "VpcEndpoint",
            "mwaa-endpoints-s3",
            routeTableIds=[identity(plan, "RouteTable", SUBNET)],
        )(plan),
    ),
    mutant(
        f"{N}s3-interface-dns",
        lambda plan: edit(
            "VpcEndpoint",
            "mwaa-endpoints-s3",
            vpcEndpointType="Interface",
            privateDnsEnabled=False,
            routeTableIds=None,
            subnetIds=[identity(plan, "Subnet", f"mwaa-network-vpc-private-{n}") for n in "12"],
            securityGroupIds=[identity(plan, "SecurityGroup", "mwaa-endpoints-endpoints")],
        )(plan),
    ),
    mutant(
        f"{N}secrets-reachable",
        together(SECRETS, drop("VpcEndpoint", "mwaa-endpoints-secretsmanager")),
    ),
    mutant(
        f"{N}shared-vpc-customer-endpoints",
        edit("Vpc", "mwaa-network-vpc", ownerId="999999999999"),
    ),
    mutant(f"{N}subnet-no-public-ip", edit("Subnet", SUBNET, mapPublicIpOnLaunch=True)),
    mutant(f"{N}subnets-have-room", edit("Subnet", SUBNET, cidrBlock="10.192.0.0/28")),
    mutant(f"{N}subnets-route-alike", nat("1")),
    mutant(f"{N}two-subnets", network(subnetIds=lambda ids: list(ids)[:1])),
    mutant(f"{N}vpc-dns-enabled", edit("Vpc", "mwaa-network-vpc", enableDnsHostnames=False)),
    mutant(f"{N}webserver-clients", drop(INGRESS, "mwaa-network-from-10.64.0.0/16")),
    mutant(f"{N}webserver-private", environment(webserverAccessMode="PUBLIC_ONLY")),
]
