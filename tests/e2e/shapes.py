"""The four shapes of the platform, as stacks of the rehearsal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from local.cli import ready
from tests.e2e.rehearsal import Rehearsal, Stack

CIDR = "10.41.0.0/16"
COMMON: Mapping[str, Any] = {
    "requirementsFile": "examples/requirements.txt",
    "startupScriptFile": "examples/startup.sh",
    "weeklyMaintenanceWindowStart": "SUN:03:30",
    "secretsBackend": "secrets-manager",
    "airflowConfigurationOptions": {"core.default_task_retries": 2},
    "additionalEndpointServices": ["secretsmanager"],
}
SHAPES: Mapping[str, Mapping[str, Any]] = {
    "isolated": {"egress": "none"},
    "with-nat": {
        "egress": "nat-per-zone",
        "endpointProfile": "none",
        "additionalEndpointServices": ["s3"],
    },
    "in-existing-vpc": {"availabilityZones": None},
    "own-endpoints": {"egress": "none", "endpointManagement": "CUSTOMER"},
}


@contextmanager
def brought_up(rehearsal: Rehearsal, shape: str) -> Iterator[Stack]:
    """A stack of one shape, AVAILABLE; it and what it stands on are gone afterwards."""
    settings = {**COMMON, **SHAPES[shape]}
    made = _vpc(rehearsal) if shape == "in-existing-vpc" else {}
    if made:
        settings |= {
            "existingVpcId": made["vpc"],
            "existingSubnetIds": made["subnets"],
            "existingRouteTableIds": [made["table"]],
            "existingVpcCidr": CIDR,
        }
    stack = rehearsal.stack(shape, **settings)
    try:
        done = stack.up(policy=False)
        assert done.code == 0, done.errors or done.text
        ready.wait(shape, stack.environment, lambda line: None)
        yield stack
    finally:
        stack.remove()
        if made:
            _remove(rehearsal, made)


def _vpc(rehearsal: Rehearsal) -> dict[str, Any]:
    """A private VPC that somebody else made: two subnets in two zones, one route table."""
    ec2 = rehearsal.client("ec2")
    vpc = ec2.create_vpc(CidrBlock=CIDR)["Vpc"]["VpcId"]
    for attribute in ("EnableDnsSupport", "EnableDnsHostnames"):
        ec2.modify_vpc_attribute(VpcId=vpc, **{attribute: {"Value": True}})
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    made: dict[str, Any] = {"vpc": vpc, "table": table, "subnets": [], "links": []}
    for number, zone in enumerate("ab"):
        block = f"10.41.{number}.0/24"
        zone_name = f"us-east-1{zone}"
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=zone_name)
        made["subnets"].append(subnet["Subnet"]["SubnetId"])
        link = ec2.associate_route_table(RouteTableId=table, SubnetId=made["subnets"][-1])
        made["links"].append(link["AssociationId"])
    return made


def _remove(rehearsal: Rehearsal, made: Mapping[str, Any]) -> None:
    ec2 = rehearsal.client("ec2")
    for link in made["links"]:
        ec2.disassociate_route_table(AssociationId=link)
    ec2.delete_route_table(RouteTableId=made["table"])
    for subnet in made["subnets"]:
        ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_vpc(VpcId=made["vpc"])
