"""Rights, network, alarms and people of a real Airflow: one environment whose files are wrong in
the ways that people get them wrong, and which is broken and repaired while it runs."""

from __future__ import annotations

import json
import re
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from mwaa import iam_policies
from ops.web_server import WebServer
from rehearsal.airflow import processes
from rehearsal.airflow.account import Account
from rehearsal.airflow.tokens import ROLES
from tests.e2e.airflow.breaking import (
    HTTPS,
    POSTGRESQL,
    broken,
    diagnosed,
    end_worker,
    log,
    mwaa,
    not_admitted,
    pid,
    supervisor_log,
    values,
    waiting,
    without_rights,
)
from tests.rehearsal.airflow import browser
from tests.rehearsal.airflow.life import NAME, Life, lived_where_it_can, until
from tests.rehearsal.emulator.platforms.customer import REGION

pytestmark = pytest.mark.drill

STARTUP = b"no-such-tool --version\nexport ORDERS_BUCKET=example-orders\n"
BROKEN = b"from airflow.decorators import dag\nimport nowhere\n"
HEARTBEAT = ("AmazonMWAA", "SchedulerHeartbeat")
SCHEDULER = {"Function": "Scheduler"}


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    wrong: dict[str, Any] = {
        "files": {"failing.sh": STARTUP, "dags/broken.py": BROKEN},
        "StartupScriptS3Path": "failing.sh",
        "StartupScriptS3ObjectVersion": None,
        "WebserverAccessMode": "PRIVATE_ONLY",
        "MaxWorkers": 1,
    }
    with lived_where_it_can(tmp_path_factory, "3.11", **wrong) as found:
        yield found


@pytest.fixture(scope="module")
def people(life: Life) -> dict[str, dict[str, str]]:
    """The keys of a user for each of Airflow's roles."""
    iam, found = life.client("iam"), {}
    for role in ROLES:
        name = role.lower()
        arn = life.customer.names.airflow_role_arn(role)
        actions = ["airflow:CreateWebLoginToken", "airflow:InvokeRestApi"]
        own = ["airflow:CreateCliToken", "airflow:GetEnvironment"]
        may = iam_policies.document(
            iam_policies.allow("Role", actions, arn),
            iam_policies.allow("Own", own, life.customer.names.environment_arn),
        )
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(may))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        found[role] = {
            "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        }
    return found


MAY = {
    "Admin": (True, True, True),
    "Op": (True, True, True),
    "User": (True, True, False),
    "Viewer": (True, False, False),
    "Public": (False, False, False),
}
"""Whether a role may read DAGs, trigger one, and read connections."""


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_what_airflow_lets_it(
    life: Life, people: dict[str, dict[str, str]], role: str
) -> None:
    service = Account(life.endpoint, REGION, people[role]).client("mwaa")
    # The DAG is paused, and never runs.
    asked = (("GET", "/dags"), ("POST", "/dags/greeter/dagRuns"), ("GET", "/connections"))
    for (method, path), may in zip(asked, MAY[role], strict=True):
        body: dict[str, Any] = {"Body": {}} if method == "POST" else {}
        try:
            answer = service.invoke_rest_api(Name=NAME, Method=method, Path=path, **body)
        except service.exceptions.RestApiClientException as refused:
            answer = refused.response
        assert answer["RestApiStatusCode"] == (200 if may else 403)


@pytest.mark.parametrize("role", ["Op", "Viewer"])
def test_a_session_of_the_web_server_has_the_role(
    life: Life, people: dict[str, dict[str, str]], role: str
) -> None:
    words = ("api", "GET", "/connections", "--session", "--environment", NAME)
    code, said = mwaa(life, *words, keys=people[role])
    assert (code == 0) is MAY[role][2], said
    assert code == 0 or "Airflow answered 403" in said


LINKS = ("/users/list/", "/connection/list/", "/dags/hello/grid")
SEEN = {"Admin": LINKS, "Op": LINKS[1:], "User": LINKS[2:], "Viewer": LINKS[2:], "Public": ()}
"""The links that a role's home page has, of the three."""


@pytest.mark.skipif(browser.program() is None, reason="there is no Chromium on this machine")
@pytest.mark.parametrize("role", ROLES)
def test_each_role_comes_in_by_a_browser(
    life: Life, people: dict[str, dict[str, str]], role: str, tmp_path: Path
) -> None:
    code, url = mwaa(life, "open", "--print", "--environment", NAME, keys=people[role])
    assert code == 0, url
    html = browser.page(url.strip(), tmp_path)
    assert tuple(link for link in LINKS if f'href="{link}' in html) == SEEN[role]
    triggers = re.findall(r'class="([^"]*)trigger-dropdown-btn"', html)
    assert [("disabled" in one) for one in triggers] == [not MAY[role][1]] * len(triggers)
    assert bool(triggers) is MAY[role][0]
    assert ("no roles and/or permissions" in html) is (role == "Public")


def test_a_private_web_server_is_reached_by_its_door_alone(life: Life) -> None:
    # Its address resolves inside of the VPC only.
    assert "-vpce" in life.customer.get()["WebserverUrl"]
    door = WebServer(life.record.web)
    assert door.request("GET", "/home").status == 302  # to the login, which nobody passes
    assert door.request("GET", "/api/v1/dags").status == 401
    code, said = mwaa(life, "cli", "--environment", NAME, "--", "dags", "list", "-o", "plain")
    assert code == 0, said
    assert "hello" in said


def test_what_files_got_wrong_is_told_with_its_last_lines(life: Life) -> None:
    code, said = mwaa(life, "wait", "--environment", NAME)
    assert code == 1
    assert "versions exclude each other: sqlalchemy==2.0.0" in said
    assert "the script calls a command that the image does not have: no-such-tool" in said
    assert "line 1: no-such-tool: command not found" in said
    for component, words in (
        ("requirements", "pip installation exited with a non-zero error code"),
        ("startup", "no-such-tool: command not found"),
        ("dag-processing", "No module named 'nowhere'"),
    ):
        assert words in log(life, component)
    until(lambda: life.api("GET", "/importErrors")["total_entries"] == 1)
    diagnosed(
        life,
        "mwaa-logs-requirements-installed",
        "mwaa-logs-startup-script-succeeded",
        "1 DAG file cannot be imported",
        "the Python module nowhere is missing (airflow-lived-DAGProcessing",
    )
    key = "dags/broken.py"
    life.client("s3").delete_object(Bucket=life.customer.names.bucket, Key=key)


def test_a_killed_process_of_a_worker_is_told_with_its_last_lines(life: Life) -> None:
    run = life.started("rest", seconds=600)
    processes.signal_all(processes.children(pid(life, "worker-1")), signal.SIGKILL)
    until(lambda: "signal 9 (SIGKILL)" in log(life, "worker"))
    diagnosed(
        life,
        "a process was killed, most likely for want of memory",
        "| billiard.exceptions.WorkerLostError: Worker exited prematurely: signal 9 (SIGKILL)",
        only="mwaa-logs-components-run",
    )
    # Airflow itself finds out after five minutes.
    life.api("PATCH", f"/dags/rest/dagRuns/{run}", {"state": "failed"})


def test_what_keeps_the_worker_from_the_queue_leaves_the_task_there(life: Life) -> None:
    """No worker, then one without the key, then one without the queue; in the end a good one."""
    iam, names = life.client("iam"), life.customer.names
    key = iam_policies.key_permissions(names, life.customer.key)

    def stays() -> bool:
        return waiting(life) == 1 and life.states("rest", run) == ["queued"]

    end_worker(life)
    run = life.trigger("rest", seconds=0)
    until(stays)
    with ExitStack() as second:
        with broken(
            lambda: iam.delete_role_policy(RoleName=names.role, PolicyName="key"),
            lambda: life.customer.allow("key", key),
        ):
            until(lambda: f"perform: kms:Decrypt on resource: {life.customer.key}" in worker(life))
            assert stays()
            life.advance(600)
            found = diagnosed(life, "mwaa-environment-queue-moves (advisory, medium): 1 tasks are")
            assert "FAIL     mwaa-identity-may-use-customer-key" in found
            assert "may not kms:Decrypt on" in found
            second.enter_context(without_rights(life, "UseCeleryQueue"))
        end_worker(life)
        until(lambda: "perform: sqs:" in worker(life))
        assert stays()
        found = diagnosed(
            life, "FAIL     mwaa-identity-may-use-queue", "may not sqs:SendMessage on"
        )
        assert "may explain: mwaa-environment-queue-moves" in found
        # What the scheduler cannot send it gives up; these are Airflow's own words.
        unsent = life.trigger("rest", seconds=0)
        until(lambda: life.states("rest", unsent) == ["failed"])
        until(lambda: "Error sending Celery task" in life.log("scheduler", "scheduler_"))
        assert stays()
    # A worker that was refused may never ask again: Celery's client leaves it deaf.
    end_worker(life)
    until(lambda: life.states("rest", run) == ["success"])


def worker(life: Life) -> str:
    return life.log("worker", "worker_")


def stands_still(life: Life) -> None:
    """Tasks are there, and none is taken from the queue."""
    time.sleep(3)
    before = waiting(life)
    assert before > 0
    time.sleep(4)
    assert waiting(life) == before


def test_subnets_without_a_way_to_sqs_leave_tasks_hanging(life: Life) -> None:
    """An endpoint that admits nobody, then one that refuses, then none, then all is well."""
    made = life.customer
    refusing = json.dumps(iam_policies.document(iam_policies.allow("Only", ["sqs:No"], "*")))
    run = life.trigger("burst", count=12, seconds=0)
    until(lambda: waiting(life) > 4)
    with not_admitted(life, made.endpoint_group, HTTPS):
        stands_still(life)
        diagnosed(life, "FAIL     mwaa-network-endpoint-groups-admit-https")
        sqs = made.endpoints["sqs"]
        made.ec2.modify_vpc_endpoint(VpcEndpointId=sqs, PolicyDocument=refusing)
        found = diagnosed(life, "mwaa-network-endpoint-policies-allow")
        assert "sqs:ReceiveMessage" in found
        made.ec2.delete_vpc_endpoints(VpcEndpointIds=[sqs])
    try:
        stands_still(life)
        diagnosed(life, "FAIL     mwaa-network-required-endpoints", "com.amazonaws.us-east-1.sqs")
    finally:
        made.endpoints["sqs"] = made.endpoint("sqs")
    # A worker whose calls failed may never ask again, see the guide.
    end_worker(life)
    until(lambda: life.state("burst", run) == "success")


def test_a_database_out_of_reach_stops_everything_until_it_is_reached(life: Life) -> None:
    with not_admitted(life, life.customer.group, POSTGRESQL):
        until(lambda: "the metadata database is out of reach" in supervisor_log(life))
        diagnosed(life, "mwaa-network-reaches-itself")
    life.run("hello")
    assert "the metadata database is reached again" in supervisor_log(life)


def test_a_role_that_may_not_put_metrics_sends_none(life: Life) -> None:
    with without_rights(life, "PutMetrics"):
        until(lambda: "metrics of AmazonMWAA are lost" in supervisor_log(life))
        life.advance(1800)
        # The service's own go on.
        until(lambda: values(life, "AWS/MWAA", "QueuedTasks") != [])
        assert values(life, *HEARTBEAT, **SCHEDULER) == []
    until(lambda: values(life, *HEARTBEAT, **SCHEDULER) != [])
