"""An environment that another tool built is taken over as it is, without being replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rehearsal.cli import ready
from rehearsal.cli.workspace import ROOT
from tests.e2e.stacks.project import accept, offered, own_project
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


def customer(rehearsal: Rehearsal, name: str, *, key: bool) -> Customer:
    """A customer who called the AWS API himself, with a key of his own or of AWS."""
    made = Customer(Door(rehearsal), name, key=key)  # type: ignore[arg-type]
    made.create(MaxWorkers=2, Tags={"team": "data"})
    environment = rehearsal.workspace.environment(rehearsal.server.port, "us-east-1")
    ready.wait(name, environment, lambda line: None)
    return made


@pytest.fixture(scope="module")
def legacy(rehearsal: Rehearsal) -> Customer:
    """An environment with the key of AWS: it lives through the whole guide."""
    return customer(rehearsal, "legacy", key=False)


@pytest.fixture(scope="module")
def keyed(rehearsal: Rehearsal) -> Customer:
    """An environment with a key of the customer's."""
    return customer(rehearsal, "keyed", key=True)


def settings(legacy: Customer, **changes: Any) -> dict[str, Any]:
    """A stack that names what the environment stands on, as docs/guides/import.md does."""
    key = {"encryption": "existing", "existingKeyArn": legacy.key}
    return {
        "environmentName": legacy.names.environment,
        "adoptEnvironment": True,
        "adoptLogGroups": True,
        "availabilityZones": None,
        "existingVpcId": legacy.vpc,
        "existingVpcCidr": "10.192.0.0/16",
        "existingSubnetIds": legacy.subnets,
        "existingRouteTableIds": legacy.tables,
        "egress": "existing",
        "endpointProfile": "none",
        **(key if legacy.key else {"encryption": "aws-owned"}),
        "existingBucketName": legacy.names.bucket,
        "existingRoleArn": legacy.role,
        "additionalSecurityGroupIds": [legacy.group],
        "maxWorkers": 5,
        **changes,
    }


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("project")


@pytest.fixture(scope="module")
def stack(rehearsal: Rehearsal, legacy: Customer, project: Path) -> Iterator[Stack]:
    adopter = own_project(rehearsal, project).stack("adopter", **settings(legacy))
    yield adopter
    rehearsal.empty()


def test_another_key_refuses_the_adoption(rehearsal: Rehearsal, keyed: Customer) -> None:
    other = rehearsal.client("kms").create_key()["KeyMetadata"]["Arn"]
    stranger = rehearsal.stack("stranger", **settings(keyed, existingKeyArn=other))
    try:
        refused = stranger.preview(policy=False)
        assert refused.code != 0
        assert "kmsKey" in refused.text
        stranger.set(existingKeyArn=keyed.key)
        taken = stranger.preview(policy=False)
        assert taken.code == 0, taken.errors or taken.text
        assert ("import", ENVIRONMENT) in taken.ops()
    finally:
        stranger.remove()


def test_the_guide_names_what_the_test_names(keyed: Customer, legacy: Customer) -> None:
    guide = (ROOT / "docs" / "guides" / "import.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^  mwaa:(\w+):", guide, re.MULTILINE))
    # The zones are those of the existing subnets; the workers are what a later run applies.
    ours = {*settings(keyed), *settings(legacy)} - {"availabilityZones", "maxWorkers"}
    assert named - {"airflowVersion"} == ours


def test_adoption_changes_nothing_and_a_later_run_applies_the_settings(
    stack: Stack, legacy: Customer, project: Path
) -> None:
    before = legacy.get()
    # Without the pack: it would refuse what the environment is, and rightly.
    taken = stack.up(policy=False)
    assert taken.code == 0, taken.errors or taken.text
    assert ("import", ENVIRONMENT) in taken.ops()
    assert legacy.get() == before

    stack.set(adoptEnvironment=False, adoptLogGroups=False)
    # The key of AWS is what it has for good, and the pack asks who accepts that.
    refused = stack.preview()
    assert refused.broken == ("mwaa-encryption-customer-key",)
    accept(project, offered(refused.text))
    applied = stack.up()
    assert applied.code == 0, applied.errors or applied.text
    assert ("update", ENVIRONMENT) in applied.ops()
    after = legacy.get()
    assert (after["MaxWorkers"], after["CreatedAt"]) == (5, before["CreatedAt"])
    assert after["LastUpdate"]["WorkerReplacementStrategy"] == "GRACEFUL"
    assert "KmsKey" not in after
    assert stack.preview().touched() == []
