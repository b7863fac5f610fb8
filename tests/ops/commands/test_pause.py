"""Pause and resume: what ran is remembered first, and only that is started again."""

import json
from typing import TYPE_CHECKING

import pytest

from ops.airflow.api import Airflow
from ops.airflow.dags import Memory
from ops.commands import pause
from ops.commands.pause import pause as pause_dags
from ops.commands.resume import resume
from ops.errors import FailedError, RefusedError
from ops.target import Target
from tests.ops.airflow.model import Model
from tests.ops.airflow.wire import target

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DAGS = {"ingest_a": False, "ingest_b": False, "report": False, "old": True}


@pytest.fixture(params=[1, 2])
def model(request: pytest.FixtureRequest) -> Model:
    return Model(api=request.param, dags=dict(DAGS))


@pytest.fixture
def there(model: Model, s3: "S3Client", bucket: str) -> Target:
    return target(model, s3, bucket)


def test_what_was_paused_before_stays_paused(there: Target, model: Model) -> None:
    assert pause_dags(there, []) == ["ingest_a", "ingest_b", "report"]
    assert all(model.dags.values())
    assert resume(there, []) == (["ingest_a", "ingest_b", "report"], [])
    assert model.dags == DAGS
    assert resume(there, []) == ([], [])


def test_a_second_pause_forgets_nothing_of_the_first(there: Target, model: Model) -> None:
    pause_dags(there, ["ingest_*"])
    assert model.dags == {**DAGS, "ingest_a": True, "ingest_b": True}
    assert pause_dags(there, []) == ["report"]
    assert pause_dags(there, []) == []
    assert resume(there, ["ingest_a"]) == (["ingest_a"], [])
    assert Memory(there).read().dags == {"ingest_b", "report"}


def test_a_dry_run_writes_nothing(there: Target, model: Model) -> None:
    assert len(pause_dags(there, [], writes=False)) == 3
    assert (model.dags, Memory(there).read().dags) == (DAGS, frozenset())
    pause_dags(there, [])
    assert len(resume(there, [], writes=False)[0]) == 3
    assert all(model.dags.values())


def test_a_dag_that_was_deleted_meanwhile_is_named_and_forgotten(
    there: Target, model: Model
) -> None:
    pause_dags(there, [])
    del model.dags["report"]
    assert resume(there, []) == (["ingest_a", "ingest_b"], ["report"])
    assert Memory(there).read().dags == frozenset()


def test_a_dag_that_cannot_be_imported_now_is_resumed_all_the_same(
    there: Target, model: Model
) -> None:
    pause_dags(there, [])
    model.unparsed.add("report")
    assert resume(there, []) == (["ingest_a", "ingest_b", "report"], [])
    assert model.dags == DAGS


def test_unknown_names_are_refused_with_the_nearest_and_nothing_is_changed(
    there: Target, model: Model
) -> None:
    with pytest.raises(RefusedError, match=r"no DAG reprot in prod; did you mean report\?"):
        pause_dags(there, ["ingest_a", "reprot"])
    assert model.dags == DAGS
    pause_dags(there, [])
    with pytest.raises(RefusedError, match="no DAG old that `mwaa pause` paused in prod"):
        resume(there, ["old"])


def test_a_name_too_long_for_a_path_is_reached_by_its_pattern(
    s3: "S3Client", bucket: str, model: Model
) -> None:
    long = "a_dag_" + "x" * 70
    model.dags = {long: False, f"{long}_too": False, "other": False}
    there = target(model, s3, bucket)
    with pytest.raises(RefusedError, match=f"also matches {long}_too"):
        pause_dags(there, [long])
    assert not any(model.dags.values())
    pause_dags(there, [f"{long}*"])
    assert model.dags == {long: True, f"{long}_too": True, "other": False}
    resume(there, [])
    assert not any(model.dags.values())


def test_a_record_of_another_format_is_not_overwritten(there: Target) -> None:
    record = Memory(there).remembered.record
    record.write({"format": 99}, "")
    with pytest.raises(RefusedError, match="restore its previous version"):
        pause_dags(there, [])
    assert json.loads((record.read() or (b"", ""))[0])["format"] == 99


def test_two_pauses_at_once_cannot_both_win(there: Target) -> None:
    memory = Memory(there)
    before = memory.read()
    memory.write({"ingest_a"}, before)
    with pytest.raises(FailedError, match="at the same time"):
        memory.write({"report"}, before)


def test_waiting_ends_when_no_task_runs_or_time_is_up(model: Model) -> None:
    model.running = [2, 1]
    pause._until_idle(Airflow(target(model), sleep=lambda _: None), 60)
    model.running = [1] * 5
    with pytest.raises(FailedError, match="1 task still running"):
        pause._until_idle(Airflow(target(model), sleep=lambda _: None), 0)
