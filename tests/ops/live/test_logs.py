"""What the containers of an emulated environment wrote, as the doctor and the wait read it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mwaa.model.platform import LogGroup, Maybe, known
from mwaa.service.log_messages import PIP_FAILED
from mwaa.service.log_streams import REQUIREMENTS, STARTUP
from ops import written
from ops.commands.doctor.doctor import Inspected, examine
from ops.live.logs import MOST_STREAMS, log_groups
from policy.rules.rule import Verdict
from tests.ops.emulated import Emulated, emulated
from tests.ops.writing import WORKER, forget, log_everything, write

SECRET = "hunter2hunter2"


@pytest.fixture(scope="module")
def logging() -> Iterator[Emulated]:
    """An environment whose five groups exist."""
    with emulated() as found:
        log_everything(found)
        yield found


@pytest.fixture
def there(logging: Emulated) -> Iterator[Emulated]:
    """The same with empty groups."""
    yield logging
    forget(logging)


def read(there: Emulated, aws: Any = None) -> dict[str, LogGroup]:
    with ThreadPoolExecutor(4) as pool:
        found: Maybe[tuple[LogGroup, ...]] = log_groups(
            aws or there.aws(), "etl", pool, time.time()
        )
    assert known(found)
    return {group.id: group for group in found}


def lines(group: LogGroup) -> dict[str, Maybe[tuple[str, ...]]]:
    assert known(group.streams)
    return {stream.name: stream.lines for stream in group.streams}


def test_old_starts_are_read_and_old_work_is_not(there: Emulated) -> None:
    day = 24 * 3600
    start = write(there, WORKER, REQUIREMENTS, "a\nb", age=day)
    write(there, WORKER, "worker", "yesterday", age=day)
    now = write(there, WORKER, "worker", "today", host=2)
    found = lines(read(there)[WORKER])
    assert found[start] == ("a", "b")
    assert found[now] == ("today",)
    assert ("yesterday",) not in found.values()


def test_a_start_below_the_first_page_is_found(there: Emulated) -> None:
    start = write(there, WORKER, STARTUP, "begun", age=7200)
    for number in range(MOST_STREAMS):
        write(there, WORKER, "worker", "busy", host=number)
    assert lines(read(there)[WORKER])[start] == ("begun",)


def test_no_credential_leaves_the_reader(there: Emulated) -> None:
    write(there, WORKER, REQUIREMENTS, f"Looking in indexes: https://aws:{SECRET}@x/simple")
    write(there, WORKER, "worker", f"password={SECRET}", f'{{"api_key": "{SECRET}"}}')
    found = str(read(there)[WORKER])
    assert SECRET not in found and "https://***@x/simple" in found


def test_the_tasks_own_logs_are_nobodys_to_read(there: Emulated) -> None:
    write(there, "airflow-etl-Task", "dag_id=a/run_id=b/task_id=c", "mine")
    assert read(there)["airflow-etl-Task"].streams == ()


def test_the_doctor_says_why_nothing_is_installed(there: Emulated) -> None:
    told = "[INFO] - ERROR: No matching distribution found for orders==9"
    for group in (WORKER, "airflow-etl-Scheduler"):
        write(there, group, REQUIREMENTS, told, f"[ERROR] - {PIP_FAILED}. This could be")
    described = {**there.described(), "RequirementsS3Path": "requirements.txt"}
    found = examine(Inspected(there.account(), "etl", described), there.aws())
    (judged,) = [j for j in found.judgments if j.rule.id == "mwaa-logs-requirements-installed"]
    assert judged.verdict is Verdict.FAIL
    assert {one.resource for one in judged.findings} == {WORKER, "airflow-etl-Scheduler"}
    text = found.text(passes=False)
    assert f"    | {told}" in text and "there is no package orders==9" in text
    (rule,) = [r for r in found.document()["rules"] if r["id"] == judged.rule.id]
    assert rule["findings"][0]["lines"] == [told]
    assert found.code == 1


@pytest.mark.parametrize("newer", ["good", "bad"])
def test_the_newest_container_counts_whatever_the_streams_are_called(
    there: Emulated, newer: str
) -> None:
    good, bad = ("[INFO] - Successfully installed orders",), (f"[ERROR] - {PIP_FAILED}. This",)
    first, second = (bad, good) if newer == "good" else (good, bad)
    write(there, WORKER, REQUIREMENTS, *first, age=600)
    write(there, WORKER, REQUIREMENTS, *second, age=60)
    described = {**there.described(), "RequirementsS3Path": "requirements.txt"}
    found = examine(
        Inspected(there.account(), "etl", described),
        there.aws(),
        only=["mwaa-logs-requirements-installed"],
    )
    (judged,) = found.judgments
    assert judged.verdict is (Verdict.PASS if newer == "good" else Verdict.FAIL)


def test_a_wait_says_what_the_containers_wrote(there: Emulated) -> None:
    write(there, WORKER, STARTUP, "startup.sh: line 3: terraform: command not found")
    write(there, WORKER, "worker", "No module named 'orders'")
    (start,) = written.at_start(there.account(), "etl")
    assert "does not have: terraform" in start.sentence
    both = written.summary(written.troubles(there.account(), "etl"))
    assert "terraform: command not found" in both and "No module named 'orders'" in both
