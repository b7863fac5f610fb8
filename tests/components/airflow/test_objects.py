"""Pools, variables and connections of Airflow as resources of the stack."""

import json
from typing import Any

import pulumi
import pytest

from components.airflow_objects import AirflowObjects, AirflowObjectsArgs
from components.platform import Platform, PlatformArgs
from mwaa.settings.load import Settings
from ops.airflow.provider import AirflowProvider
from tests.components.test_platform import settings

OBJECT = "pulumi-python:dynamic/airflow:Object"
ENVIRONMENT = "aws:mwaa/environment:Environment"
OBJECTS = {
    "pools": [{"name": "etl", "slots": 4, "adopt": True}],
    "variables": [{"key": "stage", "value": "plain-value"}],
}


def platform(given: Settings) -> Platform:
    args = PlatformArgs(settings=given, airflow_provider=AirflowProvider())
    return Platform("mwaa", args)


def test_each_object_of_the_setting_is_a_resource_of_the_environment(build: Any) -> None:
    made = build(lambda: platform(settings(airflowObjects=json.dumps(OBJECTS))))
    parent = made.one("mwaa:components:AirflowObjects")
    environment = made.one(ENVIRONMENT)
    pool = made.one(OBJECT, "mwaa-objects-pool-etl")
    assert {one.name for one in made.of(OBJECT)} == {pool.name, "mwaa-objects-variable-stage"}
    assert (pool.inputs["kind"], pool.inputs["slots"], pool.inputs["adopt"]) == ("pools", 4, True)
    assert pool.inputs["environment"] == environment.inputs["name"]
    for one in made.of(OBJECT):
        assert one.parent == parent.urn
        # With the environment its objects go, and come again.
        assert one.request.deletedWith == environment.urn
        assert list(one.request.replace_with) == [environment.urn]
        assert environment.urn in one.depends_on | {
            urn for urns in one.property_depends_on.values() for urn in urns
        }


def test_a_stack_without_objects_has_no_component(build: Any) -> None:
    assert not build(lambda: platform(settings())).of("mwaa:components:AirflowObjects")


def test_objects_need_a_provider(build: Any) -> None:
    given = settings(airflowObjects=json.dumps(OBJECTS))
    with pytest.raises(pulumi.RunError, match="airflow_provider=AirflowProvider"):
        build(lambda: Platform("mwaa", PlatformArgs(settings=given)))


def test_what_may_be_secret_is_secret_before_the_engine_sees_it(build: Any) -> None:
    def program() -> AirflowObjects:
        return AirflowObjects(
            "objects",
            AirflowObjectsArgs(
                provider=AirflowProvider(),
                environment_name="prod",
                region="eu-west-1",
                variables=[{"key": "v", "value": "plain-value"}],
                connections=[{"connection_id": "c", "conn_type": "http", "password": "word"}],
            ),
        )

    made = build(program)
    signature = "1b47061264138c4ac30d75fd1eb44270"  # the engine's mark of a secret
    for name, member in (("objects-variable-v", "value"), ("objects-connection-c", "password")):
        found = made.one(OBJECT, name)
        wire = json.loads(found.wire)["object"][member]
        assert signature in wire.values()
        assert member in found.request.additionalSecretOutputs
