"""The life of one stack without internet: built, unchanged, changed, drifted, destroyed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from ops.commands.doctor.result import FIX_DRIFT
from rehearsal.cli.workspace import ROOT
from tests.e2e.stacks.account import inventory
from tests.e2e.stacks.rehearsal import Rehearsal, Stack

REQUIREMENTS = "examples/requirements.txt"
ENVIRONMENT = "aws:mwaa/environment:Environment"


class Life:
    """The stack under test, and what the account held before it."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self.rehearsal = rehearsal
        self.before = inventory(rehearsal)
        self.stack: Stack = rehearsal.stack(
            "life",
            egress="none",
            endpointProfile="required",
            requirementsFile=REQUIREMENTS,
            airflowConfigurationOptions={"core.lazy_load_plugins": "False"},
            pluginsFile="examples/plugins.zip",
        )
        self.built = self.stack.up()

    @contextmanager
    def requirements(self) -> Iterator[Path]:
        """A copy of the requirements, in the project as a stack demands, yet apart from it."""
        with TemporaryDirectory(dir=ROOT / ".local") as directory:
            file = Path(directory, "requirements.txt")
            file.write_bytes((ROOT / REQUIREMENTS).read_bytes())
            yield file

    def environment(self) -> dict[str, Any]:
        """The environment as the service describes it."""
        described: dict[str, Any] = self.rehearsal.client("mwaa").get_environment(Name="life")
        facts: dict[str, Any] = described["Environment"]
        return facts


@pytest.fixture(scope="module")
def life(rehearsal: Rehearsal) -> Iterator[Life]:
    life = Life(rehearsal)
    yield life
    if rehearsal.workspace.has_stack("life"):
        life.stack.remove()


def test_up_builds_an_available_environment(life: Life) -> None:
    assert life.built.code == 0, life.built.errors or life.built.text
    assert life.environment()["Status"] == "AVAILABLE"
    outputs = life.stack.outputs()
    assert outputs["environmentName"] == "life"
    assert outputs["status"] == "AVAILABLE"
    assert len(outputs["subnetIds"]) == 2


def test_up_prints_no_warning(life: Life) -> None:
    assert "warning" not in life.built.text.lower()


def test_preview_without_a_change_finds_nothing_to_do(life: Life) -> None:
    plan = life.stack.preview()
    assert plan.code == 0, plan.errors or plan.text
    assert plan.touched() == []
    assert not plan.outputs_differ


def test_the_first_update_is_one_call_and_waits_for_running_tasks(life: Life) -> None:
    life.rehearsal.forget_requests()
    life.stack.set(maxWorkers=4)
    done = life.stack.up(policy=False)
    assert done.code == 0, done.errors or done.text
    assert ("update", ENVIRONMENT) in done.ops()
    assert not {op for op, _ in done.ops()} & {"replace", "create-replacement", "delete-replaced"}
    assert len(life.rehearsal.requests(operation="UpdateEnvironment")) == 1
    environment = life.environment()
    assert (environment["MaxWorkers"], environment["Status"]) == (4, "AVAILABLE")
    assert environment["LastUpdate"]["WorkerReplacementStrategy"] == "GRACEFUL"


def test_an_unchanged_file_is_no_update_and_a_changed_one_updates_to_its_new_version(
    life: Life,
) -> None:
    before = life.environment()["RequirementsS3ObjectVersion"]
    with life.requirements() as file:
        life.stack.set(requirementsFile=str(file.relative_to(ROOT)))
        assert life.stack.preview(policy=False).touched() == []
        with file.open("a", encoding="utf-8") as content:
            content.write("# a comment is another file to MWAA\n")
        done = life.stack.up(policy=False)
        assert done.code == 0, done.errors or done.text
        assert ("update", ENVIRONMENT) in done.ops()
        environment = life.environment()
        assert environment["Status"] == "AVAILABLE"
        assert environment["RequirementsS3ObjectVersion"] != before
        version = life.stack.outputs()["requirementsVersion"]
        assert environment["RequirementsS3ObjectVersion"] == version
        assert life.stack.preview(policy=False).touched() == []
        bucket = life.stack.outputs()["bucketName"]
        stored = life.rehearsal.client("s3").get_object(
            Bucket=bucket, Key=environment["RequirementsS3Path"], VersionId=version
        )
        assert stored["Body"].read() == file.read_bytes()
    life.stack.set(requirementsFile=REQUIREMENTS)
    assert life.stack.up(policy=False).code == 0


# What would replace the environment, and the value it was deployed with. Each alone:
# tests/mwaa/settings/test_replacement.py.
REPLACING: dict[str, tuple[object, str]] = {
    "endpointManagement": ("CUSTOMER", "SERVICE"),
    "encryption": ("aws-owned", "customer-managed"),
    "environmentName": ("other", "life"),
    "vpcCidr": ("10.200.0.0/16", "10.192."),
    "availabilityZones": (["us-east-1a", "us-east-1c"], "us-east-1b"),
    "airflowVersion": ("3.0.6", "2.10.3"),
}


def test_changes_that_would_replace_are_refused_at_preview(life: Life) -> None:
    before = {setting: life.stack.config.get(f"mwaa:{setting}") for setting in REPLACING}
    created = life.environment()["CreatedAt"]
    life.stack.set(**{setting: value for setting, (value, _) in REPLACING.items()})
    life.rehearsal.forget_requests()
    try:
        plan = life.stack.preview(policy=False)
        assert plan.code != 0
        assert "allowReplacement" in plan.text
        lines = plan.text.splitlines()
        for setting, (_, old) in REPLACING.items():
            assert any(setting in line and old in line for line in lines), (setting, plan.text)
        # Whose credentials these are, and whether somebody upgraded it outside of the program.
        asked = {one["operation"] for one in life.rehearsal.requests()}
        assert asked <= {"GetCallerIdentity", "GetEnvironment"}
        applied = life.stack.up(policy=False)
        assert applied.code != 0
    finally:
        life.stack.set(**before)
    assert life.environment()["CreatedAt"] == created


def test_a_change_made_outside_is_undone_by_the_command_that_the_verbs_print(life: Life) -> None:
    life.rehearsal.client("mwaa").update_environment(Name="life", MaxWorkers=7)
    # The state still says 4, as the program does: without a refresh there is nothing to do.
    assert life.stack.preview(policy=False).touched() == []
    assert "`pulumi up --refresh` brings" in FIX_DRIFT
    restored = life.stack.up("--refresh", policy=False)
    assert restored.code == 0, restored.errors or restored.text
    assert ("update", ENVIRONMENT) in restored.ops()
    assert life.environment()["MaxWorkers"] == 4


def test_destroy_leaves_nothing_in_the_account(life: Life) -> None:
    done = life.stack.destroy()
    assert done.code == 0, done.errors or done.text
    after = inventory(life.rehearsal)
    left = {kind: names - life.before[kind] for kind, names in after.items()}
    assert {kind: names for kind, names in left.items() if names} == {}
