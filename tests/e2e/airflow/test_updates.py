"""Updates of an environment whose Airflow runs, and its workers: a life of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rehearsal.airflow import launch, processes, record
from rehearsal.airflow.account import Account
from tests.e2e.airflow.breaking import mwaa
from tests.rehearsal.airflow import browser
from tests.rehearsal.airflow.life import NAME, Life, lived_where_it_can, until
from tests.rehearsal.emulator.platforms.customer import REGION

pytestmark = pytest.mark.drill

BROKEN = b"echo this container does not start\nexit 3\n"


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    plain = {"RequirementsS3Path": None, "RequirementsS3ObjectVersion": None}
    with lived_where_it_can(tmp_path_factory, "3.11", "3.12", **plain) as found:
        yield found


def updated(life: Life, **changes: Any) -> list[str]:
    """The statuses that an update walks through until it is over."""
    life.customer.mwaa.update_environment(Name=NAME, **changes)
    seen: list[str] = []

    def is_over() -> bool:
        status = life.customer.status
        if status not in seen[-1:]:
            seen.append(status)
        return status in ("AVAILABLE", "UPDATE_FAILED", "UNAVAILABLE")

    until(is_over)
    return seen


def phase(life: Life) -> str:
    found = record.read(life.place)
    return found.phase if found is not None else ""


def test_workers_follow_the_tasks(life: Life) -> None:
    assert life.workers() == ["worker-1"]
    # More than two workers of mw1.small hold.
    run = life.trigger("burst", count=12, seconds=2)
    until(lambda: life.workers() == ["worker-1", "worker-2"])
    until(lambda: life.states("burst", run) == ["success"] * 13)
    # Without any task for less than two minutes of service time they stay.
    life.advance(60)
    time.sleep(4)
    assert life.workers() == ["worker-1", "worker-2"]
    life.advance(60)
    until(lambda: life.workers() == ["worker-1"])


def test_graceful_lets_a_task_finish_and_a_failed_update_leaves_the_old(life: Life) -> None:
    old = life.place.startup_script.read_bytes()
    before = life.customer.get()
    run = life.started("rest", seconds=12)
    put = life.client("s3").put_object(
        Bucket=life.customer.names.bucket, Key="startup.sh", Body=BROKEN
    )
    seen = updated(
        life, StartupScriptS3ObjectVersion=put["VersionId"], WorkerReplacementStrategy="GRACEFUL"
    )
    assert seen[0] == "UPDATING"
    assert seen[-2:] == ["ROLLING_BACK", "UPDATE_FAILED"]
    found = life.customer.get()
    assert found["LastUpdate"]["Status"] == "FAILED"
    assert found["LastUpdate"]["Error"]["ErrorCode"] == "INCORRECT_CONFIGURATION"
    assert found["StartupScriptS3ObjectVersion"] == before["StartupScriptS3ObjectVersion"]
    assert life.place.startup_script.read_bytes() == old
    assert life.states("rest", run) == ["success"]
    assert "this container does not start" in life.log("scheduler", "startup_script_execution_")
    life.run("hello")


def test_forced_ends_a_task_and_another_version_keeps_the_history(life: Life) -> None:
    run = life.started("rest", seconds=3600)
    tasks = processes.marked(life.place.home)
    seen = updated(life, AirflowVersion="2.11.2", WorkerReplacementStrategy="FORCED")
    assert seen[-2:] == ["UPDATING", "AVAILABLE"]
    assert not tasks & processes.marked(life.place.home)
    assert life.customer.get()["LastUpdate"]["Status"] == "SUCCESS"
    assert life.api("GET", "/version")["version"] == "2.11.2"
    assert life.states("rest", run) != ["success"]
    runs = {one["dag_id"] for one in life.api("GET", "/dags/~/dagRuns")["dag_runs"]}
    assert {"burst", "rest", "hello"} <= runs
    life.run("hello")


def test_airflow_3_comes_in_place(life: Life) -> None:
    assert updated(life, AirflowVersion="3.2.1")[-1] == "AVAILABLE"
    assert life.api("GET", "/version")["version"] == "3.2.1"
    runs = {one["dag_id"] for one in life.api("GET", "/dags/~/dagRuns")["dag_runs"]}
    assert {"burst", "rest", "hello"} <= runs
    life.run("hello")


def test_people_and_programs_come_in_to_airflow_3(life: Life, tmp_path: Path) -> None:
    for words in (("api", "GET", "/version"), ("api", "GET", "/version", "--session")):
        code, said = mwaa(life, *words, "--environment", NAME)
        assert code == 0, said
        assert json.loads(said)["version"] == "3.2.1"
    code, said = mwaa(life, "cli", "--environment", NAME, "--", "dags", "list", "-o", "plain")
    assert code == 0, said
    assert "hello" in said
    if browser.program() is not None:
        code, url = mwaa(life, "open", "--print", "--environment", NAME)
        html = browser.page(url.strip(), tmp_path)
        assert "Dags" in re.sub(r"<(script|style).*?</\1>", "", html, flags=re.S)


def test_a_supervisor_that_is_killed_in_the_middle_leaves_the_rest_to_the_next(life: Life) -> None:
    life.started("rest", seconds=3600)
    life.customer.mwaa.update_environment(
        Name=NAME, AirflowVersion="2.11.2", WorkerReplacementStrategy="GRACEFUL"
    )
    until(lambda: phase(life) == "updating")
    time.sleep(2)
    assert life.customer.status == "UPDATING"
    os.kill(life.record.pid, signal.SIGKILL)
    # The control plane goes on alone; the database still is that of the newer version.
    until(lambda: life.customer.status == "AVAILABLE")
    left = record.left(life.place)
    launch.launch(life.place, Account(life.endpoint, REGION), NAME, lambda _: None)
    assert not left & record.left(life.place)
    assert life.api("GET", "/version")["version"] == "2.11.2"
    life.run("hello")
