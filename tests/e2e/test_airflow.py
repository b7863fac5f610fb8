"""A real Airflow behind an emulated environment: one life, without the engine."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mwaa.service.airflow_options import SecretsBackend
from mwaa.service.api_names import LOG_MEMBERS
from ops.artifacts import uv
from rehearsal.airflow import control, launch, processes, record
from rehearsal.airflow.account import Account
from rehearsal.airflow.place import Place
from rehearsal.airflow.record import Record
from rehearsal.cli import server
from rehearsal.cli.workspace import ROOT, RehearsalError, Workspace
from tests.rehearsal.emulator.platforms.customer import REGION, Customer
from tests.rehearsal.orphans import none_left

NAME, ORDERS = "lived", "example-orders"
EXAMPLES = ROOT / "examples"
PATIENCE_SECONDS = 90

# Asks Secrets Manager for a variable, through the backend that the environment's options name.
GREETER = """
from datetime import datetime
from airflow.decorators import dag, task

@dag(schedule=None, start_date=datetime(2024, 1, 1))
def greeter():
    @task
    def greet():
        from airflow.models import Variable
        print("the greeting is", Variable.get("greeting"))
    greet()

greeter()
"""
BROKEN = "from airflow.decorators import dag\nimport nowhere\n"
CONFLICT = "# --constraint is left away\nsqlalchemy==2.0.0\n"


@dataclass
class Life:
    """A running environment, and what it takes to look at it."""

    customer: Customer
    endpoint: str
    place: Place
    record: Record

    def client(self, service: str) -> Any:
        return self.customer.client(service)

    def api(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The document that Airflow's REST API answers with."""
        request: dict[str, Any] = {"Name": NAME, "Method": method, "Path": path}
        if body is not None:
            request["Body"] = body
        if query:
            request["QueryParameters"] = query
        return self.customer.mwaa.invoke_rest_api(**request)["RestApiResponse"]

    def run(self, dag: str) -> None:
        """Trigger a DAG and wait until it has succeeded."""
        self.api("PATCH", f"/dags/{dag}", {"is_paused": False})
        self.api("POST", f"/dags/{dag}/dagRuns", {})
        self.succeeded(dag)

    def succeeded(self, dag: str) -> None:
        """Wait until the newest run of a DAG has succeeded."""

        def state() -> str:
            runs = self.api("GET", f"/dags/{dag}/dagRuns", order_by="-start_date", limit=1)
            return str(runs["dag_runs"][0]["state"]) if runs["dag_runs"] else "none"

        until(lambda: state() in ("success", "failed"))
        assert state() == "success"

    def log(self, module: str, stream: str) -> str:
        """All events of the streams of a group whose names begin so."""
        logs, group = self.client("logs"), self.customer.names.log_group(module)
        found = logs.filter_log_events(logGroupName=group, logStreamNamePrefix=stream)
        return "\n".join(event["message"] for event in found["events"])


def until(is_so: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.25)


class Clients:
    """Clients as ``Customer`` wants them."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def client(self, service: str, *_: str) -> Any:
        return self._account.client(service)


def _customer(account: Account) -> Customer:
    made = Customer(Clients(account), NAME)  # type: ignore[arg-type]
    s3, bucket = made.client("s3"), made.names.bucket
    for file in ("hello.py", "daily_orders.py"):
        s3.put_object(
            Bucket=bucket, Key=f"dags/{file}", Body=(EXAMPLES / "dags" / file).read_bytes()
        )
    s3.put_object(Bucket=bucket, Key="dags/greeter.py", Body=GREETER.encode())
    s3.create_bucket(Bucket=ORDERS)
    made.client("secretsmanager").create_secret(
        Name=f"{NAME}/variables/greeting", SecretString="good morning"
    )
    pinned: dict[str, str] = {}
    for member, key, content in (
        ("Requirements", "requirements.txt", CONFLICT.encode()),
        ("Plugins", "plugins.zip", (EXAMPLES / "plugins.zip").read_bytes()),
        ("StartupScript", "startup.sh", (EXAMPLES / "startup.sh").read_bytes()),
    ):
        put = s3.put_object(Bucket=bucket, Key=key, Body=content)
        pinned |= {f"{member}S3Path": key, f"{member}S3ObjectVersion": put["VersionId"]}
        # What comes later is not pinned, and must not be taken.
        s3.put_object(Bucket=bucket, Key=key, Body=b"later")
    made.create(
        **pinned,
        EnvironmentClass="mw1.small",
        Schedulers=2,
        MinWorkers=1,
        MaxWorkers=2,
        LoggingConfiguration={
            member: {"Enabled": True, "LogLevel": "INFO"} for member in LOG_MEMBERS.values()
        },
        AirflowConfigurationOptions=SecretsBackend(prefix=NAME).options(),
    )
    until(lambda: made.status == "AVAILABLE", 30)
    return made


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    if uv.python("3.11") is None:
        pytest.skip("Airflow 2.10.3 runs on Python 3.11, which is not on this machine")
    workspace = Workspace(ROOT, tmp_path_factory.mktemp("airflow"))

    def progress(line: str) -> None:
        print(line, file=sys.stderr)

    with none_left(workspace):
        running = server.ensure(workspace, progress)
        account = Account(f"http://127.0.0.1:{running.port}", REGION)
        customer = _customer(account)
        place = Place.of(workspace, NAME)
        try:
            found = launch.launch(place, account, NAME, progress)
        except RehearsalError as error:
            if "could not be installed" in str(error):
                pytest.skip(str(error))
            raise
        yield Life(customer, account.endpoint, place, found)
        record.stop(place)
        record.discard(place)


def test_a_dag_runs_through_the_queue_and_its_log_is_in_cloudwatch(life: Life) -> None:
    life.run("hello")
    assert "Hello, world" in life.log("task", "dag_id=hello/")


def test_plugin_startup_script_and_role_serve_a_dag(life: Life) -> None:
    from datetime import UTC, datetime, timedelta

    s3 = life.client("s3")
    for days in (0, 1, 2):
        day = (datetime.now(UTC) - timedelta(days=days)).date().isoformat()
        orders = b"order_id,country,amount\n1,DE,2.50\n2,FR,1.00\n3,DE,0.25\n"
        s3.put_object(Bucket=ORDERS, Key=f"orders/{day}/a.csv", Body=orders)
    life.run("daily_orders")
    (report, *_) = s3.list_objects_v2(Bucket=ORDERS, Prefix="reports/")["Contents"]
    body = s3.get_object(Bucket=ORDERS, Key=report["Key"])["Body"].read()
    assert body == b'{"DE": "2.75", "FR": "1.00"}'


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


def test_a_killed_worker_is_replaced_and_what_waited_is_run(life: Life) -> None:
    old = record.read(life.place)
    assert old is not None
    os.kill(old.started["worker-1"], 9)

    def is_replaced() -> bool:
        now = record.read(life.place)
        return now is not None and now.started.get("worker-1") not in (
            None,
            old.started["worker-1"],
        )

    life.api("POST", "/dags/hello/dagRuns", {})
    until(is_replaced)
    life.succeeded("hello")


def test_the_end_is_quick_and_leaves_nothing(life: Life) -> None:
    began = time.monotonic()
    assert record.stop(life.place)
    assert time.monotonic() - began < 10
    assert processes.marked(life.place.home) == set()
    assert control.describe(Account(life.endpoint, REGION), NAME) is not None
    assert Path(life.place.database, "postmaster.pid").exists() is False
