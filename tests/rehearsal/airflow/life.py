"""An environment with the examples in its bucket, and a real Airflow behind it; no engine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mwaa import iam_policies
from mwaa.service.airflow_options import SecretsBackend
from mwaa.service.api_names import LOG_MEMBERS
from rehearsal.airflow import launch, record
from rehearsal.airflow.account import Account
from rehearsal.airflow.place import Place
from rehearsal.airflow.record import Record
from rehearsal.cli import server
from rehearsal.cli.workspace import ROOT, Workspace
from tests.rehearsal.emulator.platforms.customer import REGION, Customer
from tests.rehearsal.orphans import none_left

NAME, ORDERS = "lived", "example-orders"
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


def _rights(made: Customer) -> None:
    """What the DAGs need beside the documented policy: without it they are refused."""
    made.allow("permissions", iam_policies.execution_permissions(made.names, secrets_prefix=NAME))
    orders = f"arn:{made.names.partition}:s3:::{ORDERS}"
    may = iam_policies.allow(
        "Orders", ["s3:ListBucket", "s3:GetObject", "s3:PutObject"], [orders, f"{orders}/*"]
    )
    made.allow("orders", iam_policies.document(may))


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


@contextmanager
def lived(home: Path, progress: Callable[[str], object]) -> Iterator[Life]:
    """The environment while Airflow runs behind it, in a workspace of its own at ``home``.

    Raises ``RehearsalError`` where Airflow cannot be started.
    """
    workspace = Workspace(ROOT, home)
    with none_left(workspace):
        running = server.ensure(workspace, progress)
        account = Account(f"http://127.0.0.1:{running.port}", REGION)
        customer = _customer(account)
        place = Place.of(workspace, NAME)
        try:
            found = launch.launch(place, account, NAME, progress)
            yield Life(customer, account.endpoint, place, found)
        finally:
            record.stop(place)
            record.discard(place)
