"""The four shapes of the platform, as compliant stacks of the rehearsal."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ops.commands.doctor.doctor import Rules
from rehearsal.cli import ready
from tests.e2e.stacks.rehearsal import Rehearsal, Stack

CIDR = "10.41.0.0/16"
LOGS_BUCKET = "access-logs-of-shapes"

# Nothing here is left to a default that a rule advises against.
COMPLIANT: Mapping[str, Any] = {
    "airflowVersion": "3.2.1",
    "egress": "none",
    "endpointProfile": "full",
    "additionalEndpointServices": ["secretsmanager"],
    "secretsBackend": "secrets-manager",
    "airflowConfigurationOptions": {"core.default_task_retries": 2},
    "requirementsFile": "examples/requirements.txt",
    "pluginsFile": "examples/plugins.zip",
    "startupScriptFile": "examples/startup.sh",
    "weeklyMaintenanceWindowStart": "SUN:03:30",
    "accessLogsBucketName": LOGS_BUCKET,
    "protect": True,
    "forceDestroy": False,
    "keyDeletionWindowDays": 30,
}
# What whoever wants to be rid of a compliant stack sets first.
DESTRUCTIBLE: Mapping[str, Any] = {"protect": False, "forceDestroy": True}


@dataclass(frozen=True)
class Shape:
    """``settings`` are those that differ from ``COMPLIANT``, ``profile`` its rules. ``account``
    is one that never had an environment: there a role with the printed policy lives through it."""

    profile: Rules
    settings: Mapping[str, Any]
    account: str = ""


SHAPES: Mapping[str, Shape] = {
    "isolated": Shape(Rules.NO_INTERNET, {}),
    # A NAT gateway is a way out: only this shape cannot choose no-internet.
    "with-nat": Shape(
        Rules.PRIVATE,
        {
            "egress": "nat-per-zone",
            "endpointProfile": "none",
            "additionalEndpointServices": ["s3"],
            # Its parameters are written with the printed rights, too.
            "ssmPrefix": "/pipelines/with-nat",
        },
        # Without interface endpoints no other right covers what MWAA makes its own ones in.
        account="210987654321",
    ),
    "in-existing-vpc": Shape(Rules.NO_INTERNET, {"availabilityZones": None}),
    "own-endpoints": Shape(Rules.NO_INTERNET, {"endpointManagement": "CUSTOMER"}),
}


@contextmanager
def brought_up(
    rehearsal: Rehearsal,
    shape: str,
    before: Callable[[Stack], None] = lambda stack: None,
    **changes: Any,
) -> Iterator[Stack]:
    """A stack of one shape, AVAILABLE; it and what it stands on are gone afterwards. ``before`` is
    given the stack ahead of its create, ``changes`` are settings that differ from the shape's."""
    settings = {**COMPLIANT, **SHAPES[shape].settings, **changes}
    s3, ec2 = rehearsal.client("s3"), rehearsal.client("ec2")
    logs_bucket(s3)
    vpc = private_vpc(ec2) if shape == "in-existing-vpc" else None
    if vpc:
        settings |= vpc.settings
    stack = rehearsal.stack(shape, **settings)
    try:
        before(stack)
        done = stack.up(policy=False)
        assert done.code == 0, done.errors or done.text
        ready.wait(shape, stack.environment, lambda line: None)
        yield stack
    finally:
        stack.remove()
        if vpc:
            vpc.remove(ec2)
        for one in s3.list_objects_v2(Bucket=LOGS_BUCKET).get("Contents", []):
            s3.delete_object(Bucket=LOGS_BUCKET, Key=one["Key"])
        s3.delete_bucket(Bucket=LOGS_BUCKET)


def write_log_events(logs: Any, environment: str) -> None:
    """What a running environment logs, and the emulated one does not."""
    groups = logs.describe_log_groups(logGroupNamePrefix=f"airflow-{environment}-")["logGroups"]
    event = {"timestamp": int(time.time() * 1000), "message": "alive"}
    for group in groups:
        stream = {"logGroupName": group["logGroupName"], "logStreamName": "scheduler.log"}
        logs.create_log_stream(**stream)
        logs.put_log_events(**stream, logEvents=[event])


def logs_bucket(s3: Any) -> None:
    """The bucket that takes the access logs: S3's logging service must be allowed to write."""
    s3.create_bucket(Bucket=LOGS_BUCKET)
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{LOGS_BUCKET}/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [allow]}
    s3.put_bucket_policy(Bucket=LOGS_BUCKET, Policy=json.dumps(policy))


@dataclass(frozen=True)
class PrivateVpc:
    """Identities of a VPC that somebody else made, and of what is in it."""

    id: str
    cidr: str
    table: str
    subnets: tuple[str, ...]
    links: tuple[str, ...]
    flow_log: str

    @property
    def settings(self) -> dict[str, Any]:
        """What a stack that builds into it sets."""
        return {
            "existingVpcId": self.id,
            "existingSubnetIds": list(self.subnets),
            "existingRouteTableIds": [self.table],
            "existingVpcCidr": self.cidr,
        }

    def remove(self, ec2: Any) -> None:
        """Take it all away."""
        ec2.delete_flow_logs(FlowLogIds=[self.flow_log])
        for link in self.links:
            ec2.disassociate_route_table(AssociationId=link)
        ec2.delete_route_table(RouteTableId=self.table)
        for subnet in self.subnets:
            ec2.delete_subnet(SubnetId=subnet)
        ec2.delete_vpc(VpcId=self.id)


def private_vpc(ec2: Any) -> PrivateVpc:
    """Two subnets in two zones, one route table without a way out, a flow log."""
    vpc = ec2.create_vpc(CidrBlock=CIDR)["Vpc"]["VpcId"]
    for attribute in ("EnableDnsSupport", "EnableDnsHostnames"):
        ec2.modify_vpc_attribute(VpcId=vpc, **{attribute: {"Value": True}})
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    subnets, links = [], []
    for number, zone in enumerate("ab"):
        made = ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.41.{number}.0/24", AvailabilityZone=f"us-east-1{zone}"
        )
        subnets.append(made["Subnet"]["SubnetId"])
        link = ec2.associate_route_table(RouteTableId=table, SubnetId=subnets[-1])
        links.append(link["AssociationId"])
    flow_log = ec2.create_flow_logs(
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType="REJECT",
        LogDestinationType="s3",
        LogDestination=f"arn:aws:s3:::{LOGS_BUCKET}",
    )["FlowLogIds"][0]
    return PrivateVpc(vpc, CIDR, table, tuple(subnets), tuple(links), flow_log)
