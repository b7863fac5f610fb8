"""A life in a VPC that another account shares: its owner's role makes the endpoints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.stacks.rehearsal import REGION, Rehearsal, Stack

OWNER = "888888888888"
ROLE = f"arn:aws:iam::{OWNER}:role/endpoints"
CIDR = "10.61.0.0/16"


@pytest.fixture(scope="module")
def owner(rehearsal: Rehearsal) -> Rehearsal:
    return rehearsal.assume(ROLE)


@pytest.fixture(scope="module")
def settings(owner: Rehearsal) -> dict[str, Any]:
    """What a stack says that builds into the shared VPC."""
    ec2 = owner.client("ec2")
    vpc = ec2.create_vpc(CidrBlock=CIDR)["Vpc"]["VpcId"]
    for attribute in ("EnableDnsSupport", "EnableDnsHostnames"):
        ec2.modify_vpc_attribute(VpcId=vpc, **{attribute: {"Value": True}})
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    subnets = []
    for number, zone in enumerate("ab"):
        made = ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.61.{number}.0/24", AvailabilityZone=f"{REGION}{zone}"
        )["Subnet"]
        ec2.associate_route_table(RouteTableId=table, SubnetId=made["SubnetId"])
        subnets.append(made)
    owner.client("ram").create_resource_share(
        name="network",
        principals=["123456789012"],
        resourceArns=[subnet["SubnetArn"] for subnet in subnets],
    )
    return {
        "availabilityZones": None,
        "existingVpcId": vpc,
        "existingSubnetIds": [subnet["SubnetId"] for subnet in subnets],
        "existingRouteTableIds": [table],
        "existingVpcCidr": CIDR,
        "endpointManagement": "CUSTOMER",
    }


@pytest.fixture
def stack(rehearsal: Rehearsal, settings: dict[str, Any]) -> Iterator[Stack]:
    stack = rehearsal.stack("shared", **settings)
    yield stack
    stack.remove()


def test_without_the_owners_role_the_pack_refuses_and_with_it_the_environment_comes_up(
    stack: Stack, owner: Rehearsal, settings: dict[str, Any]
) -> None:
    assert stack.preview().broken == ("mwaa-network-shared-vpc-customer-endpoints",)
    stack.set(endpointOwnerRoleArn=ROLE)
    done = stack.up()
    assert done.code == 0, done.errors or done.text
    assert stack.outputs()["status"] == "AVAILABLE"
    inside = [{"Name": "vpc-id", "Values": [settings["existingVpcId"]]}]
    found = owner.client("ec2").describe_vpc_endpoints(Filters=inside)["VpcEndpoints"]
    assert {one["VpcEndpointId"] for one in found} == set(stack.outputs()["endpointIds"].values())
    assert {one["OwnerId"] for one in found} == {OWNER}
    again = stack.preview()
    assert again.code == 0, again.errors or again.text
    assert again.touched() == []
