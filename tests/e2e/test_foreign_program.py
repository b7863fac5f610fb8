"""Programs of others: one uses the components, one uses none and is only rehearsed and judged."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.e2e.stacks.rehearsal import REGION, RUN_SECONDS, Rehearsal

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import pulumi
import pulumi_aws as aws

from components.encryption import EnvironmentKey, EnvironmentKeyArgs
from components.identity import ExecutionRole, ExecutionRoleArgs
from components.monitoring import Monitoring, MonitoringArgs
from components.network import Network, NetworkArgs
from components.storage import SourceBucket, SourceBucketArgs
from mwaa.names import Names

names = Names("orders", "us-east-1", aws.get_caller_identity().account_id)
free = {"protect": False, "force_destroy": True}
key = EnvironmentKey("key", EnvironmentKeyArgs(names=names, **free))
network = Network(
    "net",
    NetworkArgs(
        names=names,
        egress="none",
        vpc_cidr="10.77.0.0/16",
        availability_zones=["us-east-1a", "us-east-1b"],
    ),
)
bucket = SourceBucket(
    "source", SourceBucketArgs(names=names, dag_path="flows", key_arn=key.key_arn, **free)
)
role = ExecutionRole("role", ExecutionRoleArgs(names=names, key_arn=key.key_arn))
Monitoring("watch", MonitoringArgs(names=names, dashboard=False))
pulumi.export("bucket", bucket.bucket_name)
pulumi.export("role", role.role_arn)
pulumi.export("subnets", network.subnet_ids)
"""

# As many write it: the component's own zones, layout, subnets and endpoints, one bucket with all
# its settings inside.
OTHERS = """
import json

import pulumi
import pulumi_aws as aws
import pulumi_awsx as awsx

vpc = awsx.ec2.Vpc(
    "own",
    number_of_availability_zones=2,
    nat_gateways={"strategy": "Single"},
    vpc_endpoint_strategy="Auto",
    vpc_endpoint_specs=[
        {"service_name": "com.amazonaws.us-east-1.s3"},
        {"service_name": "com.amazonaws.us-east-1.sqs", "vpc_endpoint_type": "Interface"},
    ],
)
bucket = aws.s3.Bucket(
    "dags",
    acl="private",
    versioning={"enabled": True},
    server_side_encryption_configuration={
        "rule": {"apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms"}}
    },
    lifecycle_rules=[{"enabled": True, "noncurrent_version_expiration": {"days": 90}}],
    force_destroy=True,
)
block = aws.s3.BucketPublicAccessBlock(
    "dags",
    bucket=bucket.bucket,
    block_public_acls=True,
    block_public_policy=True,
    ignore_public_acls=True,
    restrict_public_buckets=True,
)
services = ["airflow.amazonaws.com", "airflow-env.amazonaws.com"]
trust = {"Effect": "Allow", "Principal": {"Service": services}, "Action": "sts:AssumeRole"}
role = aws.iam.Role(
    "runner",
    assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
)
group = aws.ec2.SecurityGroup(
    "airflow",
    vpc_id=vpc.vpc_id,
    ingress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "self": True}],
    egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}],
)
if pulumi.runtime.is_dry_run():
    aws.mwaa.Environment(
        "airflow",
        name="own",
        airflow_version="2.10.3",
        environment_class="mw1.small",
        dag_s3_path="dags",
        execution_role_arn=role.arn,
        source_bucket_arn=bucket.arn,
        network_configuration={
            "subnet_ids": vpc.private_subnet_ids,
            "security_group_ids": [group.id],
        },
        webserver_access_mode="PUBLIC_ONLY",
    )
pulumi.export("vpc", vpc.vpc_id)
pulumi.export("private", vpc.private_subnet_ids)
pulumi.export("bucket", bucket.bucket)
"""


class Foreign:
    """A project somewhere else, run by the rehearsal's engine."""

    def __init__(self, rehearsal: Rehearsal, folder: Path, program: str) -> None:
        self.folder = folder
        self.engine = str(rehearsal.workspace.engine)
        self.environment = rehearsal.workspace.environment(rehearsal.server.port, REGION)
        runtime = f"name: python\n  options: {{virtualenv: {Path(sys.prefix)}}}"
        (folder / "Pulumi.yaml").write_text(f"name: elsewhere\nruntime:\n  {runtime}\n")
        (folder / "__main__.py").write_text(program)
        # Its only setting is the provider's own.
        (folder / "Pulumi.main.yaml").write_text(f"config:\n  aws:region: {REGION}\n")

    def run(self, *command: str, fails: bool = False) -> str:
        """What the engine prints; the command must succeed, or must not."""
        done = subprocess.run(
            [self.engine, *command, "--stack", "main", "--non-interactive"],
            cwd=self.folder,
            env={**self.environment, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=RUN_SECONDS,
            check=False,
        )
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        return done.stdout


@contextmanager
def project(rehearsal: Rehearsal, folder: Path, program: str) -> Iterator[Foreign]:
    made = Foreign(rehearsal, folder, program)
    made.run("stack", "init")
    yield made
    made.run("destroy", "--yes", "--skip-preview")
    made.run("stack", "rm", "--yes")


def test_components_are_built_from_their_arguments_alone(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    with project(rehearsal, tmp_path, PROGRAM) as foreign:
        _built(rehearsal, foreign)


def _built(rehearsal: Rehearsal, foreign: Foreign) -> None:
    foreign.run("up", "--yes", "--skip-preview")
    outputs: dict[str, Any] = json.loads(foreign.run("stack", "output", "--json"))
    s3, ec2 = rehearsal.client("s3"), rehearsal.client("ec2")
    assert s3.get_bucket_versioning(Bucket=outputs["bucket"])["Status"] == "Enabled"
    keys = [found["Key"] for found in s3.list_objects_v2(Bucket=outputs["bucket"])["Contents"]]
    assert keys == ["flows/"]
    subnets = ec2.describe_subnets(SubnetIds=outputs["subnets"])["Subnets"]
    assert {subnet["AvailabilityZone"] for subnet in subnets} == {"us-east-1a", "us-east-1b"}
    trust = rehearsal.client("iam").get_role(RoleName=outputs["role"].rsplit("/", 1)[1])["Role"]
    assert "airflow-env.amazonaws.com" in json.dumps(trust["AssumeRolePolicyDocument"])
    again = foreign.run("preview", "--diff", "--expect-no-changes")
    assert "unchanged" in again


def test_a_program_without_the_components_is_judged_and_rehearsed(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    with project(rehearsal, tmp_path, OTHERS) as others:
        said = others.run("preview", "--policy-pack", str(ROOT / "policy"), fails=True)
        failed = set(re.findall(r"mwaa-[a-z-]+", said))
        # Which of the component's subnets it takes is not known yet; its VPC is, with all in it.
        assert {"mwaa-network-webserver-private", "mwaa-network-flow-logs-on"} <= failed, said
        others.run("up", "--yes", "--skip-preview")
        outputs: dict[str, Any] = json.loads(others.run("stack", "output", "--json"))
        ec2, s3 = rehearsal.client("ec2"), rehearsal.client("s3")
        subnets = ec2.describe_subnets(SubnetIds=outputs["private"])["Subnets"]
        assert [subnet["CidrBlock"] for subnet in subnets] == ["10.0.0.0/18", "10.0.128.0/18"]
        of_vpc = [{"Name": "vpc-id", "Values": [outputs["vpc"]]}]
        endpoints = ec2.describe_vpc_endpoints(Filters=of_vpc)["VpcEndpoints"]
        attached = {one["VpcEndpointType"]: one for one in endpoints}
        assert set(attached["Interface"]["SubnetIds"]) == set(outputs["private"])
        assert len(attached["Gateway"]["RouteTableIds"]) == 4
        assert s3.get_bucket_versioning(Bucket=outputs["bucket"])["Status"] == "Enabled"
        rules = s3.get_bucket_lifecycle_configuration(Bucket=outputs["bucket"])["Rules"]
        assert rules[0]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 90}
