"""Plans written down as data: resources before and after ids exist."""

from collections.abc import Mapping
from typing import Any

from mwaa.model.platform import UNKNOWN, Platform
from policy.plan.platform import read
from policy.plan.resources import Resource

STACK = "urn:pulumi:test::program::"


def urn(kind: str, name: str) -> str:
    return f"{STACK}{kind}::{name}"


def resource(
    kind: str, name: str, deps: Mapping[str, list[str]] | None = None, /, **props: Any
) -> Resource:
    """A resource whose known inputs are declared without dependencies."""
    declared: dict[str, tuple[str, ...]] = {key: () for key in props if key != "id"}
    for key, urns in (deps or {}).items():
        declared[key] = tuple(urns)
        props.setdefault(key, UNKNOWN)
    return Resource(
        type=kind,
        name=name,
        urn=urn(kind, name),
        props=props,
        property_dependencies=declared,
        dependencies=tuple({item for urns in declared.values() for item in urns}),
    )


VPC, SUBNET = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet"
TABLE, ROUTE = "aws:ec2/routeTable:RouteTable", "aws:ec2/route:Route"
LINK = "aws:ec2/routeTableAssociation:RouteTableAssociation"
MAIN = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"
IGW, NAT = "aws:ec2/internetGateway:InternetGateway", "aws:ec2/natGateway:NatGateway"
GROUP, RULE = "aws:ec2/securityGroup:SecurityGroup", "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
ENV = "aws:mwaa/environment:Environment"
BUCKET = "aws:s3/bucket:Bucket"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"


def network() -> list[Resource]:
    """A VPC with two subnets and a table each; nothing has an id yet."""
    vpc = {"vpcId": [urn(VPC, "net")]}
    return [
        resource(VPC, "net", cidrBlock="10.0.0.0/16", enableDnsHostnames=True),
        *(
            resource(
                SUBNET, zone, vpc, cidrBlock=f"10.0.{i}.0/24", availabilityZone=f"us-east-1{zone}"
            )
            for i, zone in enumerate("ab")
        ),
        *(resource(TABLE, zone, vpc) for zone in "ab"),
        *(
            resource(
                LINK, zone, {"routeTableId": [urn(TABLE, zone)], "subnetId": [urn(SUBNET, zone)]}
            )
            for zone in "ab"
        ),
    ]


def environment(deps: list[str] | None = None, **props: Any) -> Resource:
    """An environment in the two subnets."""
    behind = [urn(SUBNET, "a"), urn(SUBNET, "b"), urn(GROUP, "env")] if deps is None else deps
    inside = {"subnetIds": [UNKNOWN, UNKNOWN], "securityGroupIds": [UNKNOWN]}
    return resource(
        ENV,
        "env",
        {"networkConfiguration": behind},
        **{"name": "prod", "networkConfiguration": inside, "region": "us-east-1", **props},
    )


def platform(*resources: Resource) -> Platform:
    readings = read(resources)
    assert len(readings) == 1
    return readings[0].platform
