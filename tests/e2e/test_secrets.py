"""A secret setting is nowhere in clear but where the environment needs it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.stacks.rehearsal import UNWATCHED, Rehearsal, Stack

OPTION = "smtp.smtp_user"
CANARY = "canary-that-must-not-sing"
SECOND = "another-bird-that-must-not-sing"

# The emulated service keeps what it was given, as AWS does: GetEnvironment must return it.
SERVICE_STATE = "account.state"


@pytest.fixture(scope="module")
def stack(rehearsal: Rehearsal) -> Iterator[Stack]:
    """A stack with one secret option, up."""
    stack = rehearsal.stack(
        "canary",
        egress="none",
        endpointProfile="required",
        airflowConfigurationOptions={"core.default_task_retries": 2},
        **UNWATCHED,
    )
    stack.encrypt("airflowConfigurationOptions", OPTION, CANARY)
    yield stack
    stack.remove()


def sung(text: str) -> list[str]:
    """The lines that give a secret away."""
    return [line for line in text.splitlines() if CANARY in line or SECOND in line]


def assert_silent(rehearsal: Rehearsal, stack: Stack) -> None:
    """Nothing that the stack or the rehearsal keeps holds a secret in clear."""
    assert sung(stack.print("stack", "export")) == []
    assert sung(stack.print("stack", "output", "--json")) == []
    assert sung(stack.print("stack", "--show-urns")) == []
    assert sung(str(rehearsal.requests())) == []
    assert singing(rehearsal.workspace.home) == []


def singing(folder: Path) -> list[str]:
    """The files below `folder` that hold a secret in clear."""
    birds = (CANARY.encode(), SECOND.encode())
    return [
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file() and not file.is_symlink() and file.name != SERVICE_STATE
        if any(bird in file.read_bytes() for bird in birds)
    ]


def test_a_secret_option_stays_secret(rehearsal: Rehearsal, stack: Stack) -> None:
    for view in ((), ("--json",)):
        # What the pack says is the same in each view.
        plan = stack.preview(*view, policy=not view)
        assert plan.code == 0, plan.errors or plan.text
        assert sung(plan.text) == []
        assert singing(rehearsal.workspace.home) == []
    done = stack.up("--diff")
    assert done.code == 0, done.errors or done.text
    assert sung(done.text) == []
    assert_silent(rehearsal, stack)
    facts = rehearsal.client("mwaa").get_environment(Name="canary")["Environment"]
    assert facts["AirflowConfigurationOptions"][OPTION] == CANARY


def test_a_changed_secret_is_an_update_that_shows_neither(
    rehearsal: Rehearsal, stack: Stack
) -> None:
    stack.encrypt("airflowConfigurationOptions", OPTION, SECOND)
    for view in ((), ("--json",)):
        plan = stack.preview(*view, policy=not view)
        assert plan.code == 0, plan.errors or plan.text
        assert ("update", "aws:mwaa/environment:Environment") in plan.ops()
        assert sung(plan.text) == []
    done = stack.up("--diff")
    assert done.code == 0, done.errors or done.text
    assert sung(done.text) == []
    assert_silent(rehearsal, stack)
    facts = rehearsal.client("mwaa").get_environment(Name="canary")["Environment"]
    assert facts["AirflowConfigurationOptions"][OPTION] == SECOND


def test_a_refused_secret_is_not_repeated(stack: Stack) -> None:
    stack.encrypt("airflowConfigurationOptions", OPTION, f"{SECOND}\N{BELL}")
    plan = stack.preview()
    assert plan.code != 0
    assert OPTION in plan.text
    assert sung(plan.text) == []


def test_refresh_and_destroy_keep_it_too(rehearsal: Rehearsal, stack: Stack) -> None:
    stack.encrypt("airflowConfigurationOptions", OPTION, SECOND)
    for run in (stack.refresh, stack.destroy):
        done = run()
        assert done.code == 0, done.errors or done.text
        assert sung(done.text) == []
        assert_silent(rehearsal, stack)
