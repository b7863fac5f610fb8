"""SQS as the Celery queue needs it: an owner of its own, and a wait that holds up nobody."""

from __future__ import annotations

import threading
import time
from typing import Any

import boto3
import pytest

from rehearsal.emulator.accounts import Accounts
from rehearsal.emulator.server import Emulator, RunningServer
from tests.rehearsal.emulator.platforms.customer import Customer

SERVICE = "210987654321"


def test_a_role_calls_the_queue_of_another_account(clients: Accounts, customer: Customer) -> None:
    theirs = clients.client("sqs", SERVICE, "us-east-1")
    queue = theirs.create_queue(QueueName="airflow-celery-1")["QueueUrl"]
    assert SERVICE in queue
    customer.client("sqs").send_message(QueueUrl=queue, MessageBody="task")
    (message,) = theirs.receive_message(QueueUrl=queue)["Messages"]
    assert message["Body"] == "task"


@pytest.fixture
def queue(app: Emulator) -> Any:
    with RunningServer(app) as server:
        sqs = boto3.client(
            "sqs",
            endpoint_url=server.url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        yield sqs, sqs.create_queue(QueueName="waited-for")["QueueUrl"]


def test_a_wait_ends_with_the_message_and_holds_up_nobody(queue: Any) -> None:
    sqs, url = queue
    found: list[Any] = []

    def wait() -> None:
        found.extend(sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"])

    waiting = threading.Thread(target=wait)
    waiting.start()
    time.sleep(0.3)
    began = time.monotonic()
    sqs.send_message(QueueUrl=url, MessageBody="task")
    waiting.join(timeout=10)
    assert [message["Body"] for message in found] == ["task"]
    assert time.monotonic() - began < 5


def test_a_client_that_has_gone_gets_no_message(queue: Any) -> None:
    sqs, url = queue
    import http.client
    import json

    address = sqs.meta.endpoint_url.removeprefix("http://")
    gone = http.client.HTTPConnection(address)
    scope = "AWS4-HMAC-SHA256 Credential=test/20261127/us-east-1/sqs/aws4_request"
    gone.request(
        "POST",
        "/",
        json.dumps({"QueueUrl": url, "WaitTimeSeconds": 20}),
        {
            "X-Amz-Target": "AmazonSQS.ReceiveMessage",
            "Content-Type": "application/x-amz-json-1.0",
            "Authorization": scope,
        },
    )
    time.sleep(0.3)
    gone.close()
    time.sleep(0.5)
    sqs.send_message(QueueUrl=url, MessageBody="task")
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "task"
