"""The life of one stack without internet: built, unchanged, changed, drifted, destroyed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.account import inventory
from tests.e2e.rehearsal import Rehearsal, Stack

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
            requirementsFile="examples/requirements.txt",
        )
        self.built = self.stack.up()

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


def test_a_changed_worker_count_updates_the_environment_in_place(life: Life) -> None:
    life.stack.set(maxWorkers=4)
    done = life.stack.up()
    assert done.code == 0, done.errors or done.text
    assert ("update", ENVIRONMENT) in done.ops()
    assert not {op for op, _ in done.ops()} & {"replace", "create-replacement", "delete-replaced"}
    environment = life.environment()
    assert (environment["MaxWorkers"], environment["Status"]) == (4, "AVAILABLE")


@pytest.mark.parametrize(
    ("setting", "value", "old"),
    [
        ("endpointManagement", "CUSTOMER", "SERVICE"),
        ("encryption", "aws-owned", "customer-managed"),
        ("environmentName", "other", "life"),
        ("vpcCidr", "10.200.0.0/16", "10.192."),
    ],
)
def test_a_change_that_would_replace_is_refused_at_preview(
    life: Life, setting: str, value: str, old: str
) -> None:
    before = life.stack.config.get(f"mwaa:{setting}")
    created = life.environment()["CreatedAt"]
    life.stack.set(**{setting: value})
    try:
        plan = life.stack.preview()
        assert plan.code != 0
        assert "allowReplacement" in plan.text
        assert old in plan.text
        applied = life.stack.up()
        assert applied.code != 0
    finally:
        life.stack.set(**{setting: before})
    assert life.environment()["CreatedAt"] == created


def test_refresh_sees_a_change_made_behind_its_back_and_up_mends_it(life: Life) -> None:
    life.rehearsal.client("mwaa").update_environment(Name="life", MaxWorkers=7)
    drift = life.stack.refresh()
    assert drift.code == 0, drift.errors or drift.text
    states = life.stack.export()["deployment"]["resources"]
    seen = next(state for state in states if state["type"] == ENVIRONMENT)
    assert seen["outputs"]["maxWorkers"] == 7
    mended = life.stack.up()
    assert mended.code == 0, mended.errors or mended.text
    assert ("update", ENVIRONMENT) in mended.ops()
    assert life.environment()["MaxWorkers"] == 4


def test_a_program_error_is_shown_once_and_nothing_is_called(life: Life) -> None:
    life.stack.set(maxWorkers=1, minWorkers=3)
    try:
        life.rehearsal.forget_requests()
        plan = life.stack.preview()
        assert plan.code != 0
        assert plan.text.count("minWorkers") >= 1
        assert "Traceback" not in plan.text
        assert life.rehearsal.requests() == []
    finally:
        life.stack.set(maxWorkers=4, minWorkers=None)


def test_destroy_leaves_nothing_in_the_account(life: Life) -> None:
    done = life.stack.destroy()
    assert done.code == 0, done.errors or done.text
    after = inventory(life.rehearsal)
    left = {kind: names - life.before[kind] for kind, names in after.items()}
    assert {kind: names for kind, names in left.items() if names} == {}
