"""What the tests of a running Airflow do to its environment, and ask of it by the verbs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from mwaa import iam_policies
from rehearsal.airflow import control, record
from rehearsal.airflow.account import Account
from rehearsal.cli.workspace import ROOT
from tests.rehearsal.airflow.life import NAME, Life, until
from tests.rehearsal.emulator.platforms.customer import REGION

HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
POSTGRESQL = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432}


RUN = """
import runpy, sys, time
ahead, real = float(sys.argv.pop(1)), time.time
time.time = lambda: real() + ahead
runpy.run_module("ops", run_name="__main__", alter_sys=True)
"""


def mwaa(
    life: Life, *words: str, keys: dict[str, str] | None = None, ahead: float = 0
) -> tuple[int, str]:
    """Exit code and whole output of a verb, as the owner of ``keys``, whose clock is so many
    seconds ``ahead``, as the emulated service's is."""
    account = Account(life.endpoint, REGION, keys) if keys else Account(life.endpoint, REGION)
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(ahead), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(life.place.home), **account.variables()},
        timeout=120,
    )
    return done.returncode, done.stdout


def log(life: Life, component: str) -> str:
    """What `mwaa logs` prints of a component."""
    return mwaa(life, "logs", "--environment", NAME, "-c", component)[1]


def diagnosed(life: Life, *words: str, only: str = "") -> str:
    """What `mwaa doctor` prints once it prints all of ``words``; ``only`` is the one rule that it
    judges."""
    found = [""]
    more = ("--only", only) if only else ()

    def is_so() -> bool:
        ahead = control.now(life.endpoint) - time.time()
        found[0] = mwaa(life, "doctor", "--environment", NAME, *more, ahead=ahead)[1]
        return all(word in found[0] for word in words)

    try:
        until(is_so, 90)
    except AssertionError as error:
        raise AssertionError(f"{words} are not all in:\n{found[0]}") from error
    return found[0]


def waiting(life: Life) -> int:
    """How many messages no worker has taken from the queue."""
    name = "ApproximateNumberOfMessages"
    arn = life.customer.get()["CeleryExecutorQueue"].split(":")
    url = f"{life.endpoint}/{arn[4]}/{arn[5]}"
    found = life.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=[name])
    return int(found["Attributes"][name])


def pid(life: Life, name: str) -> int:
    """The process of a component."""
    found = record.read(life.place)
    assert found is not None
    return found.started[name]


def end_worker(life: Life) -> None:
    """Kill the worker, unless it has just ended by itself; another takes its place."""
    found = record.read(life.place)
    assert found is not None
    if "worker-1" in found.started:
        os.kill(found.started["worker-1"], signal.SIGKILL)


def supervisor_log(life: Life) -> str:
    return (life.place.home / "supervisor.log").read_text("utf-8")


def values(life: Life, namespace: str, metric: str, **dimensions: str) -> list[float]:
    """The values of the last ten minutes of the emulated clock, by the minute."""
    end = datetime.fromtimestamp(control.now(life.endpoint), UTC)
    whole = {"Environment": NAME, **dimensions}
    found = life.client("cloudwatch").get_metric_statistics(
        Namespace=namespace,
        MetricName=metric,
        Dimensions=[{"Name": name, "Value": value} for name, value in whole.items()],
        StartTime=end - timedelta(minutes=10),
        EndTime=end + timedelta(minutes=1),
        Period=60,
        Statistics=["Sum"],
    )
    return [one["Sum"] for one in found["Datapoints"]]


@contextmanager
def broken(break_it: Callable[[], object], repair: Callable[[], object]) -> Iterator[None]:
    """Something is broken inside of the block, and repaired whatever happens there."""
    break_it()
    try:
        yield
    finally:
        repair()


@contextmanager
def without_rights(life: Life, sid: str, *actions: str) -> Iterator[None]:
    """The role's own policy lacks ``actions`` of a statement, or the whole statement."""
    whole = iam_policies.execution_permissions(life.customer.names, secrets_prefix=NAME)

    def lose() -> None:
        left = []
        for one in whole["Statement"]:
            kept = [action for action in one["Action"] if action not in actions]
            if one["Sid"] != sid:
                left.append(one)
            elif actions:
                left.append({**one, "Action": kept})
        assert left != whole["Statement"]
        life.customer.allow("permissions", iam_policies.document(*left))

    with broken(lose, lambda: life.customer.allow("permissions", whole)):
        yield


@contextmanager
def not_admitted(life: Life, group: str, rule: dict[str, Any]) -> Iterator[None]:
    """A security group does not admit the environment."""
    ec2 = life.client("ec2")
    pairs = [{"GroupId": life.customer.group}]
    change = {"GroupId": group, "IpPermissions": [{**rule, "UserIdGroupPairs": pairs}]}
    with broken(
        lambda: ec2.revoke_security_group_ingress(**change),
        lambda: ec2.authorize_security_group_ingress(**change),
    ):
        yield
