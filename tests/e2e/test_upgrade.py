"""The upgrade with the real engine: over a major version in place, nothing replaced, and back."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.e2e.stacks.rehearsal import Rehearsal, Stack
from tests.ops.wheels import ROOT

NAME = "upgrade"
ENVIRONMENT = "aws:mwaa/environment:Environment"


@pytest.fixture(scope="module")
def stack(rehearsal: Rehearsal) -> Iterator[Stack]:
    made = rehearsal.stack(NAME, egress="none", endpointProfile="required")
    built = made.up(policy=False)
    assert built.code == 0, built.errors or built.text
    yield made
    made.remove()


def upgrade(stack: Stack, to: str) -> dict[str, Any]:
    """What the verb says; it must succeed."""
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "ops", "upgrade", "--to", to, "--unproved"),
            *("--stack", NAME, "--config-file", str(stack.file)),
            *("--interval", "0.2", "--format", "json"),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**stack.environment},
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr + ran.stdout
    # The verb wrote to the stack file.
    stack.config = yaml.safe_load(stack.file.read_text(encoding="utf-8"))["config"]
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def living(rehearsal: Rehearsal) -> dict[str, Any]:
    found: dict[str, Any] = rehearsal.client("mwaa").get_environment(Name=NAME)["Environment"]
    return found


def test_airflow_rises_and_falls_in_place_and_the_stack_follows(
    rehearsal: Rehearsal, stack: Stack
) -> None:
    created = living(rehearsal)["CreatedAt"]
    found = upgrade(stack, "3.2.1")
    assert [one["to"] for one in found["steps"]] == ["2.11.2", "3.2.1"]
    assert living(rehearsal)["AirflowVersion"] == "3.2.1"
    assert stack.config["mwaa:airflowVersion"] == "3.2.1"
    state = next(
        one for one in stack.export()["deployment"]["resources"] if one["type"] == ENVIRONMENT
    )
    assert state["outputs"]["airflowVersion"] == "3.2.1"
    accepted = stack.up()
    assert accepted.code == 0, accepted.errors or accepted.text
    assert [one for one in accepted.touched("refresh") if ENVIRONMENT in one] == []

    rehearsal.forget_requests()
    assert upgrade(stack, "3.2.1")["steps"] == []
    assert rehearsal.requests(operation="UpdateEnvironment") == []

    assert [one["to"] for one in upgrade(stack, "2.11.2")["steps"]] == ["2.11.2"]
    assert living(rehearsal)["AirflowVersion"] == "2.11.2"
    assert living(rehearsal)["CreatedAt"] == created
