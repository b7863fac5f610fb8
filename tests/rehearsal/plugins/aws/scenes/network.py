"""EC2: networks, addresses, endpoints, security groups, ACLs."""

from __future__ import annotations

from tests.rehearsal.plugins.aws.scenes.scene import (
    TAGS,
    ZONES,
    Inputs,
    Need,
    Scene,
    document,
    some_group,
    some_role,
    some_subnet,
    some_table,
    some_vpc,
)


def vpc(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {"cidrBlock": "10.30.0.0/16", "enableDnsHostnames": True, "tags": TAGS}
    return inputs, {"enableDnsHostnames": False, "tags": {"owner": "ops"}}


def subnet(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {
        "vpcId": some_vpc(need).id,
        "cidrBlock": "10.30.0.0/24",
        "availabilityZone": ZONES[0],
        "mapPublicIpOnLaunch": False,
        "assignIpv6AddressOnCreation": False,
    }
    return inputs, {"availabilityZone": ZONES[1]}


def gateway(need: Need, name: str) -> tuple[Inputs, Inputs]:
    return {"vpcId": some_vpc(need).id, "tags": TAGS}, {"vpcId": some_vpc(need).id}


def route_table(need: Need, name: str) -> tuple[Inputs, Inputs]:
    return {"vpcId": some_vpc(need).id}, {"tags": TAGS}


def association(need: Need, name: str) -> tuple[Inputs, Inputs]:
    vpc, table = some_table(need)
    other = need("aws:ec2/routeTable:RouteTable", {"vpcId": vpc.id})
    inputs = {"routeTableId": table.id, "subnetId": some_subnet(need, vpc).id}
    return inputs, {"routeTableId": other.id}


def route(need: Need, name: str) -> tuple[Inputs, Inputs]:
    vpc, table = some_table(need)
    gateway = need("aws:ec2/internetGateway:InternetGateway", {"vpcId": vpc.id})
    inputs = {"routeTableId": table.id, "destinationCidrBlock": "0.0.0.0/0"}
    return {**inputs, "gatewayId": gateway.id}, {"destinationCidrBlock": "10.99.0.0/16"}


def address(need: Need, name: str) -> tuple[Inputs, Inputs]:
    return {"tags": TAGS}, {"tags": {}}


def nat(need: Need, name: str) -> tuple[Inputs, Inputs]:
    subnet, address = some_subnet(need, some_vpc(need)), need("aws:ec2/eip:Eip", {})
    other = need("aws:ec2/eip:Eip", {})
    return {"subnetId": subnet.id, "allocationId": address.id}, {"allocationId": other.id}


def gateway_endpoint(need: Need, name: str) -> tuple[Inputs, Inputs]:
    vpc, table = some_table(need)
    inputs = {
        "vpcId": vpc.id,
        "serviceName": "com.amazonaws.us-east-1.s3",
        "vpcEndpointType": "Gateway",
        "routeTableIds": [table.id],
        "policy": document("s3:GetObject"),
    }
    return inputs, {"policy": document("s3:ListBucket")}


def interface_endpoint(need: Need, name: str) -> tuple[Inputs, Inputs]:
    vpc = some_vpc(need)
    inputs = {
        "vpcId": vpc.id,
        "serviceName": "com.amazonaws.us-east-1.sqs",
        "vpcEndpointType": "Interface",
        "subnetIds": [some_subnet(need, vpc, 1).id, some_subnet(need, vpc, 0).id],
        "securityGroupIds": [some_group(need, vpc, name).id],
        "privateDnsEnabled": True,
        "tags": TAGS,
    }
    return inputs, {"policy": document("sqs:SendMessage")}


def flow_log(need: Need, name: str) -> tuple[Inputs, Inputs]:
    group = need("aws:cloudwatch/logGroup:LogGroup", {"name": f"flow-{name}"})
    inputs = {
        "vpcId": some_vpc(need).id,
        "trafficType": "REJECT",
        "logDestinationType": "cloud-watch-logs",
        "logDestination": group.outputs["arn"],
        "iamRoleArn": some_role(need, name).outputs["arn"],
        "tags": TAGS,
    }
    return inputs, {"trafficType": "ALL"}


def group(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {"vpcId": some_vpc(need).id, "name": f"group-{name}", "description": "first"}
    return inputs, {"description": "second"}


def default_group(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {"vpcId": some_vpc(need).id, "ingress": [], "egress": []}
    https = {"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": ["10.30.0.0/16"]}
    return inputs, {"egress": [https], "tags": TAGS}


def classic_rule(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {
        "securityGroupId": some_group(need, some_vpc(need), name).id,
        "type": "ingress",
        "protocol": "tcp",
        "fromPort": 443,
        "toPort": 443,
        "cidrBlocks": ["10.0.0.0/16", "10.1.0.0/16"],
        "self": True,
    }
    return inputs, {"cidrBlocks": ["10.0.0.0/16"]}


def group_rule(need: Need, name: str) -> tuple[Inputs, Inputs]:
    vpc = some_vpc(need)
    group = some_group(need, vpc, name)
    inputs = {
        "securityGroupId": group.id,
        "ipProtocol": "tcp",
        "fromPort": 443,
        "toPort": 443,
        "referencedSecurityGroupId": group.id,
        "description": "itself",
    }
    return inputs, {"fromPort": 5432, "toPort": 5432}


def egress_rule(need: Need, name: str) -> tuple[Inputs, Inputs]:
    group = some_group(need, some_vpc(need), name)
    inputs = {"securityGroupId": group.id, "ipProtocol": "-1", "cidrIpv4": "10.30.0.0/16"}
    return inputs, {"cidrIpv4": "10.31.0.0/16"}


def acl(need: Need, name: str) -> tuple[Inputs, Inputs]:
    vpc = some_vpc(need)
    subnets = [some_subnet(need, vpc, 0).id, some_subnet(need, vpc, 1).id]
    return {"vpcId": vpc.id, "subnetIds": subnets}, {"subnetIds": subnets[:1]}


def acl_rule(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {
        "networkAclId": need("aws:ec2/networkAcl:NetworkAcl", {"vpcId": some_vpc(need).id}).id,
        "ruleNumber": 100,
        "protocol": "6",
        "ruleAction": "deny",
        "cidrBlock": "0.0.0.0/0",
        "fromPort": 443,
        "toPort": 443,
    }
    return inputs, {"ruleAction": "allow"}


SCENES = (
    Scene("aws:ec2/vpc:Vpc", vpc),
    Scene("aws:ec2/subnet:Subnet", subnet, replaces=True),
    Scene("aws:ec2/internetGateway:InternetGateway", gateway),
    Scene("aws:ec2/routeTable:RouteTable", route_table),
    Scene("aws:ec2/routeTableAssociation:RouteTableAssociation", association, replaces=True),
    Scene(
        "aws:ec2/route:Route",
        route,
        replaces=True,
        import_id=lambda made: f"{made.inputs['routeTableId']}_0.0.0.0/0",
    ),
    Scene("aws:ec2/eip:Eip", address),
    Scene("aws:ec2/natGateway:NatGateway", nat, replaces=True),
    Scene("aws:ec2/vpcEndpoint:VpcEndpoint", gateway_endpoint),
    Scene("aws:ec2/vpcEndpoint:VpcEndpoint", interface_endpoint),
    Scene(
        "aws:ec2/flowLog:FlowLog",
        flow_log,
        replaces=True,
        not_returned=frozenset({"logDestination"}),
    ),
    Scene("aws:ec2/securityGroup:SecurityGroup", group, replaces=True),
    Scene("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", default_group, lasting=True),
    Scene(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        group_rule,
    ),
    Scene(
        "aws:ec2/securityGroupRule:SecurityGroupRule",
        classic_rule,
        replaces=True,
        import_id=lambda made: (
            f"{made.inputs['securityGroupId']}_ingress_tcp_443_443_10.0.0.0/16_10.1.0.0/16_self"
        ),
    ),
    Scene("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", egress_rule),
    Scene("aws:ec2/networkAcl:NetworkAcl", acl),
    Scene(
        "aws:ec2/networkAclRule:NetworkAclRule",
        acl_rule,
        replaces=True,
        import_id=lambda made: f"{made.inputs['networkAclId']}:100:6:false",
    ),
)
