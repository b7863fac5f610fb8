"""An upgrade of a copy: the same steps as ``mwaa upgrade`` makes, on a real Airflow."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from ops.airflow import document
from ops.airflow.api import Airflow
from ops.airflow.brought import Brought
from ops.airflow.kinds import KINDS
from ops.airflow.secrecy import Secrecy
from ops.airflow.taken import Taken
from ops.commands.upgrade.upgrade import again, carry_out, version_of
from ops.commands.upgrade.way import way
from ops.errors import FailedError
from ops.follow import follow
from ops.target import Target, resolve
from rehearsal.airflow import launch, record
from rehearsal.airflow.account import Account
from rehearsal.airflow.place import Place
from rehearsal.cli import server
from rehearsal.cli.console import Console
from rehearsal.cli.workspace import ROOT, UNSET, Workspace, no_proxy
from rehearsal.copies import account
from rehearsal.copies.copy import Copy

PARTS: Final = frozenset({"variables", "connections", "pools", "roles"})
INTERVAL_SECONDS: Final = 1.0
PARSE_SECONDS: Final = 120.0
"""Until every DAG file was read again, or some was not."""


@dataclass
class Report:
    """What happened. ``lost`` are objects by kind that the upgrade did not keep, ``missing`` DAGs
    that are not there afterwards, ``not_copied`` what the copy does not have, with the reason."""

    environment: str
    source: str
    to: str
    steps: list[dict[str, Any]] = field(default_factory=list)
    failure: str = ""
    objects: dict[str, int] = field(default_factory=dict)
    lost: dict[str, list[str]] = field(default_factory=dict)
    dags: int = 0
    missing: list[str] = field(default_factory=list)
    import_errors: dict[str, str] = field(default_factory=dict)
    not_copied: dict[str, str] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        """The same as a JSON object."""
        return dict(vars(self))


def rehearse(copy: Copy, to: str, console: Console) -> Report:
    """Build the copy, upgrade it, look at it, and leave nothing running.

    Raises ``RehearsalError`` where the copy cannot be built.
    """
    described = copy.description
    name = str(described["Name"])
    region = str(described["Arn"]).split(":")[3]
    console.say(launch.NOTICE)
    with _running(copy, region, console) as (made, place):
        account.make(made, copy)
        follow(made.client("mwaa"), name, interval_seconds=0.5, tell=console.progress)
        launch.launch(place, made, name, console.progress)
        target = resolve(environment=name, region=region)
        report = Report(name, version_of(target), to)
        _fill(target, copy, report)
        before, dags = _held(target), _parsed(target, since=0.0, wanted=set())
        try:
            _upgrade(target, to, copy, report, console)
        except FailedError as failure:
            report.failure = f"{_reason(place)}{failure}"
        _compare(again(target), before, dags, report)
    return report


@contextmanager
def _running(copy: Copy, region: str, console: Console) -> Iterator[tuple[Account, Place]]:
    """An emulated AWS of the copy's own, in which this process works, until the block ends."""
    workspace = Workspace(ROOT, copy.folder / "rehearsal")
    place = Place(workspace.home / "airflow")
    try:
        started = server.ensure(workspace, console.progress)
        made = Account(f"http://127.0.0.1:{started.port}", region)
        for variable in UNSET:
            os.environ.pop(variable, None)
        os.environ.update(made.variables() | no_proxy(os.environ))
        yield made, place
    finally:
        record.stop(place)
        record.discard(place)
        server.stop(workspace)


def _fill(target: Target, copy: Copy, report: Report) -> None:
    """Bring what the environment's Airflow holds; what cannot be is named in the report."""
    held = document.load(copy.objects)
    brought = Brought(Airflow(target), held, lambda _: None)
    steps = brought.plan(PARTS)
    brought.apply(steps)
    report.not_copied |= {
        f"{part} {name}": why for part, one in steps.items() for name, why in one.blocked.items()
    }
    report.not_copied["history"] = "no API takes runs and task instances"


def _held(target: Target) -> dict[str, set[str]]:
    """The names of what Airflow holds, by kind."""
    found = Taken(Airflow(target), Secrecy()).document()
    return {kind.name: {str(one[kind.key]) for one in found.items(kind.name)} for kind in KINDS}


def _upgrade(target: Target, to: str, copy: Copy, report: Report, console: Console) -> None:
    """Each step by itself, so that each has its time; the project's files go with the first."""
    files = copy.new
    for step in way(version_of(target), to):
        began = time.monotonic()
        try:
            carry_out(target, step.new, [step], None, files=files, interval=INTERVAL_SECONDS)
        finally:
            seconds = round(time.monotonic() - began, 1)
            report.steps.append({"from": step.old, "to": step.new, "seconds": seconds})
        console.say(f"the copy runs {step.new} ({seconds:.0f} s)")
        target, files = again(target), {}


def _reason(place: Place) -> str:
    """Why the copy's Airflow did not start, which the service's words do not say."""
    said = (place.home / "supervisor.log").read_text("utf-8", "replace").splitlines()
    lines = [line.split(" ", 1)[-1] for line in said if "rolled back: " in line]
    return f"{lines[-1]}\n" if lines else ""


def _compare(target: Target, before: dict[str, set[str]], dags: set[str], report: Report) -> None:
    after = _held(target)
    report.objects = {kind: len(names) for kind, names in before.items()}
    report.lost = {
        kind: sorted(names - after[kind]) for kind, names in before.items() if names - after[kind]
    }
    report.dags = len(dags)
    report.missing = sorted(dags - _parsed(target, since=time.time(), wanted=dags))
    for one in Airflow(target).pages("/importErrors", "import_errors"):
        file = str(one["filename"]).rsplit("/dags/", 1)[-1]
        report.import_errors[file] = str(one["stack_trace"]).strip().split("\n")[-1]


def _parsed(target: Target, *, since: float, wanted: set[str]) -> set[str]:
    """The DAGs that Airflow has read after ``since``; waits for ``wanted``, or, without any, until
    their number stays the same. Those of a file with an error are never read again."""
    airflow, found = Airflow(target), set[str]()
    end, stable = time.monotonic() + PARSE_SECONDS, 0
    while time.monotonic() < end and stable < 10:
        time.sleep(1)
        last = found
        found = {
            str(one["dag_id"])
            for one in airflow.pages("/dags", "dags")
            if one.get("last_parsed_time") and _moment(one["last_parsed_time"]) >= since
        }
        errors = airflow.send("GET", "/importErrors", limit=1).document["total_entries"]
        is_settled = wanted <= found if wanted and not errors else bool(found or errors)
        stable = stable + 1 if found == last and is_settled else 0
        if wanted and wanted <= found and not errors:
            break
    return found


def _moment(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
