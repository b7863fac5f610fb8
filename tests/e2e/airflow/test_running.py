"""A real Airflow behind an emulated environment: one life, without the engine."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rehearsal.airflow import control, launch, record
from rehearsal.airflow.account import Account
from rehearsal.airflow.telemetry.statsd import SEND_SECONDS
from tests.e2e.airflow.breaking import diagnosed, pid, without_rights
from tests.rehearsal.airflow.life import NAME, Life, lived_where_it_can, until
from tests.rehearsal.emulator.patches.alarms import put_alarm
from tests.rehearsal.emulator.platforms.customer import REGION

BROKEN = "from airflow.decorators import dag\nimport nowhere\n"


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    with lived_where_it_can(tmp_path_factory, "3.11") as found:
        yield found


def pids(life: Life) -> dict[str, int]:
    """The processes that run, by name."""
    found = record.read(life.place)
    return dict(found.started) if found is not None else {}


def test_a_dag_runs_through_the_queue_and_its_log_is_in_cloudwatch(life: Life) -> None:
    life.run("hello")
    assert "Hello, world" in life.log("task", "dag_id=hello/")


def test_mwaa_logs_prints_what_a_task_wrote(life: Life) -> None:
    told = life.mwaa("logs", "--task", "hello", "--since", "1h")
    assert "Hello, world" in told
    assert "pip installation exited" in life.mwaa("logs", "--component", "requirements")


def test_plugin_startup_script_and_role_serve_a_dag(life: Life) -> None:
    assert life.report() == b'{"DE": "2.75", "FR": "1.00"}'


def test_a_variable_comes_from_secrets_manager(life: Life) -> None:
    life.run("greeter")
    assert "the greeting is good morning" in life.log("task", "dag_id=greeter/")


def test_a_conflict_of_requirements_leaves_the_environment_and_is_in_the_stream(
    life: Life,
) -> None:
    assert life.customer.status == "AVAILABLE"
    for module in ("scheduler", "worker", "webserver"):
        said = life.log(module, "requirements_install_")
        assert "sqlalchemy==2.0.0" in said
        assert "pip installation exited with a non-zero error code" in said


def test_every_component_has_its_stream(life: Life) -> None:
    assert "Starting the scheduler" in life.log("scheduler", "scheduler_")
    assert "celery" in life.log("worker", "worker_")
    assert "/health" in life.log("webserver", "webserver_")
    until(lambda: "hello.py" in life.log("dag_processing", "scheduler_hello.py"), 30)
    assert "Startup script execution time" in life.log("worker", "startup_script_execution_")


def test_a_broken_dag_is_an_import_error(life: Life) -> None:
    bucket, key = life.customer.names.bucket, "dags/broken.py"
    life.client("s3").put_object(Bucket=bucket, Key=key, Body=BROKEN.encode())
    until(lambda: life.api("GET", "/importErrors")["total_entries"] == 1)
    (error,) = life.api("GET", "/importErrors")["import_errors"]
    assert "No module named 'nowhere'" in error["stack_trace"]
    life.client("s3").delete_object(Bucket=bucket, Key=key)


def test_metrics_are_where_the_alarms_look(life: Life) -> None:
    cloudwatch = life.client("cloudwatch")

    def published(namespace: str, name: str) -> list[dict[str, str]]:
        found = cloudwatch.list_metrics(Namespace=namespace, MetricName=name)["Metrics"]
        return [{x["Name"]: x["Value"] for x in metric["Dimensions"]} for metric in found]

    heartbeat = {"Environment": NAME, "Function": "Scheduler"}
    until(lambda: heartbeat in published("AmazonMWAA", "SchedulerHeartbeat"))
    assert {"Environment": NAME} in published("AWS/MWAA", "QueuedTasks")
    worker = {"Environment": NAME, "Cluster": "BaseWorker"}
    assert worker in published("AWS/MWAA", "MemoryUtilization")


def test_a_command_runs_by_the_token_of_the_cli(life: Life) -> None:
    from ops.web_server import WebServer

    answer = life.customer.mwaa.create_cli_token(Name=NAME)
    web = WebServer(answer["WebServerHostname"])
    bearer = {"Authorization": f"Bearer {answer['CliToken']}"}
    done = web.request("POST", "/aws_mwaa/cli", b"version", bearer)
    assert done.status == 200, done.body
    assert web.request("POST", "/aws_mwaa/cli", b"version").status == 403
    # Past the door nobody is believed.
    assert web.request("GET", "/api/v1/dags").status == 401


@pytest.mark.drill
def test_a_killed_worker_is_replaced_and_what_waited_is_run(life: Life) -> None:
    old = pids(life)["worker-1"]
    os.kill(old, 9)
    life.trigger("hello")
    until(lambda: pids(life).get("worker-1", old) != old)
    life.succeeded("hello")


def test_a_role_that_may_not_write_logs_leaves_none(life: Life) -> None:
    with without_rights(life, "WriteLogs"):
        run = life.trigger("hello")
        until(lambda: life.states("hello", run) == ["success", "success"])
        assert life.log("task", f"dag_id=hello/run_id={run}") == ""
        diagnosed(life, "mwaa-identity-may-write-logs", "may not logs:PutLogEvents on")
    run = life.trigger("hello")
    until(lambda: "Hello, world" in life.log("task", f"dag_id=hello/run_id={run}"))


def test_killed_schedulers_are_an_alarm_that_ends_with_the_next(life: Life) -> None:
    sns, sqs, watch = (life.client(one) for one in ("sns", "sqs", "cloudwatch"))
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    queue = sqs.create_queue(QueueName="news")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["QueueArn"])
    put_alarm(life.customer, "scheduler-heartbeat", AlarmActions=[topic], OKActions=[topic])

    def state() -> Any:
        return watch.describe_alarms()["MetricAlarms"][0]["StateValue"]

    life.advance(60)
    assert state() == "OK"
    for name in ("scheduler-1", "scheduler-2"):
        os.kill(pid(life, name), signal.SIGKILL)
    # What they sent before is on its way, and takes no longer than the next ones to start.
    time.sleep(SEND_SECONDS + 1)
    life.advance(30 * 60)
    assert state() == "ALARM"
    diagnosed(life, "mwaa-environment-scheduler-heartbeat")

    def is_over() -> bool:
        life.advance(60)
        return bool(state() == "OK")

    until(is_over)
    told = []
    while messages := sqs.receive_message(QueueUrl=queue).get("Messages"):
        for one in messages:
            told.append(json.loads(one["Body"])["Subject"].partition(":")[0])
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=one["ReceiptHandle"])
    assert told == ["ALARM", "OK"]


@pytest.mark.drill
def test_whatever_is_killed_is_replaced(life: Life) -> None:
    old = pids(life)
    for one in old.values():
        os.kill(one, 9)
    until(lambda: pids(life).keys() == old.keys() and not pids(life).items() & old.items())
    until(lambda: life.health().get("scheduler") == "healthy")
    life.run("hello")


@pytest.mark.drill
def test_what_a_killed_supervisor_leaves_ends_with_the_next_start(life: Life) -> None:
    found = record.read(life.place)
    assert found is not None
    os.kill(found.pid, 9)
    until(lambda: not found.is_alive)
    left = record.left(life.place)
    assert set(found.started.values()) <= left
    account = Account(life.endpoint, REGION)
    again = launch.launch(life.place, account, NAME, lambda _: None)
    assert again.web == found.web
    assert not left & record.left(life.place)
    life.run("hello")


def test_the_end_is_quick_and_leaves_nothing(life: Life) -> None:
    life.started("rest", seconds=3600)
    began = time.monotonic()
    assert record.stop(life.place)
    assert time.monotonic() - began < 10
    assert record.left(life.place) == set()
    assert control.describe(Account(life.endpoint, REGION), NAME) is not None
    assert Path(life.place.database, "postmaster.pid").exists() is False
