"""Lives in a VPC that another account shares: its owner's role makes the endpoints, or the program
waits until its owner has made them by hand."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
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


def test_the_program_waits_for_the_owner_who_makes_what_it_prints(
    rehearsal: Rehearsal, owner: Rehearsal, settings: dict[str, Any]
) -> None:
    chosen = {"customerEndpoints": "wait", "endpointProfile": "none"}
    waiting = rehearsal.stack("awaiting", **settings, **chosen)
    try:
        with ThreadPoolExecutor() as pool:
            by_hand = pool.submit(make_endpoints, owner, settings, waiting.events)
            done = waiting.up()
            made = by_hand.result()
        assert done.code == 0, done.errors or done.text
        outputs = waiting.outputs()
        assert (outputs["status"], outputs["endpointIds"]) == ("AVAILABLE", {})
        again = waiting.preview()
        assert again.code == 0 and again.touched() == [], again.errors or again.text
        owner.client("ec2").delete_vpc_endpoints(VpcEndpointIds=made)
    finally:
        waiting.remove()


def make_endpoints(owner: Rehearsal, settings: dict[str, Any], log: Path) -> list[str]:
    """What the owner makes by hand: endpoints of AWS's services, and of those that the run in
    ``log`` prints."""
    ec2, vpc = owner.client("ec2"), settings["existingVpcId"]
    group = ec2.create_security_group(VpcId=vpc, GroupName="owners", Description="endpoints")
    for port in (443, 5432):
        ec2.authorize_security_group_ingress(
            GroupId=group["GroupId"], IpProtocol="tcp", FromPort=port, ToPort=port, CidrIp=CIDR
        )
    made = [
        ec2.create_vpc_endpoint(
            VpcId=vpc,
            ServiceName=f"com.amazonaws.{REGION}.s3",
            RouteTableIds=settings["existingRouteTableIds"],
        )
    ]

    def interface(service: str, private_dns: bool) -> None:
        made.append(
            ec2.create_vpc_endpoint(
                VpcId=vpc,
                VpcEndpointType="Interface",
                ServiceName=service,
                SubnetIds=settings["existingSubnetIds"],
                SecurityGroupIds=[group["GroupId"]],
                PrivateDnsEnabled=private_dns,
            )
        )

    for suffix in ("sqs", "logs", "monitoring", "kms"):
        interface(f"com.amazonaws.{REGION}.{suffix}", private_dns=True)
    for service in printed(log):
        interface(service, private_dns=False)
    return [one["VpcEndpoint"]["VpcEndpointId"] for one in made]


def printed(log: Path) -> list[str]:
    """The two endpoint services, as soon as the run in ``log`` names them."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        text = log.read_text(encoding="utf-8") if log.is_file() else ""
        found = sorted(set(re.findall(r"com\.amazonaws\.vpce\.[\w.-]+-svc-\w+", text)))
        if len(found) == 2:
            return found
        time.sleep(0.5)
    raise AssertionError(f"{log.name} names no endpoint services")


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
