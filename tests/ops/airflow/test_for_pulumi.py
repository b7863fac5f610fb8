"""What a stack names and Airflow has, as a file for the engine: nothing secret, nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mwaa.service.airflow_objects import KINDS
from ops.airflow.api import Airflow
from ops.commands.export import export
from ops.commands.export.for_pulumi import COMPONENT, of_plan
from ops.commands.impact.preview import Step
from ops.commands.permissions.deployed import AIRFLOW_OBJECT as OBJECT
from ops.errors import RefusedError
from tests.ops.airflow.model import Model
from tests.ops.airflow.test_export_import import SECRET, filled
from tests.ops.airflow.wire import target

PLATFORM = "urn:pulumi:prod::mwaa::mwaa:components:Platform::mwaa"
PARENT = f"urn:pulumi:prod::mwaa::mwaa:components:Platform${COMPONENT}::mwaa-objects"
WANTED: dict[str, dict[str, Any]] = {
    "pools": {"name": "etl", "slots": 9},
    "variables": {"key": "api_token", "value": "other"},
    "connections": {"connection_id": "pg", "conn_type": "mysql", "extra": "{}", "host": "new"},
    "roles": {"name": "team", "actions": [["can_edit", "DAGs"]]},
}


def step(kind: str, operation: str = "create", **more: Any) -> Step:
    name = WANTED[kind][KINDS[kind].key]
    inputs = {"__provider": "gA", "kind": kind, "environment": "prod", "region": "us-east-1"}
    return Step(
        f"{PARENT.rpartition('::')[0]}${OBJECT}::mwaa-objects-{KINDS[kind].word}-{name}",
        operation,
        new={"inputs": {**inputs, **WANTED[kind], **more}, "parent": PARENT},
    )


def written(steps: list[Step], model: Model, folder: Path) -> Any:
    found = of_plan(steps, Airflow(target(model)))
    found.write(folder / "objects.json")
    text = (folder / "objects.json").read_text()
    assert SECRET not in text
    return json.loads(text)


def test_each_object_has_what_airflow_holds_and_no_secret(tmp_path: Path) -> None:
    found = written([step(kind) for kind in KINDS], filled(), tmp_path)
    assert found["nameTable"] == {"mwaa-objects": PARENT}
    connection, pool, role, variable = found["resources"]
    assert (pool["type"], pool["name"]) == (OBJECT, "mwaa-objects-pool-etl")
    assert (pool["id"], pool["parent"]) == ("prod/pools/etl", "mwaa-objects")
    assert pool["inputs"] == pool["outputs"]
    assert (pool["outputs"]["slots"], pool["outputs"]["__provider"]) == (4, "gA")
    assert variable["outputs"]["value"]["plaintext"] == '""'
    assert connection["outputs"]["extra"]["plaintext"] == '""'
    assert (connection["outputs"]["host"], connection["outputs"]["conn_type"]) == ("db", "postgres")
    assert "password" not in connection["outputs"], "the program does not name it"
    assert role["outputs"]["actions"] == [["can_read", "DAGs"]]


def test_what_is_not_there_or_is_the_stacks_already_is_left_out(tmp_path: Path) -> None:
    steps = [step("pools", "same"), step("pools", name="new"), step("variables", "update")]
    found = written(steps, filled(), tmp_path)
    assert found["resources"] == []


def test_the_first_objects_bring_their_component(tmp_path: Path) -> None:
    component = Step(PARENT, "create", new={"parent": PLATFORM})
    found = written([component, step("pools"), step("roles")], filled(), tmp_path)
    first, *objects = found["resources"]
    assert (first["type"], first["name"], first["component"]) == (COMPONENT, "mwaa-objects", True)
    assert found["nameTable"] == {first["parent"]: PLATFORM}
    assert [one["parent"] for one in objects] == ["mwaa-objects", "mwaa-objects"]


def test_another_environment_and_other_ways_are_refused() -> None:
    with pytest.raises(RefusedError, match="not prod: run `pulumi up` first"):
        of_plan([step("pools", environment="new")], Airflow(target(filled())))
    with pytest.raises(RefusedError, match="give it with --stack"):
        export.run(Path("x.json"), for_pulumi=True, environment="prod")
