"""Versions and rollback with the real engine: state, life and files agree afterwards."""

import json
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from mwaa.service.artifacts import EMPTY, KEYS
from ops.commands.rollback import RESTORED
from tests.e2e.stacks.rehearsal import UNPROVED, Rehearsal, Stack
from tests.ops.wheels import ROOT

SCRIPT = "startupScript"
STARTUP = b"#!/bin/sh\nexport TEAM=orders\n"


@pytest.fixture(scope="module")
def stack(rehearsal: Rehearsal) -> Iterator[Stack]:
    made = rehearsal.stack(
        "delivery",
        # No life of a shape has this way out.
        egress="single-nat",
        endpointProfile="none",
        additionalEndpointServices=["s3"],
        **UNPROVED,
    )
    yield made
    rehearsal.empty()


def verb(stack: Stack, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """A verb in the shell of the rehearsal."""
    return stack.verb(*arguments, "--stack", stack.name, "--format", "json")


def environment(stack: Stack) -> dict[str, Any]:
    """The environment as it is described."""
    found: dict[str, Any] = stack.rehearsal.client("mwaa").get_environment(Name=stack.name)
    return dict(found["Environment"])


def content(stack: Stack, artifact: str) -> bytes:
    """The bytes of ``Requirements``, ``Plugins`` or ``StartupScript`` that the environment runs."""
    found = environment(stack)
    answer = stack.rehearsal.client("s3").get_object(
        Bucket=found["SourceBucketArn"].split(":")[-1],
        Key=found[f"{artifact}S3Path"],
        VersionId=found[f"{artifact}S3ObjectVersion"],
    )
    return bytes(answer["Body"].read())


@pytest.fixture
def file() -> Iterator[Path]:
    """Requirements inside the project, where the program insists on having them."""
    folder = ROOT / ".local" / f"test-rollback-{uuid.uuid4().hex[:8]}"
    folder.mkdir(parents=True)
    restored = ROOT / RESTORED / KEYS[SCRIPT]
    assert not restored.exists(), "this file would be overwritten"
    yield folder / "requirements.txt"
    shutil.rmtree(folder)
    restored.unlink(missing_ok=True)
    with suppress(OSError):
        restored.parent.rmdir()


def script(file: Path) -> Path:
    """A startup script beside the requirements."""
    made = file.with_name("startup.sh")
    made.write_bytes(STARTUP)
    return made


def test_rollback_brings_files_state_and_life_back(stack: Stack, file: Path) -> None:
    stack.set(requirementsFile=str(file.relative_to(ROOT)))
    stack.set(startupScriptFile=str(script(file).relative_to(ROOT)))
    for text in ("# one\n", "# two\n"):
        file.write_text(text)
        done = stack.up(policy=False)
        assert done.code == 0, done.text
    assert environment(stack)["Status"] == "AVAILABLE"
    listed = json.loads(verb(stack, "versions").stdout)["sets"]
    assert [one["running"] for one in listed] == [False, True]
    assert [one["succeeded"] for one in listed] == [True, True]

    options = ("--config-file", str(stack.file))
    planned = verb(stack, "rollback", "--dry-run", *options)
    assert planned.returncode == 0, planned.stderr
    assert file.read_text() == "# two\n"

    done_ = verb(stack, "rollback", *options)
    assert done_.returncode == 0, done_.stderr
    assert file.read_text() == "# one\n"
    assert content(stack, "Requirements") == b"# one\n"
    plan = stack.preview(policy=False)
    assert plan.touched() == []

    # Again: nothing, and certainly not forward to what was rolled back.
    again = verb(stack, "rollback", *options)
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["to"] is None
    assert content(stack, "Requirements") == b"# one\n"


def test_one_nat_gateway_carries_the_environment(stack: Stack) -> None:
    vpc = [{"Name": "vpc-id", "Values": [stack.outputs()["vpcId"]]}]
    gateways = stack.rehearsal.client("ec2").describe_nat_gateways(Filters=vpc)["NatGateways"]
    assert [gateway["State"] for gateway in gateways] == ["available"]


def updates(stack: Stack) -> int:
    """The updates that the emulated AWS was asked for and took."""
    asked = stack.rehearsal.requests(operation="UpdateEnvironment")
    assert {one["status"] for one in asked} <= {200}
    return len(asked)


def test_what_is_no_longer_named_is_emptied_by_one_graceful_update(
    stack: Stack, file: Path
) -> None:
    # MWAA cannot take a file away: https://docs.aws.amazon.com/mwaa/latest/userguide/working-dags-delete.html
    file.write_text("# one\n")
    stack.set(requirementsFile=str(file.relative_to(ROOT)))
    before = environment(stack)

    stack.set(startupScriptFile=None)
    stack.rehearsal.forget_requests()
    plan = stack.preview(policy=False)
    assert plan.ops() == {
        ("update", "aws:mwaa/environment:Environment"),
        ("update", "aws:s3/bucketObjectv2:BucketObjectv2"),
    }
    done = stack.up(policy=False)
    assert done.code == 0, done.text
    assert updates(stack) == 1
    now = environment(stack)
    # Every second update carries the strategy (ADR 0006); the last one was the rollback's.
    assert now["LastUpdate"]["WorkerReplacementStrategy"] == "GRACEFUL"
    assert now["StartupScriptS3Path"] == before["StartupScriptS3Path"] == "startup.sh"
    assert now["StartupScriptS3ObjectVersion"] != before["StartupScriptS3ObjectVersion"]
    assert content(stack, "StartupScript") == EMPTY[SCRIPT]
    assert content(stack, "Requirements") == b"# one\n"
    assert stack.preview(policy=False).touched() == []

    # Back to what it had, and from there to none again: what stands in counts as no file.
    having, dropped = json.loads(verb(stack, "versions").stdout)["sets"][-2:]
    assert (SCRIPT in having["versions"], SCRIPT in dropped["versions"]) == (True, False)
    assert dropped["running"]
    options = ("--config-file", str(stack.file))
    for to, held in ((having, STARTUP), (dropped, EMPTY[SCRIPT])):
        went = verb(stack, "rollback", *options, "--to", str(to["number"]))
        assert went.returncode == 0, went.stderr
        assert content(stack, "StartupScript") == held
    assert "mwaa:startupScriptFile" not in yaml.safe_load(stack.file.read_text())["config"]
    listed = json.loads(verb(stack, "versions").stdout)
    assert SCRIPT not in listed["running"]
    assert listed["sets"][-1]["running"] is True
