"""Several environments and stacks at once: doctor and drift, one summary, one exit code."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
import typer
from botocore.exceptions import ClientError

from ops.commands import drift
from ops.commands.doctor import doctor
from ops.commands.drift import Compared, Difference
from ops.commands.impact import impact
from ops.commands.impact.assessment import assess
from ops.commands.impact.impact import Foreseen
from ops.commands.impact.preview import parse
from ops.errors import RefusedError
from ops.fleet import several
from ops.fleet.several import Outcome
from ops.fleet.shared import Answers
from ops.terminal import Format
from tests.ops.emulated import Emulated, emulated

FLEET = 4


@pytest.fixture(scope="module")
def there() -> Iterator[Emulated]:
    with emulated() as found:
        found.multiply(FLEET)
        yield found


@pytest.fixture
def account(there: Emulated, monkeypatch: pytest.MonkeyPatch) -> Emulated:
    """The doctor speaks to the account in this process."""
    monkeypatch.setattr(doctor, "AwsSession", lambda **_: there.account())
    return there


def examined(capsys: pytest.CaptureFixture[str], **asked: Any) -> tuple[int, Any, int]:
    """Exit code, document and the number of AWS calls."""
    with pytest.raises(typer.Exit) as ended:
        doctor.run(form=doctor.ReportFormat.JSON, **asked)
    printed = capsys.readouterr()
    calls = int(printed.err.strip().splitlines()[-1].split()[0])
    return ended.value.exit_code, json.loads(printed.out), calls


@pytest.mark.usefixtures("account")
def test_the_doctor_examines_all_and_reads_once_what_they_share(
    capsys: pytest.CaptureFixture[str], there: Emulated
) -> None:
    code, found, calls = examined(capsys, every=True)
    assert sorted(one["environment"] for one in found["environments"]) == [
        "etl",
        *(f"etl-{number}" for number in range(1, FLEET)),
    ]
    assert sum(found["verdicts"].values()) == FLEET
    codes = {"healthy": 0, "broken": 1, "drifted": 1, "unsure": 2}
    verdicts = [codes[one["verdict"]] for one in found["environments"]]
    assert code == several.exit_code(verdicts)
    alone = there.aws()
    single = doctor.examine(doctor.Inspected(there.account(), "etl", there.described()), alone)
    assert calls < alone.calls * FLEET / 2
    shared = next(one for one in found["environments"] if one["environment"] == "etl")
    assert {one["id"]: one["verdict"] for one in shared["rules"]} == {
        one["id"]: one["verdict"] for one in single.document()["rules"]
    }


@pytest.mark.usefixtures("account")
def test_one_that_is_not_there_does_not_stop_the_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, found, _ = examined(capsys, environments=["etl", "elt"])
    assert [one["environment"] for one in found["environments"]] == ["etl"]
    assert found["not_examined"][0]["name"] == "elt"
    assert "did you mean etl" in found["not_examined"][0]["why"]
    assert code in {1, 2}
    with pytest.raises(typer.Exit):
        doctor.run(["etl", "elt"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:2] == ["etl", "AVAILABLE"]
    assert "not examined" in lines[1]
    assert lines[-1].startswith("2 environments: ")


def test_all_and_names_exclude_each_other() -> None:
    with pytest.raises(RefusedError, match="every environment of the account"):
        doctor.run(["etl"], every=True)
    with pytest.raises(RefusedError, match="every stack of the project"):
        drift.run(["prod"], every=True)


@pytest.mark.parametrize(
    ("codes", "expected"), [([], 0), ([0, 0], 0), ([0, 2], 2), ([2, 1, 0], 1), ([1], 1)]
)
def test_the_worst_answer_is_the_exit_code(codes: list[int], expected: int) -> None:
    assert several.exit_code(codes) == expected


def test_an_answer_is_asked_for_once_by_many_threads_and_an_error_is_one() -> None:
    answers, asked, gate = Answers(), [], threading.Event()

    def ask() -> dict[str, Any]:
        asked.append(1)
        gate.wait(5)
        raise ClientError({"Error": {"Code": "AccessDenied"}}, "GetRole")

    def one(_: int) -> str:
        with pytest.raises(ClientError) as error:
            answers.once("iam get_role", ask)
        return str(error.value)

    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(one, number) for number in range(8)]
        gate.set()
        assert len({done.result() for done in waiting}) == 1
    assert asked == [1]


def compared(name: str, *fields: str) -> Compared:
    return Compared(name, [Difference(one, 1, 2) for one in fields], "a user", "")


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ([Outcome("dev", compared("dev")), Outcome("prod", compared("prod"))], 0),
        ([Outcome("dev", compared("dev")), Outcome("prod", refusal="no right")], 2),
        ([Outcome("dev", compared("dev", "tags")), Outcome("prod", refusal="no right")], 1),
        ([Outcome("dev", compared("dev"))], 0),
    ],
)
def test_drift_of_several_stacks_has_one_code(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    outcomes: list[Outcome[Compared]],
    code: int,
) -> None:
    monkeypatch.setattr(several, "each", lambda *_: outcomes)
    try:
        drift.run([one.name for one in outcomes], form=Format.JSON)
        ended = 0
    except typer.Exit as end:
        ended = end.exit_code
    found = json.loads(capsys.readouterr().out)
    assert ended == code
    # One stack keeps the document that it always had.
    listed = found.get("stacks", [found])
    assert ["not_compared" in one for one in listed] == [not one.result for one in outcomes]


def test_several_stacks_end_with_one_line_for_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = [
        Outcome("a", compared("a")),
        Outcome("b", compared("b", "tags")),
        Outcome("c", compared("c", "tags")),
        Outcome("d", refusal="no right"),
    ]
    monkeypatch.setattr(several, "each", lambda *_, **__: outcomes)
    with pytest.raises(typer.Exit):
        drift.run([one.name for one in outcomes])
    assert capsys.readouterr().out.splitlines()[-1] == (
        "4 stacks: 1 as the state says, 2 that differ, 1 not compared"
    )
    plans = [Outcome("a", foreseen()), Outcome("b", foreseen("delete")), outcomes[-1]]
    monkeypatch.setattr(several, "each", lambda *_, **__: plans)
    with pytest.raises(typer.Exit):
        impact.run(["a", "b", "d"])
    assert capsys.readouterr().out.splitlines()[-1] == (
        "3 stacks: 1 nothing for Airflow, 1 loss of data, 1 not known"
    )


@pytest.mark.usefixtures("account")
def test_one_that_was_refused_has_its_reason_in_one_line_and_then_in_full(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = "permission missing: airflow:GetEnvironment. Add to the policy:\n  {statement}"

    def refused(*_: Any) -> Any:
        raise RefusedError(refusal)

    monkeypatch.setattr(doctor, "describe", refused)
    with pytest.raises(typer.Exit):
        doctor.run(["etl", "etl-1"])
    said = capsys.readouterr().out
    assert said.splitlines()[0].split("  ")[-1] == "permission missing: airflow:GetEnvironment"
    assert f"etl was not examined: {refusal}" in said


def test_all_stacks_are_those_that_were_brought_up(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = [{"name": "prod", "resourceCount": 60}, {"name": "new", "resourceCount": 0}]
    monkeypatch.setattr(several, "pulumi", lambda *_: json.dumps(listed))
    assert several.stacks(every=True, given=None) == ["prod"]
    monkeypatch.setattr(several, "pulumi", lambda *_: json.dumps(listed[1:]))
    with pytest.raises(RefusedError, match="no stack of this project has been brought up"):
        several.stacks(every=True, given=None)
    assert several.stacks(every=False, given=["a", "a", "b"]) == ["a", "b"]
    assert several.stacks(every=False, given=None) == [""]


def foreseen(op: str = "") -> Foreseen:
    urn = "urn:pulumi:prod::mwaa::aws:mwaa/environment:Environment::prod"
    steps = [{"op": op, "urn": urn, "oldState": {"inputs": {"name": "prod"}}}] if op else []
    plan = parse(json.dumps({"steps": steps, "changeSummary": {op or "same": 1}}))
    return Foreseen(plan, assess(plan.steps), "prod", None)


@pytest.mark.parametrize(
    ("plans", "code"),
    [
        ({"dev": foreseen(), "prod": foreseen()}, 0),
        ({"dev": foreseen(), "prod": foreseen("delete")}, 1),
        ({"dev": None, "prod": foreseen()}, 2),
        ({"dev": None, "prod": foreseen("delete")}, 1),
    ],
)
def test_the_impact_on_several_stacks_has_one_code(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    plans: dict[str, Foreseen | None],
    code: int,
) -> None:
    def foresee(stack: str, *_: Any, **__: Any) -> Foreseen:
        found = plans[stack]
        if found is None:
            raise RefusedError("the preview failed")
        return found

    monkeypatch.setattr(impact, "foresee", foresee)
    try:
        impact.run(list(plans), form=Format.JSON)
        ended = 0
    except typer.Exit as end:
        ended = end.exit_code
    found = json.loads(capsys.readouterr().out)["stacks"]
    assert ended == code
    assert [one["stack"] for one in found] == list(plans)
    assert ["not_known" in one for one in found] == [plan is None for plan in plans.values()]
    with suppress(typer.Exit):
        impact.run(list(plans))
    assert capsys.readouterr().out.startswith("dev:\n  ")
