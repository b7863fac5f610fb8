"""Versions and rollback with the real engine: state, life and files agree afterwards."""

import json
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.day2.wheels import ROOT
from tests.e2e.rehearsal import Rehearsal, Stack


@pytest.fixture(scope="module")
def stack(rehearsal: Rehearsal) -> Iterator[Stack]:
    made = rehearsal.stack("delivery", egress="none", alarms=False, dashboard=False)
    yield made
    made.remove()


def verb(stack: Stack, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """A verb in the shell of the rehearsal."""
    return subprocess.run(
        [sys.executable, "-m", "day2", *arguments, "--stack", stack.name, "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**stack.environment},
        timeout=300,
    )


def living(stack: Stack) -> str:
    """The content of the requirements that the environment runs."""
    facts: dict[str, Any] = stack.rehearsal.client("mwaa").get_environment(Name=stack.name)
    found = facts["Environment"]
    body = stack.rehearsal.client("s3").get_object(
        Bucket=found["SourceBucketArn"].split(":")[-1],
        Key=found["RequirementsS3Path"],
        VersionId=found["RequirementsS3ObjectVersion"],
    )["Body"]
    return str(body.read().decode())


@pytest.fixture
def file() -> Iterator[Path]:
    """Requirements inside the project, where the program insists on having them."""
    folder = ROOT / ".local" / f"test-rollback-{uuid.uuid4().hex[:8]}"
    folder.mkdir(parents=True)
    yield folder / "requirements.txt"
    shutil.rmtree(folder)


def test_rollback_brings_files_state_and_life_back(stack: Stack, file: Path) -> None:
    stack.set(requirementsFile=str(file.relative_to(ROOT)))
    for content in ("one==1\n", "two==2\n"):
        file.write_text(content)
        done = stack.up(policy=False)
        assert done.code == 0, done.text
    listed = json.loads(verb(stack, "versions").stdout)["sets"]
    assert [one["running"] for one in listed] == [False, True]
    assert [one["succeeded"] for one in listed] == [True, True]

    options = ("--config-file", str(stack.file))
    planned = verb(stack, "rollback", "--dry-run", *options)
    assert planned.returncode == 0, planned.stderr
    assert file.read_text() == "two==2\n"

    done_ = verb(stack, "rollback", *options)
    assert done_.returncode == 0, done_.stderr
    assert file.read_text() == "one==1\n"
    assert living(stack) == "one==1\n"
    plan = stack.preview(policy=False)
    assert plan.touched() == []

    # Again: nothing, and certainly not forward to what was rolled back.
    again = verb(stack, "rollback", *options)
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["to"] is None
    assert living(stack) == "one==1\n"
