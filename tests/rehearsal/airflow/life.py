"""An environment with the examples in its bucket, and a real Airflow behind it; no engine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mwaa import iam_policies
from mwaa.service.airflow_options import SecretsBackend
from mwaa.service.api_names import LOG_MEMBERS
from mwaa.service.versions import major
from ops.artifacts import uv
from rehearsal.airflow import launch, record
from rehearsal.airflow.account import Account
from rehearsal.airflow.place import Place
from rehearsal.airflow.record import Record
from rehearsal.cli import server
from rehearsal.cli.workspace import ROOT, RehearsalError, Workspace
from tests.rehearsal.emulator.platforms.customer import REGION, Customer
from tests.rehearsal.orphans import none_left

NAME, ORDERS = "lived", "example-orders"
ORDERS_OF_A_DAY = b"order_id,country,amount\n1,DE,2.50\n2,FR,1.00\n3,DE,0.25\n"
EXAMPLES = ROOT / "examples"
PATIENCE_SECONDS = 240
"""Of a machine that is busy with other tests."""

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
# As many tasks at once as are asked for, and one that runs as long as it is told.
WORK = """
import time
from datetime import datetime
from airflow.decorators import dag, task

@dag(schedule=None, start_date=datetime(2024, 1, 1), max_active_tasks=64)
def burst():
    @task
    def numbers(dag_run=None):
        return list(range(dag_run.conf["count"]))

    @task
    def step(number, dag_run=None):
        time.sleep(dag_run.conf["seconds"])

    step.expand(number=numbers())

@dag(schedule=None, start_date=datetime(2024, 1, 1))
def rest():
    @task
    def sleep(dag_run=None):
        time.sleep(dag_run.conf["seconds"])

    sleep()

burst()
rest()
"""
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

    def mwaa(self, verb: str, *words: str) -> str:
        """What a verb of `mwaa` prints of the environment."""
        command = [sys.executable, "-m", "ops", verb, "--environment", NAME, *words]
        account = Account(self.endpoint, REGION)
        environment = {**os.environ, **account.variables()}
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    def run(self, dag: str) -> None:
        """Trigger a DAG and wait until it has succeeded."""
        self.trigger(dag)
        self.succeeded(dag)

    def report(self) -> bytes:
        """What `daily_orders` writes of three days' orders when its schedule runs it: the run of
        the day that ended last."""
        s3 = self.client("s3")
        for days in (0, 1, 2):
            day = (datetime.now(UTC) - timedelta(days=days)).date().isoformat()
            s3.put_object(Bucket=ORDERS, Key=f"orders/{day}/a.csv", Body=ORDERS_OF_A_DAY)
        self.api("PATCH", "/dags/daily_orders", {"is_paused": False})
        self.succeeded("daily_orders")
        (report, *_) = s3.list_objects_v2(Bucket=ORDERS, Prefix="reports/")["Contents"]
        body: bytes = s3.get_object(Bucket=ORDERS, Key=report["Key"])["Body"].read()
        return body

    def trigger(self, dag: str, **conf: Any) -> str:
        """Trigger a DAG, once it is known; the id of its run."""
        until(lambda: dag in {one["dag_id"] for one in self.api("GET", "/dags")["dags"]})
        self.api("PATCH", f"/dags/{dag}", {"is_paused": False})
        # InvokeRestApi takes paths of 64 characters, which Airflow's own ids leave no room for.
        body: dict[str, Any] = {"conf": conf, "dag_run_id": f"run-{time.monotonic_ns()}"}
        if self.is_airflow_3:
            body["logical_date"] = None  # wants to be told that there is none
        return str(self.api("POST", f"/dags/{dag}/dagRuns", body)["dag_run_id"])

    def started(self, dag: str, **conf: Any) -> str:
        """Trigger a DAG of one task, and wait until that runs; the id of the run."""
        run = self.trigger(dag, **conf)
        until(lambda: self.states(dag, run) == ["running"])
        return run

    def state(self, dag: str, run: str) -> str:
        """The state of a run."""
        return str(self.api("GET", f"/dags/{dag}/dagRuns/{run}")["state"])

    def states(self, dag: str, run: str) -> list[str | None]:
        """The states of the tasks of a run."""
        found = self.api("GET", f"/dags/{dag}/dagRuns/{run}/taskInstances")
        return [one["state"] for one in found["task_instances"]]

    @property
    def is_airflow_3(self) -> bool:
        return major(self.customer.get()["AirflowVersion"]) >= 3

    def advance(self, seconds: float) -> None:
        """Move the emulated clock."""
        body = json.dumps({"advance": seconds}).encode()
        urllib.request.urlopen(f"{self.endpoint}/_emulator/clock", data=body).close()

    def workers(self) -> list[str]:
        """The names of the workers that run."""
        found = record.read(self.place)
        return [name for name in found.started if name.startswith("worker")] if found else []

    def succeeded(self, dag: str) -> None:
        """Wait until the newest run of a DAG has succeeded."""

        def state() -> str:
            runs = self.api("GET", f"/dags/{dag}/dagRuns", order_by="-start_date", limit=1)
            return str(runs["dag_runs"][0]["state"]) if runs["dag_runs"] else "none"

        until(lambda: state() in ("success", "failed"))
        assert state() == "success"

    def health(self) -> dict[str, str]:
        """Status by part; empty as long as nothing answers."""
        try:
            found = self.api("GET", "/monitor/health" if self.is_airflow_3 else "/health")
        except ClientError:
            return {}
        return {part: str(facts["status"]) for part, facts in found.items()}

    def log(self, module: str, stream: str) -> str:
        """All events of the streams of a group whose names begin so."""
        logs, group = self.client("logs"), self.customer.names.log_group(module)
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=group, logStreamNamePrefix=stream
        )
        return "\n".join(event["message"] for page in pages for event in page["events"])


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


def _rights(made: Customer) -> None:
    """What the DAGs need beside the documented policy: without it they are refused."""
    made.allow("permissions", iam_policies.execution_permissions(made.names, secrets_prefix=NAME))
    orders = f"arn:{made.names.partition}:s3:::{ORDERS}"
    may = iam_policies.allow(
        "Orders", ["s3:ListBucket", "s3:GetObject", "s3:PutObject"], [orders, f"{orders}/*"]
    )
    made.allow("orders", iam_policies.document(may))


def _customer(account: Account, files: Mapping[str, bytes], changes: Mapping[str, Any]) -> Customer:
    made = Customer(Clients(account), NAME)  # type: ignore[arg-type]
    made.endpoint("secretsmanager")
    s3, bucket = made.client("s3"), made.names.bucket
    for file in ("hello.py", "daily_orders.py"):
        s3.put_object(
            Bucket=bucket, Key=f"dags/{file}", Body=(EXAMPLES / "dags" / file).read_bytes()
        )
    s3.put_object(Bucket=bucket, Key="dags/greeter.py", Body=GREETER.encode())
    s3.put_object(Bucket=bucket, Key="dags/work.py", Body=WORK.encode())
    for key, content in files.items():
        s3.put_object(Bucket=bucket, Key=key, Body=content)
    s3.create_bucket(Bucket=ORDERS)
    made.client("secretsmanager").create_secret(
        Name=f"{NAME}/variables/greeting", SecretString="good morning"
    )
    _rights(made)
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
    wish: dict[str, Any] = {
        "EnvironmentClass": "mw1.small",
        "Schedulers": 2,
        "MinWorkers": 1,
        "MaxWorkers": 2,
        "LoggingConfiguration": {
            member: {"Enabled": True, "LogLevel": "INFO"} for member in LOG_MEMBERS.values()
        },
        "AirflowConfigurationOptions": SecretsBackend(prefix=NAME).options(),
    }
    made.create(**(pinned | wish | dict(changes)))
    until(lambda: made.status == "AVAILABLE", 30)
    return made


@contextmanager
def lived(
    home: Path,
    progress: Callable[[str], object],
    files: Mapping[str, bytes] | None = None,
    **changes: Any,
) -> Iterator[Life]:
    """The environment while Airflow runs behind it, in a workspace of its own at ``home``;
    ``files`` are further objects of its bucket, ``changes`` members of CreateEnvironment, of which
    None takes one away.

    Raises ``RehearsalError`` where Airflow cannot be started.
    """
    workspace = Workspace(ROOT, home)
    with none_left(workspace):
        running = server.ensure(workspace, progress, forks=False)
        account = Account(f"http://127.0.0.1:{running.port}", REGION)
        customer = _customer(account, files or {}, changes)
        place = Place.of(workspace, NAME)
        try:
            found = launch.launch(place, account, NAME, progress)
            yield Life(customer, account.endpoint, place, found)
        finally:
            record.stop(place)
            record.discard(place)


@contextmanager
def lived_where_it_can(
    factory: pytest.TempPathFactory, *pythons: str, **changes: Any
) -> Iterator[Life]:
    """``lived``, for a test that is skipped where a Python or the packages cannot be had."""
    for minor in pythons:
        if uv.python(minor) is None:
            pytest.skip(f"Python {minor} is not on this machine, and Airflow runs on it")
    try:
        with lived(factory.mktemp("airflow"), lambda _: None, **changes) as life:
            yield life
    except RehearsalError as error:
        if "could not be installed" in str(error):
            pytest.skip(str(error))
        raise
