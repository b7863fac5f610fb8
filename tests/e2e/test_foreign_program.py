"""Another program uses the components: its own project and arguments, no setting of a stack."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.stacks.rehearsal import REGION, RUN_SECONDS, Rehearsal

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


class Foreign:
    """A project somewhere else, run by the rehearsal's engine."""

    def __init__(self, rehearsal: Rehearsal, folder: Path) -> None:
        self.folder = folder
        self.engine = str(rehearsal.workspace.engine)
        self.environment = rehearsal.workspace.environment(rehearsal.server.port, REGION)
        runtime = f"name: python\n  options: {{virtualenv: {Path(sys.prefix)}}}"
        (folder / "Pulumi.yaml").write_text(f"name: elsewhere\nruntime:\n  {runtime}\n")
        (folder / "__main__.py").write_text(PROGRAM)
        # Its only setting is the provider's own.
        (folder / "Pulumi.main.yaml").write_text(f"config:\n  aws:region: {REGION}\n")

    def run(self, *command: str) -> str:
        """What the engine prints; the command must succeed."""
        done = subprocess.run(
            [self.engine, *command, "--stack", "main", "--non-interactive"],
            cwd=self.folder,
            env={**self.environment, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=RUN_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def foreign(rehearsal: Rehearsal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Foreign]:
    project = Foreign(rehearsal, tmp_path_factory.mktemp("elsewhere"))
    project.run("stack", "init")
    yield project
    project.run("destroy", "--yes", "--skip-preview")
    project.run("stack", "rm", "--yes")


def test_components_are_built_from_their_arguments_alone(
    rehearsal: Rehearsal, foreign: Foreign
) -> None:
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
