"""What Airflow's processes are told, and what nobody may change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rehearsal.airflow.configuration import MARK, Wiring, shell, variable, variables
from rehearsal.airflow.place import Place
from tests.rehearsal.airflow.specifications import ENDPOINT, SERVICE, specification

URL = "postgresql+psycopg2://airflow@/airflow?host=/s"
WIRING = Wiring(URL, 8080, 8081, 8125, {"AWS_REGION": "r"})


def told(
    tmp_path: Path, container: str = "scheduler", startup: Any = None, **changes: Any
) -> dict[str, str]:
    return variables(specification(**changes), Place(tmp_path), WIRING, container, startup)


def test_tasks_go_through_the_queue_of_the_environment(tmp_path: Path) -> None:
    found = told(tmp_path)
    assert found["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"
    assert found["AIRFLOW__OPERATORS__DEFAULT_QUEUE"] == "airflow-celery-1"
    options = json.loads(found["MWAA_CELERY"])["broker_transport_options"]
    url = f"{ENDPOINT}/{SERVICE}/airflow-celery-1"
    assert options["predefined_queues"] == {"airflow-celery-1": {"url": url}}
    assert options["visibility_timeout"] == 12 * 3600


def test_options_of_the_environment_reach_airflow(tmp_path: Path) -> None:
    found = told(tmp_path, AirflowConfigurationOptions={"core.default_task_retries": "2"})
    assert found["AIRFLOW__CORE__DEFAULT_TASK_RETRIES"] == "2"


@pytest.mark.parametrize("option", ["core.executor", "celery.broker_url", "metrics.statsd_host"])
def test_what_the_image_forces_cannot_be_chosen(tmp_path: Path, option: str) -> None:
    found = told(tmp_path, AirflowConfigurationOptions={option: "mine"})
    assert found[variable(option)] == told(tmp_path)[variable(option)] != "mine"


def test_an_option_comes_before_the_startup_script_and_that_before_the_opinions(
    tmp_path: Path,
) -> None:
    name = "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT"
    assert told(tmp_path)[name] == "1800.0"
    assert told(tmp_path, startup={name: "60"})[name] == "60"
    chosen = {"scheduler.task_queued_timeout": "90"}
    found = told(tmp_path, startup={name: "60"}, AirflowConfigurationOptions=chosen)
    assert found[name] == "90"


def test_the_startup_script_cannot_change_what_is_protected(tmp_path: Path) -> None:
    found = told(tmp_path, startup={"AIRFLOW_HOME": "/else", "MINE": "yes"})
    assert found["AIRFLOW_HOME"] == str(tmp_path)
    assert found["MINE"] == "yes"


def test_every_server_listens_on_the_loopback_address(tmp_path: Path) -> None:
    two, three = told(tmp_path), told(tmp_path, AirflowVersion="3.2.1")
    assert two["AIRFLOW__WEBSERVER__WEB_SERVER_HOST"] == "127.0.0.1"
    assert three["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert three["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"].startswith("http://127.0.0.1:8080/")


def test_task_logs_go_to_their_group_unless_they_are_off(tmp_path: Path) -> None:
    folder = told(tmp_path)["AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER"]
    assert folder.endswith(":log-group:airflow-etl-Task")
    logging = dict(specification().found["LoggingConfiguration"])
    logging["TaskLogs"] = {"Enabled": False, "LogLevel": "INFO"}
    off = told(tmp_path, LoggingConfiguration=logging)
    assert off["AIRFLOW__LOGGING__REMOTE_LOGGING"] == "False"


def test_a_worker_is_as_talkative_as_its_tasks_need(tmp_path: Path) -> None:
    logging = dict(specification().found["LoggingConfiguration"])
    logging["WorkerLogs"] = {"Enabled": True, "LogLevel": "ERROR"}
    found = told(tmp_path, "worker", LoggingConfiguration=logging)
    assert found["AIRFLOW__LOGGING__LOGGING_LEVEL"] == "INFO"


def test_nothing_of_the_callers_identity_reaches_the_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setenv("AIRFLOW__CORE__FERNET_KEY", "mine")
    found = shell(Place(tmp_path), tmp_path / "base")
    assert not {name for name in found if name.startswith(("AWS_", "AIRFLOW"))}
    assert found[MARK] == str(tmp_path)


def test_secrets_are_made_once_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    place = Place(tmp_path)
    assert place.secret("fernet") == place.secret("fernet") != place.secret("web")
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0


def test_tasks_per_worker_are_the_options_or_the_classes() -> None:
    assert specification().tasks_per_worker == 5
    chosen = {"celery.worker_autoscale": "8,2"}
    assert specification(AirflowConfigurationOptions=chosen).tasks_per_worker == 8
