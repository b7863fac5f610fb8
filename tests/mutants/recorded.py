"""A compliant platform, made once by the real engine: its plan, and the account it stands in.

The engine runs once, however many mutants there are: a mutant of the plan edits the recorded
resources, a mutant of the account breaks a copy of it that is put back in milliseconds.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.cli import ready, server
from local.cli.install import install
from local.cli.workspace import ROOT, Workspace
from local.engine import find
from policy.report import resources
from policy.resources import Resource
from tests.e2e.rehearsal import Rehearsal

NAME = "mutant"
LOGS_BUCKET = "access-logs-of-mutants"

# Nothing here is left to a default that a law advises against.
SETTINGS: dict[str, Any] = {
    "airflowVersion": "3.2.1",
    "egress": "none",
    "endpointProfile": "full",
    "additionalEndpointServices": ["secretsmanager"],
    "secretsBackend": "secrets-manager",
    "airflowConfigurationOptions": {"core.default_task_retries": 2},
    "requirementsFile": "examples/requirements.txt",
    "startupScriptFile": "examples/startup.sh",
    "weeklyMaintenanceWindowStart": "SUN:03:30",
    "accessLogsBucketName": LOGS_BUCKET,
    "protect": True,
    "forceDestroy": False,
    "keyDeletionWindowDays": 30,
}


@dataclass(frozen=True)
class Recorded:
    """The plan's resources, and the file in which the emulated AWS kept the account."""

    plan: tuple[Resource, ...]
    account: Path


def record(home: Path, say: Callable[[str], None]) -> Recorded:
    """Bring the platform up in a workspace of its own below ``home``, and stop the server."""
    workspace = Workspace(ROOT, home / "rehearsal")
    install(workspace, find(say, ours=ROOT / ".local" / "bin"))
    (workspace.stacks / "Pulumi.yaml").write_text("name: mwaa\nruntime: python\n")
    running = server.ensure(workspace, lambda _: None)
    try:
        rehearsal = Rehearsal(workspace, running)
        _logs_bucket(rehearsal.client("s3"))
        stack = rehearsal.stack(NAME, **SETTINGS)
        done = stack.up(policy=False)
        if done.code != 0:
            raise RuntimeError(f"the compliant platform did not come up: {done.text}")
        ready.wait(NAME, stack.environment, lambda _: None)
        plan = resources(stack.export())
    finally:
        server.stop(workspace)
    account = home / "account.state"
    shutil.copy(server.state_file(workspace), account)
    return Recorded(plan, account)


def _logs_bucket(s3: Any) -> None:
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
