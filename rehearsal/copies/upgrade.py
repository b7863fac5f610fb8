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
from rehearsal.airflow import launch
from rehearsal.airflow.account import Account
from rehearsal.airflow.place import Place
from rehearsal.cli import server
from rehearsal.cli.console import Console
from rehearsal.cli.workspace import UNSET, no_proxy
from rehearsal.copies import account, lifetime
from rehearsal.copies.copy import Copy

PARTS: Final = frozenset({"variables", "connections", "pools", "roles"})
INTERVAL_SECONDS: Final = 1.0
PARSE_SECONDS: Final = 120.0
"""Until every DAG file was read again, or some was not."""
STABLE_SECONDS: Final = 10


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
        before, dags = _held(target), _settled(target)
        try:
            _upgrade(target, to, copy, report, console)
        except FailedError as failure:
            report.failure = f"{_reason(place)}{failure}"
        _compare(again(target), before, dags, report)
    return report


@contextmanager
def _running(copy: Copy, region: str, console: Console) -> Iterator[tuple[Account, Place]]:
    """An emulated AWS of the copy's own, in which this process works, until the block ends."""
    with lifetime.bound(copy):
        started = server.ensure(lifetime.workspace_of(copy), console.progress, forks=False)
        made = Account(f"http://127.0.0.1:{started.port}", region)
        for variable in UNSET:
            os.environ.pop(variable, None)
        os.environ.update(made.variables() | no_proxy(os.environ))
        yield made, lifetime.place_of(copy)


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


def _compare(
    target: Target, before: dict[str, set[str]], dags: dict[str, str], report: Report
) -> None:
    after = _held(target)
    report.objects = {kind: len(names) for kind, names in before.items()}
    report.lost = {
        kind: sorted(names - after[kind]) for kind, names in before.items() if names - after[kind]
    }
    report.dags = len(dags)
    report.missing = sorted(dags.keys() - _read_again(target, dags))
    report.import_errors = _errors(target)


def _dags(target: Target, since: float = 0.0) -> dict[str, str]:
    """The DAGs that Airflow has read after ``since``, and their files."""
    return {
        str(one["dag_id"]): _file(str(one.get("fileloc") or ""))
        for one in Airflow(target).pages("/dags", "dags")
        if one.get("last_parsed_time") and _moment(one["last_parsed_time"]) >= since
    }


def _errors(target: Target) -> dict[str, str]:
    """The files that do not import, and why."""
    return {
        _file(str(one["filename"])): str(one["stack_trace"]).strip().split("\n")[-1]
        for one in Airflow(target).pages("/importErrors", "import_errors")
    }


def _file(path: str) -> str:
    return path.rsplit("/dags/", 1)[-1]


def _settled(target: Target) -> dict[str, str]:
    """The DAGs, when their number has stayed the same for a while."""
    found, stable = dict[str, str](), 0
    end = time.monotonic() + PARSE_SECONDS
    while time.monotonic() < end and stable < STABLE_SECONDS:
        time.sleep(1)
        last, found = found, _dags(target)
        stable = stable + 1 if found == last and (found or _errors(target)) else 0
    return found


def _read_again(target: Target, dags: dict[str, str]) -> set[str]:
    """Which of ``dags`` are read from now on; those of a file with an error never are."""
    since, end = time.time(), time.monotonic() + PARSE_SECONDS
    while True:
        found, errors = _dags(target, since).keys(), _errors(target)
        waiting = {name for name, file in dags.items() if file not in errors} - found
        if not waiting or time.monotonic() > end:
            return set(found)
        time.sleep(1)


def _moment(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
