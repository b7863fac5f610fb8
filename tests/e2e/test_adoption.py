"""An environment that another tool built is taken over as it is, without being replaced."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from rehearsal.cli import ready
from tests.e2e.stacks.rehearsal import Rehearsal, Stack
from tests.rehearsal.emulator.platforms.customer import Customer

ENVIRONMENT = "aws:mwaa/environment:Environment"


class Door:
    """The clients of the running server, in the form that ``Customer`` asks for."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self._rehearsal = rehearsal

    def client(self, service: str, account: str, region: str) -> Any:
        """A client of the one account that the server's credentials mean."""
        return self._rehearsal.client(service, region)


@pytest.fixture(scope="module")
def legacy(rehearsal: Rehearsal) -> Iterator[Customer]:
    """A customer who called the AWS API himself; the environment is gone afterwards."""
    customer = Customer(Door(rehearsal), "legacy")  # type: ignore[arg-type]
    customer.create(MaxWorkers=2, Tags={"team": "data"})
    environment = rehearsal.workspace.environment(rehearsal.server.port, "us-east-1")
    ready.wait("legacy", environment, lambda line: None)
    yield customer


def settings(legacy: Customer, **changes: Any) -> dict[str, Any]:
    """A stack that names what the environment stands on."""
    return {
        "environmentName": "legacy",
        "adoptEnvironment": True,
        "adoptLogGroups": True,
        "availabilityZones": None,
        "existingVpcId": legacy.vpc,
        "existingVpcCidr": "10.192.0.0/16",
        "existingSubnetIds": legacy.subnets,
        "existingRouteTableIds": legacy.tables,
        "egress": "existing",
        "endpointProfile": "none",
        "encryption": "existing",
        "existingKeyArn": legacy.key,
        "existingBucketName": legacy.names.bucket,
        "existingRoleArn": legacy.role,
        "additionalSecurityGroupIds": [legacy.group],
        "maxWorkers": 5,
        **changes,
    }


@pytest.fixture(scope="module")
def stack(rehearsal: Rehearsal, legacy: Customer) -> Iterator[Stack]:
    adopter = rehearsal.stack("adopter", **settings(legacy))
    yield adopter
    adopter.remove()


def test_another_key_refuses_the_adoption(rehearsal: Rehearsal, legacy: Customer) -> None:
    other = rehearsal.client("kms").create_key()["KeyMetadata"]["Arn"]
    stranger = rehearsal.stack("stranger", **settings(legacy, existingKeyArn=other))
    try:
        refused = stranger.preview(policy=False)
        assert refused.code != 0
        assert "kmsKey" in refused.text
    finally:
        stranger.remove()


def test_adoption_changes_nothing_and_a_later_run_applies_the_settings(
    stack: Stack, legacy: Customer
) -> None:
    before = legacy.get()
    # Without the pack: it would refuse what the environment is, and rightly.
    taken = stack.up(policy=False)
    assert taken.code == 0, taken.errors or taken.text
    assert ("import", ENVIRONMENT) in taken.ops()
    assert legacy.get() == before

    stack.set(adoptEnvironment=False, adoptLogGroups=False)
    applied = stack.up(policy=False)
    assert applied.code == 0, applied.errors or applied.text
    assert ("update", ENVIRONMENT) in applied.ops()
    after = legacy.get()
    assert (after["MaxWorkers"], after["CreatedAt"]) == (5, before["CreatedAt"])
    assert after["LastUpdate"]["WorkerReplacementStrategy"] == "GRACEFUL"
    assert stack.preview(policy=False).touched() == []
