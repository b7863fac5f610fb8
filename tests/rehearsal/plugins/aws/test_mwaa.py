"""The environment: what replaces it, what its waits accept, how a failure is kept and reported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest

from mwaa.settings.replacement import REPLACING
from rehearsal.plugins.aws.registry import find_resource
from rehearsal.plugins.protocol.values import UNKNOWN, Secret
from tests.rehearsal.plugins.aws import scenes
from tests.rehearsal.plugins.aws.engine import CheckError, Engine, Made, init_failure

ENVIRONMENT = "aws:mwaa/environment:Environment"
Boto = Callable[[str], Any]
Inputs = dict[str, Any]


@pytest.fixture(scope="module")
def inputs(engine: Engine) -> Inputs:
    made: list[Made] = []

    def need(type_: str, given: Inputs) -> Made:
        made.append(engine.create(type_, given, name=f"mwaa-{len(made)}"))
        return made[-1]

    return scenes.environment(need, "mwaa")[0]


@pytest.fixture(scope="module")
def environment(engine: Engine, inputs: Inputs) -> Iterator[Made]:
    options = {"core.default_task_retries": Secret("3")}
    made = engine.create(ENVIRONMENT, {**inputs, "airflowConfigurationOptions": options})
    yield made
    engine.delete(made)


def test_state_tells_what_the_service_tells(environment: Made) -> None:
    assert environment.id == "mwaa"
    assert environment.outputs["status"] == "AVAILABLE"
    assert environment.outputs["webserverUrl"]
    assert environment.outputs["databaseVpcEndpointService"]


def test_secret_options_stay_secret(engine: Engine, environment: Made) -> None:
    again = engine.read(environment)
    assert again is not None
    for state in (environment.inputs, environment.outputs, again.inputs, again.outputs):
        assert state["airflowConfigurationOptions"] == {"core.default_task_retries": Secret("3")}


@pytest.mark.parametrize(
    ("changed", "path", "kind"),
    [
        ({"name": "other"}, "name", "UPDATE_REPLACE"),
        ({"kmsKey": "arn:aws:kms:us-east-1:123456789012:key/1"}, "kmsKey", "ADD_REPLACE"),
        ({"endpointManagement": "CUSTOMER"}, "endpointManagement", "UPDATE_REPLACE"),
        ({"airflowVersion": "3.0.6"}, "airflowVersion", "UPDATE_REPLACE"),
        ({"airflowVersion": "2.11.0"}, "airflowVersion", "UPDATE"),
        ({"airflowVersion": "2.9.2"}, "airflowVersion", "UPDATE"),
        ({"airflowVersion": UNKNOWN}, "airflowVersion", "UPDATE"),
        ({"maxWorkers": 9}, "maxWorkers", "UPDATE"),
        ({"workerReplacementStrategy": "GRACEFUL"}, "workerReplacementStrategy", "ADD"),
    ],
)
def test_what_replaces(
    engine: Engine, environment: Made, inputs: Inputs, changed: Inputs, path: str, kind: str
) -> None:
    assert engine.changes(environment, {**inputs, **changed}) == {path: kind}


@pytest.mark.parametrize(
    ("part", "kind"), [("subnetIds", "UPDATE_REPLACE"), ("securityGroupIds", "UPDATE")]
)
def test_only_the_subnets_of_the_network_replace(
    engine: Engine, environment: Made, inputs: Inputs, part: str, kind: str
) -> None:
    network = {**inputs["networkConfiguration"], part: ["other-1", "other-2"]}
    changed = {**inputs, "networkConfiguration": network}
    assert engine.changes(environment, changed) == {f"networkConfiguration.{part}": kind}


def test_unknown_network_may_replace(engine: Engine, environment: Made, inputs: Inputs) -> None:
    changed = {**inputs, "networkConfiguration": UNKNOWN}
    assert engine.changes(environment, changed) == {"networkConfiguration": "UPDATE_REPLACE"}


def test_order_of_subnets_is_no_difference(
    engine: Engine, environment: Made, inputs: Inputs
) -> None:
    network = inputs["networkConfiguration"]
    turned = {**network, "subnetIds": network["subnetIds"][::-1]}
    assert engine.changes(environment, {**inputs, "networkConfiguration": turned}) == {}


def test_logs_left_out_are_the_services_choice(
    engine: Engine, environment: Made, inputs: Inputs
) -> None:
    without = {key: value for key, value in inputs.items() if key != "loggingConfiguration"}
    assert engine.changes(environment, without) == {}


def test_strategy_goes_out_only_when_it_changed(
    engine: Engine, environment: Made, inputs: Inputs, boto: Boto
) -> None:
    def last_strategy() -> Any:
        update = boto("mwaa").get_environment(Name="mwaa")["Environment"]["LastUpdate"]
        return update.get("WorkerReplacementStrategy")

    graceful = {**inputs, "workerReplacementStrategy": "GRACEFUL"}
    first = engine.update(environment, graceful)
    assert last_strategy() == "GRACEFUL"
    second = engine.update(first, {**graceful, "maxWorkers": 8})
    assert last_strategy() is None
    assert engine.changes(second, {**graceful, "maxWorkers": 8}) == {
        "workerReplacementStrategy": "ADD"
    }


def test_failed_create_keeps_the_environment(engine: Engine, inputs: Inputs, boto: Boto) -> None:
    boto("iam").create_role(RoleName="powerless", AssumeRolePolicyDocument=scenes.TRUST)
    powerless = "arn:aws:iam::123456789012:role/powerless"
    with pytest.raises(grpc.RpcError, match="CREATE_FAILED") as failed:
        engine.create(ENVIRONMENT, {**inputs, "name": "broken", "executionRoleArn": powerless})
    detail = init_failure(failed.value)
    assert detail.id == "broken"
    assert "INCORRECT_CONFIGURATION" in detail.reasons[0]
    kept = Made(ENVIRONMENT, "it", "broken", {}, {"name": "broken"})
    present = engine.read(kept)
    assert present is not None
    assert present.outputs["status"] == "CREATE_FAILED"
    engine.delete(present)
    assert engine.read(present) is None


def test_pending_counts_as_created(engine: Engine, inputs: Inputs) -> None:
    made = engine.create(ENVIRONMENT, {**inputs, "name": "own", "endpointManagement": "CUSTOMER"})
    assert made.outputs["status"] == "PENDING"
    assert made.outputs["databaseVpcEndpointService"]
    engine.delete(made)


def test_refused_create_leaves_nothing(engine: Engine, inputs: Inputs) -> None:
    unheard = {**inputs, "name": "nobucket", "sourceBucketArn": "arn:aws:s3:::no-such-bucket"}
    with pytest.raises(grpc.RpcError, match="ValidationException") as failed:
        engine.create(ENVIRONMENT, unheard)
    assert init_failure(failed.value) is None


def test_names_instead_of_arns_are_refused_in_the_plan(engine: Engine, inputs: Inputs) -> None:
    with pytest.raises(CheckError) as wrong:
        engine.check(ENVIRONMENT, "it", {**inputs, "kmsKey": "alias/mine"})
    assert "invalid ARN" in wrong.value.failures["kmsKey"]


def test_the_stand_in_replaces_for_what_the_settings_guard_and_nothing_else() -> None:
    table = find_resource("aws:mwaa/environment:Environment").inputs
    replacing = {
        name
        for name, spec in table.items()
        if (spec.replace or spec.replace_within) and name != "region"
    }
    assert replacing == set(REPLACING)
