"""Calls of the execution role's sessions need a way out of the environment's subnets."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from rehearsal.airflow import control
from rehearsal.airflow.account import Account
from tests.rehearsal.emulator.authorization.role import Role
from tests.rehearsal.emulator.platforms.customer import Customer

HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
POSTGRESQL = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432}


class Hasty(Account):
    """Waits for a second, and asks once."""

    def client(self, service: str) -> Any:
        from botocore.config import Config

        once = Config(read_timeout=1, retries={"total_max_attempts": 1}, proxies={})
        return self._session.client(service, endpoint_url=self.endpoint, config=once)


@pytest.fixture
def hasty(role: Role) -> Role:
    """The same role, which soon gives up."""
    role.account = Hasty(role.account.endpoint, role.account.region, role.account.keys)
    return role


def hangs(call: Callable[[], object]) -> None:
    with pytest.raises(ReadTimeoutError, match="Read timeout on endpoint URL"):
        call()


def admits(customer: Customer, group: str, rule: dict[str, Any], to: str, *, still: bool) -> None:
    """Let ``group`` admit ``to``, or no longer."""
    change = (
        customer.ec2.authorize_security_group_ingress
        if still
        else customer.ec2.revoke_security_group_ingress
    )
    change(GroupId=group, IpPermissions=[{**rule, "UserIdGroupPairs": [{"GroupId": to}]}])


def test_without_an_endpoint_a_service_does_not_answer(hasty: Role, available: Customer) -> None:
    hasty.send()
    available.ec2.delete_vpc_endpoints(VpcEndpointIds=[available.endpoints["sqs"]])
    hangs(hasty.send)
    hasty.write_logs()
    hasty.read_dag()
    available.endpoint("sqs")
    hasty.send()


def test_an_endpoint_whose_group_does_not_admit_does_not_answer(
    hasty: Role, available: Customer
) -> None:
    admits(available, available.endpoint_group, HTTPS, available.group, still=False)
    hangs(hasty.send)
    hangs(hasty.put_metric)
    hasty.read_dag()  # by a gateway endpoint, which has no group
    admits(available, available.endpoint_group, HTTPS, available.group, still=True)
    hasty.send()


def test_a_bucket_without_a_gateway_does_not_answer(hasty: Role, available: Customer) -> None:
    available.ec2.delete_vpc_endpoints(VpcEndpointIds=[available.endpoints["s3"]])
    hangs(hasty.read_dag)
    hasty.send()


def test_a_call_that_waits_goes_on_when_the_way_is_there(role: Role, available: Customer) -> None:
    available.ec2.delete_vpc_endpoints(VpcEndpointIds=[available.endpoints["sqs"]])
    done = threading.Event()

    def send() -> None:
        role.send()
        done.set()

    threading.Thread(target=send, daemon=True).start()
    assert not done.wait(0.5)
    available.endpoint("sqs")
    assert done.wait(10)
    assert role.waiting() == 1


def test_people_are_not_held_up(hasty: Role, available: Customer) -> None:
    available.ec2.delete_vpc_endpoints(VpcEndpointIds=[available.endpoints["sqs"]])
    available.client("sqs").send_message(QueueUrl=hasty.queue, MessageBody="task")


def test_the_way_to_the_database(role: Role, available: Customer) -> None:
    endpoint = role.account.endpoint
    assert control.reaches_database(endpoint, "etl")
    admits(available, available.group, POSTGRESQL, available.group, still=False)
    assert not control.reaches_database(endpoint, "etl")
    assert control.reaches_database(endpoint, "another")
    admits(available, available.group, POSTGRESQL, available.group, still=True)
    assert control.reaches_database(endpoint, "etl")
