"""The verb ``logs``: which streams, in which order, and what a person may ask for."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from mwaa.service.log_streams import REQUIREMENTS, STARTUP, task_stream
from ops.commands.logs import logs
from ops.commands.logs.events import LATE_MS, Event, followed
from ops.commands.logs.sources import Component, component_of, sources
from ops.commands.logs.when import moment
from ops.errors import RefusedError
from ops.target import Target
from ops.terminal import Format
from tests.ops.emulated import Emulated, emulated
from tests.ops.wheels import mwaa
from tests.ops.writing import WORKER, log_everything, put, write

TASK, SCHEDULER = "airflow-etl-Task", "airflow-etl-Scheduler"
SECRET = "hunter2hunter2"


@pytest.fixture(scope="module")
def there() -> Iterator[Emulated]:
    with emulated() as found:
        log_everything(found)
        write(found, WORKER, "worker", "third", f"password={SECRET}", age=50)
        write(found, SCHEDULER, "scheduler", "second\n  of two lines", age=60)
        write(found, WORKER, REQUIREMENTS, "first", age=70)
        write(found, SCHEDULER, STARTUP, "zero", age=80)
        write(found, WORKER, "worker", "long ago", age=5 * 3600)
        put(found, TASK, task_stream("orders", "r1", "load"), "loaded", age=40)
        put(found, TASK, task_stream("orders", "r1", "group.check"), "checked", age=30)
        put(found, TASK, task_stream("orders.eu", "r1", "load"), "loaded in the EU", age=20)
        yield found


@pytest.fixture
def printed(
    there: Emulated, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Any:
    """What the verb prints for these options, as the documents of ``--format json``."""

    def target(**_: Any) -> Target:
        return Target(there.account(), "etl", there.customer.get())  # type: ignore[arg-type]

    monkeypatch.setattr(logs, "resolve", target)

    def run(**options: Any) -> list[dict[str, str]]:
        logs.run(form=Format.JSON, **options)
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


def messages(documents: list[dict[str, str]]) -> list[str]:
    return [one["message"] for one in documents]


def test_all_groups_are_merged_by_time_and_what_is_older_stays_out(printed: Any) -> None:
    found = printed()
    assert [one["component"] for one in found] == [
        *("startup", "requirements", "scheduler", "worker", "worker"),
        *("task", "task", "task"),
    ]
    assert messages(found)[3:5] == ["third", "password=***"]
    assert [one["time"] for one in found] == sorted(one["time"] for one in found)
    assert "long ago" in messages(printed(since="6h"))


def test_a_component_is_a_group_or_what_containers_write_at_their_start(printed: Any) -> None:
    assert messages(printed(component=[Component.SCHEDULER])) == ["zero", "second\n  of two lines"]
    assert messages(printed(component=[Component.REQUIREMENTS])) == ["first"]
    both = printed(component=[Component.STARTUP, Component.SCHEDULER])
    assert messages(both) == ["zero", "second\n  of two lines"]
    assert printed(component=[Component.WEBSERVER]) == []


@pytest.mark.parametrize(
    ("task", "found"),
    [
        ("orders", ["loaded", "checked"]),
        ("orders.load", ["loaded"]),
        ("orders.group.check", ["checked"]),
        ("orders.eu", ["loaded in the EU"]),
        ("orders.eu.load", ["loaded in the EU"]),
        ("order", []),
    ],
)
def test_a_task_is_named_by_its_dag_and_itself(printed: Any, task: str, found: list[str]) -> None:
    assert messages(printed(task=task)) == found


def test_until_ends_before_what_is_younger(printed: Any) -> None:
    assert messages(printed(until="65s")) == ["zero", "first"]


def test_words_have_the_time_the_component_and_every_line(
    printed: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.run(component=[Component.SCHEDULER])
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].endswith("Z scheduler      second") and lines[2] == "      of two lines"
    logs.run(component=[Component.WEBSERVER])
    assert "nothing was written since" in capsys.readouterr().err


def test_a_group_that_is_not_there_is_named_and_the_others_are_read(
    there: Emulated, printed: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    client = there.customer.client("logs")
    client.delete_log_group(logGroupName="airflow-etl-WebServer")
    try:
        logs.run()
    finally:
        client.create_log_group(logGroupName="airflow-etl-WebServer")
    said = capsys.readouterr()
    assert "no log group airflow-etl-WebServer" in said.err and "third" in said.out


def test_who_follows_sees_each_event_once_and_late_ones_too() -> None:
    def event(at: int) -> Event:
        return Event(at, WORKER, "worker_a", str(at), f"m{at}")

    there = [event(LATE_MS + 10)]
    asked: list[int] = []

    def read(start: int) -> list[Event]:
        asked.append(start)
        return sorted((e for e in there if e.at >= start), key=lambda e: e.at)

    arriving = iter([event(LATE_MS + 5), event(2 * LATE_MS)])
    seen = followed(read, 0, lambda: there.append(next(arriving)))
    assert [next(seen).at for _ in range(3)] == [LATE_MS + 10, LATE_MS + 5, 2 * LATE_MS]
    assert asked == [0, 10, 10]


def test_following_ends_when_it_is_interrupted(
    printed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", interrupted)
    assert messages(printed(follow=True, component=[Component.REQUIREMENTS])) == ["first"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--since", "yesterday"], "--since yesterday: give an age such as 15m"),
        (["--until", "3x"], "--until 3x: give an age"),
        (["--since", "1h", "--until", "2h"], "--since 1h is not before --until 2h"),
        (["--since", "2999-01-01"], "--since 2999-01-01 is not before now"),
        (["--follow", "--until", "5m"], "--follow and --until exclude each other"),
        (["--task", "a", "--component", "worker"], "--component worker exclude each other"),
        (["--component", "triggerer"], "'triggerer' is not one of"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_before_aws_is_asked(
    arguments: list[str], words: str
) -> None:
    ran = mwaa("logs", "--environment", "etl", *arguments)
    assert ran.returncode == 2
    assert words in " ".join(ran.stderr.split()) and "Traceback" not in ran.stderr


def test_times_are_ages_or_times_in_utc() -> None:
    assert moment("--since", "2d", 200_000) == 200_000 - 2 * 86_400
    assert moment("--since", "1970-01-01T01:00", 0) == 3600
    assert moment("--since", "1970-01-01T01:00+01:00", 0) == 0
    with pytest.raises(RefusedError, match="2026-11-27T09:30"):
        moment("--since", "-5m", 0)


def test_every_component_has_streams_of_its_own_name() -> None:
    for component in Component:
        (first, *_) = sources("etl", [component], "")
        assert component_of(first.group, f"{first.prefix}_ip_1.0.log") == component
