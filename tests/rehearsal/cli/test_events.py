"""What a command reads from the engine's event log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rehearsal.cli import events
from rehearsal.cli.console import Console
from rehearsal.cli.events import AdvisoryFinding, RunSummary
from rehearsal.cli.verbs import up


def log(folder: Path, *written: dict[str, Any]) -> Path:
    """An event log with these events."""
    file = folder / "events.json"
    file.write_text("".join(json.dumps(event) + "\n" for event in written), encoding="utf-8")
    return file


def stack_outputs(old: dict[str, Any] | None, new: dict[str, Any]) -> dict[str, Any]:
    """The event with which a stack registers its outputs."""
    facts = {"type": events.STACK_TYPE, "old": old and {"outputs": old}, "new": {"outputs": new}}
    return {"resOutputsEvent": {"metadata": facts}}


def summary(**changes: int) -> dict[str, Any]:
    """The event that ends a run."""
    return {"summaryEvent": {"resourceChanges": changes}}


@pytest.mark.parametrize(
    ("changes", "changed"),
    [({"same": 84, "read": 1}, 0), ({"same": 3, "update": 1, "delete": 2}, 3), ({}, 0)],
)
def test_what_counts_as_a_change(tmp_path: Path, changes: dict[str, int], changed: int) -> None:
    found = events.read_summary(log(tmp_path, summary(**changes)))
    assert (found.changed, found.has_work) == (changed, changed > 0)


@pytest.mark.parametrize(
    ("old", "new", "differ"),
    [
        ({"url": "a"}, {"url": "a"}, False),
        ({"url": "a"}, {"url": "b"}, True),
        ({"url": "a"}, {}, True),
        (None, {"url": "a"}, True),
    ],
)
def test_outputs_alone_are_work_too(
    tmp_path: Path, old: dict[str, Any] | None, new: dict[str, Any], differ: bool
) -> None:
    # The stack is announced before its outputs are registered: the last word counts.
    early = stack_outputs({"url": "x"}, {"url": "y"})
    found = events.read_summary(log(tmp_path, early, stack_outputs(old, new), summary(same=2)))
    assert (found.outputs_differ, found.has_work, found.changed) == (differ, differ, 0)


def test_advice_is_distinguished_from_violations_and_from_what_waits(tmp_path: Path) -> None:
    def finding(rule: str, level: str, message: str) -> dict[str, Any]:
        return {"policyEvent": {"policyName": rule, "enforcementLevel": level, "message": message}}

    advice = finding("a", "advisory", "Why.\nfound: this\nmend it: so\n")
    waits = finding("b", "advisory", "can't run policy 'b' during preview: not known yet")
    stops = finding("c", "mandatory", "Why.\nfound: that")
    passed = {"policyAnalyzeStackSummaryEvent": {"passed": ["d", "e"]}}
    found = events.read_summary(log(tmp_path, advice, advice, waits, stops, passed))
    assert [(one.rule, one.undecided) for one in found.advice] == [("a", False), ("b", True)]
    assert found.advice[0].found == "this"
    assert found.passed == 2


def test_an_interrupt_that_only_the_engine_saw_is_reported(tmp_path: Path) -> None:
    said = {"stdoutEvent": {"message": "^C received; cancelling. If you would like to ..."}}
    assert events.read_summary(log(tmp_path, said, summary(create=3))).canceled
    other = {"stdoutEvent": {"message": "a provider's note"}}
    assert not events.read_summary(log(tmp_path, other, summary(create=3))).canceled


def test_a_run_without_a_log_has_no_account(tmp_path: Path) -> None:
    assert events.read_summary(tmp_path / "missing") == RunSummary()
    assert events.steps(tmp_path / "missing") == 0


@pytest.mark.parametrize(
    ("plan", "said", "unsaid"),
    [
        (RunSummary({"same": 84}), "nothing to change", "outputs"),
        (RunSummary({"same": 84}, outputs_differ=True), "outputs to change", "nothing"),
        (
            RunSummary({"create": 2}, advice=(AdvisoryFinding("r", "Why.\nfound: x"),)),
            "r: x",
            "after the",
        ),
        (
            RunSummary({"same": 2}, advice=(AdvisoryFinding("r", "Why.\nfound: x"),)),
            "1 rule with advice",
            "r: x",
        ),
        (
            RunSummary({"create": 2}, advice=(AdvisoryFinding("r", "can't run policy"),)),
            "1 decided after the update",
            "advice",
        ),
    ],
)
def test_the_plan_is_printed_in_short(
    plan: RunSummary, said: str, unsaid: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with Console() as console:
        up.tell(plan, "local", console)
    printed = capsys.readouterr().err
    assert said in printed
    assert unsaid not in printed
