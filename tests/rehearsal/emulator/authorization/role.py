"""The calls of a running Airflow, without one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mwaa import iam_policies
from rehearsal.airflow.account import Account
from rehearsal.emulator.mwaa import models
from tests.rehearsal.emulator.platforms.customer import Customer


class Role:
    """The execution role in a running Airflow, and the calls that one makes."""

    def __init__(self, account: Account, customer: Customer) -> None:
        self.account = account.assume(customer.role)
        self.names = customer.names
        (environment,) = models.environments()
        assert environment.service
        self.queue = environment.service.queue_url

    def send(self) -> None:
        self.account.client("sqs").send_message(QueueUrl=self.queue, MessageBody="task")

    def receive(self) -> None:
        self.account.client("sqs").receive_message(QueueUrl=self.queue)

    def waiting(self) -> int:
        """How many tasks no worker has taken."""
        count = "ApproximateNumberOfMessages"
        sqs = self.account.client("sqs")
        found = sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=[count])
        return int(found["Attributes"][count])

    def write_logs(self) -> None:
        group = self.names.log_group("task")
        logs, stream = self.account.client("logs"), {"logGroupName": group, "logStreamName": "s"}
        logs.create_log_stream(**stream)
        logs.put_log_events(**stream, logEvents=[{"timestamp": 1, "message": "m"}])

    def read_dag(self) -> None:
        self.account.client("s3").get_object(Bucket=self.names.bucket, Key="dags/hello.py")

    def list_dags(self) -> None:
        self.account.client("s3").list_objects_v2(Bucket=self.names.bucket, Prefix="dags/")

    def put_metric(self) -> None:
        data = [{"MetricName": "m", "Value": 1.0}]
        self.account.client("cloudwatch").put_metric_data(Namespace="AmazonMWAA", MetricData=data)

    def read_secret(self) -> None:
        self.account.client("secretsmanager").get_secret_value(SecretId="airflow/variables/one")


def refusal(call: Callable[[], object]) -> tuple[str, str]:
    """Code and message of the error that ``call`` meets."""
    with pytest.raises(ClientError) as caught:
        call()
    error: Any = caught.value.response["Error"]
    return error["Code"], error["Message"]


def statement(effect: str, action: str, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def without(customer: Customer, sid: str) -> None:
    """Take a statement out of the role's own policy."""
    whole = iam_policies.execution_permissions(customer.names)
    left = [one for one in whole["Statement"] if one["Sid"] != sid]
    assert len(left) < len(whole["Statement"])
    customer.allow("permissions", iam_policies.document(*left))
