"""The stack shapes that have no life of their own in test_lifecycle: each built and destroyed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from local.cli import ready
from tests.e2e.rehearsal import Rehearsal, Stack

CIDR = "10.40.0.0/16"


@contextmanager
def built(rehearsal: Rehearsal, name: str, **settings: Any) -> Iterator[Stack]:
    """The stack, up and AVAILABLE; gone afterwards."""
    stack = rehearsal.stack(name, **settings)
    try:
        done = stack.up()
        assert done.code == 0, done.errors or done.text
        # The end of `pulumi up` is the end of the create, with customer-managed endpoints too.
        assert ready.status(name, stack.environment) == ("AVAILABLE", "")
        assert stack.outputs()["status"] == "AVAILABLE"
        yield stack
    finally:
        stack.remove()


def assert_settled(stack: Stack) -> None:
    """A second look at an unchanged program finds nothing to do."""
    plan = stack.preview()
    assert plan.code == 0, plan.errors or plan.text
    assert plan.touched() == []
    assert not plan.outputs_differ


@pytest.mark.parametrize(("egress", "count"), [("single-nat", 1), ("nat-per-zone", 2)])
def test_nat_gateways_carry_the_environment(rehearsal: Rehearsal, egress: str, count: int) -> None:
    with built(
        rehearsal,
        egress,
        egress=egress,
        endpointProfile="none",
        additionalEndpointServices=["s3"],
    ) as stack:
        vpc = stack.outputs()["vpcId"]
        gateways = rehearsal.client("ec2").describe_nat_gateways(
            Filters=[{"Name": "vpc-id", "Values": [vpc]}]
        )["NatGateways"]
        assert len(gateways) == count
        assert_settled(stack)


@pytest.fixture
def existing_vpc(rehearsal: Rehearsal) -> Iterator[dict[str, Any]]:
    """A private VPC that somebody else made: two subnets in two zones, one route table."""
    ec2 = rehearsal.client("ec2")
    vpc = ec2.create_vpc(CidrBlock=CIDR)["Vpc"]["VpcId"]
    for attribute in ("EnableDnsSupport", "EnableDnsHostnames"):
        ec2.modify_vpc_attribute(VpcId=vpc, **{attribute: {"Value": True}})
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.40.{index}.0/24", AvailabilityZone=zone)[
            "Subnet"
        ]["SubnetId"]
        for index, zone in enumerate(("us-east-1a", "us-east-1b"))
    ]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    links = [
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)["AssociationId"]
        for subnet in subnets
    ]
    yield {"vpc": vpc, "subnets": subnets, "table": table}
    for link in links:
        ec2.disassociate_route_table(AssociationId=link)
    ec2.delete_route_table(RouteTableId=table)
    for subnet in subnets:
        ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_vpc(VpcId=vpc)


def test_an_existing_vpc_takes_the_environment(
    rehearsal: Rehearsal, existing_vpc: dict[str, Any]
) -> None:
    with built(
        rehearsal,
        "existing",
        availabilityZones=None,
        existingVpcId=existing_vpc["vpc"],
        existingSubnetIds=existing_vpc["subnets"],
        existingRouteTableIds=[existing_vpc["table"]],
        existingVpcCidr=CIDR,
    ) as stack:
        outputs = stack.outputs()
        assert outputs["vpcId"] == existing_vpc["vpc"]
        assert sorted(outputs["subnetIds"]) == sorted(existing_vpc["subnets"])
        assert_settled(stack)


def test_customer_managed_endpoints_let_the_environment_finish(rehearsal: Rehearsal) -> None:
    with built(rehearsal, "customer", endpointManagement="CUSTOMER", egress="none") as stack:
        environment = rehearsal.client("mwaa").get_environment(Name="customer")["Environment"]
        services = {
            endpoint["ServiceName"]
            for endpoint in rehearsal.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]
        }
        assert environment["DatabaseVpcEndpointService"] in services
        assert environment["WebserverVpcEndpointService"] in services
        assert_settled(stack)
