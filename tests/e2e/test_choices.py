"""Choices that settings offer and the pack refuses: the refusal says what accepts them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.stacks.project import LINE, accept, offered, own_project
from tests.e2e.stacks.rehearsal import Rehearsal, Stack

# Each is said twice, or by its name: none of them happens by a slip.
CHOICES: dict[str, Any] = {
    "encryption": "aws-owned",
    "webserverAccessMode": "PUBLIC_ONLY",
    "allowPublicWebserver": True,
    "logLevels": {"worker": "OFF"},
}
REFUSED = {
    "mwaa-encryption-customer-key": "choices",
    "mwaa-network-webserver-private": "choices",
    "mwaa-logs-all-five-enabled": "airflow-choices-Worker",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("project")


@pytest.fixture(scope="module")
def stack(rehearsal: Rehearsal, project: Path) -> Iterator[Stack]:
    chosen = own_project(rehearsal, project).stack("choices", **CHOICES)
    yield chosen
    rehearsal.empty()


@pytest.fixture(scope="module")
def lines(stack: Stack) -> list[str]:
    """What the first refusal says to write."""
    refused = stack.preview()
    assert refused.code != 0
    assert set(refused.broken) == set(REFUSED)
    return offered(refused.text)


def test_the_refusal_names_each_rule_with_its_resource(lines: list[str]) -> None:
    found = [match for line in lines if (match := LINE.match(line))]
    assert {match[2]: match[3] for match in found} == REFUSED


def test_a_configuration_of_the_pack_accepts_them_too(stack: Stack, tmp_path: Path) -> None:
    file = tmp_path / "pack.json"
    file.write_text(json.dumps(dict.fromkeys(REFUSED, "advisory")), encoding="utf-8")
    assert stack.preview("--policy-pack-config", str(file)).code == 0


def test_a_waiver_that_expired_or_cannot_be_read_accepts_nothing(
    stack: Stack, project: Path, lines: list[str]
) -> None:
    accept(project, lines, "2020-01-01")
    expired = stack.preview()
    assert set(expired.broken) == set(REFUSED)
    assert "its waiver expired on 2020-01-01 (for the test)" in expired.text
    accept(project, lines, "soon")
    unread = stack.preview()
    assert unread.code != 0 and not unread.broken
    assert "waivers.yaml is refused" in unread.text and "expires: got 'soon'" in unread.text


def test_with_these_lines_the_stack_comes_up_and_the_doctor_agrees(
    stack: Stack, project: Path, lines: list[str]
) -> None:
    accept(project, lines)
    up = stack.up()
    assert up.code == 0, up.errors or up.text
    assert "waived: for the test (until 2999-12-31)" in up.text
    found = stack.rehearsal.client("mwaa").get_environment(Name="choices")["Environment"]
    assert found["WebserverAccessMode"] == "PUBLIC_ONLY" and "KmsKey" not in found
    assert found["LoggingConfiguration"]["WorkerLogs"]["Enabled"] is False
    only = [part for rule in REFUSED for part in ("--only", rule)]
    done = subprocess.run(
        [sys.executable, "-m", "ops", "doctor", "-e", "choices", "--format", "json", *only],
        cwd=project,
        env=stack.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    verdicts = {rule["id"]: rule["verdict"] for rule in json.loads(done.stdout)["rules"]}
    assert verdicts == dict.fromkeys(REFUSED, "waived")


def test_how_long_the_engine_waits_is_no_change_of_a_stack(stack: Stack) -> None:
    stack.set(createTimeoutMinutes=300)
    assert stack.preview(policy=False).touched() == []
