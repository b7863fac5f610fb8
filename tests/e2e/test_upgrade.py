"""The upgrade with the real engine: over a major version in place, nothing replaced, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.stacks.rehearsal import UNWATCHED, Outcome, Rehearsal, Stack

NAME = "upgrade"
ENVIRONMENT = "aws:mwaa/environment:Environment"
OBJECT = "pulumi-python:dynamic/airflow:Object"
OBJECTS: dict[str, list[dict[str, Any]]] = {
    "pools": [{"name": "etl", "slots": 4}, {"name": "default_pool", "slots": 200}],
    "variables": [{"key": "stage", "value": "test"}],
    "connections": [{"connection_id": "warehouse", "conn_type": "http"}],
}
SECRET = "hunter2-of-the-warehouse"


@pytest.fixture(scope="module")
def stack(rehearsal: Rehearsal) -> Iterator[Stack]:
    settings = {"egress": "none", "endpointProfile": "required", "airflowObjects": OBJECTS}
    made = rehearsal.stack(NAME, **settings, **UNWATCHED)
    planned = made.preview(policy=False)
    assert planned.code == 0, planned.errors or planned.text
    assert ("create", OBJECT) in planned.ops()
    built = made.up(policy=False)
    assert built.code == 0, built.errors or built.text
    yield made
    made.remove()


def airflow(rehearsal: Rehearsal, method: str, path: str) -> Any:
    answer = rehearsal.client("mwaa").invoke_rest_api(Name=NAME, Method=method, Path=path)
    return answer.get("RestApiResponse")


def slots(rehearsal: Rehearsal) -> dict[str, int]:
    return {one["name"]: one["slots"] for one in airflow(rehearsal, "GET", "/pools")["pools"]}


def of_objects(run: Outcome) -> set[str]:
    """What a run does with the objects of Airflow."""
    return {op for op, kind in run.ops("refresh") if kind == OBJECT}


def verb(stack: Stack, *words: str) -> dict[str, Any]:
    """What a verb says; it must succeed."""
    given = ("--stack", NAME, "--config-file", stack.file, "--format", "json")
    ran = stack.verb(*words, *given)
    assert ran.returncode == 0, ran.stderr + ran.stdout
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def upgrade(stack: Stack, to: str, *flags: str) -> dict[str, Any]:
    found = verb(stack, "upgrade", "--to", to, "--unproved", "--interval", "0.2", *flags)
    # The verb wrote to the stack file.
    stack.config = yaml.safe_load(stack.file.read_text(encoding="utf-8"))["config"]
    return found


def described(rehearsal: Rehearsal) -> dict[str, Any]:
    found: dict[str, Any] = rehearsal.client("mwaa").get_environment(Name=NAME)["Environment"]
    return found


def test_airflow_rises_and_falls_in_place_and_the_stack_follows(
    rehearsal: Rehearsal, stack: Stack
) -> None:
    created = described(rehearsal)["CreatedAt"]
    found = upgrade(stack, "3.2.1")
    assert [one["to"] for one in found["steps"]] == ["2.11.2", "3.2.1"]
    assert described(rehearsal)["AirflowVersion"] == "3.2.1"
    assert stack.config["mwaa:airflowVersion"] == "3.2.1"
    state = next(
        one for one in stack.export()["deployment"]["resources"] if one["type"] == ENVIRONMENT
    )
    assert state["outputs"]["airflowVersion"] == "3.2.1"
    accepted = stack.up()
    assert accepted.code == 0, accepted.errors or accepted.text
    touched = accepted.touched("refresh")
    assert [one for one in touched if ENVIRONMENT in one or OBJECT in one] == []
    assert {"etl": 4, "default_pool": 200}.items() <= slots(rehearsal).items()

    rehearsal.forget_requests()
    assert upgrade(stack, "3.2.1", "--dry-run")["steps"] == []
    assert rehearsal.requests(operation="UpdateEnvironment") == []

    assert [one["to"] for one in upgrade(stack, "2.11.2")["steps"]] == ["2.11.2"]
    assert described(rehearsal)["AirflowVersion"] == "2.11.2"
    assert described(rehearsal)["CreatedAt"] == created


def test_objects_of_airflow_are_the_engines_and_their_secrets_stay_secret(
    rehearsal: Rehearsal, stack: Stack
) -> None:
    mine = {"Name": NAME, "Method": "POST", "Path": "/variables"}
    rehearsal.client("mwaa").invoke_rest_api(**mine, Body={"key": "mine", "value": "stays"})
    stack.encrypt_at("airflowObjects.connections[0].password", SECRET)
    changed = stack.up(policy=False)
    assert changed.code == 0, changed.errors or changed.text
    assert of_objects(changed) == {"update"}
    assert SECRET not in changed.text + stack.print("stack", "export")

    # Changed and deleted beside the program: a refresh sees both, and the next run repairs them.
    patch = {"Name": NAME, "Method": "PATCH", "Path": "/pools/etl"}
    rehearsal.client("mwaa").invoke_rest_api(**patch, Body={"name": "etl", "slots": 1})
    airflow(rehearsal, "DELETE", "/variables/stage")
    stack.refresh()
    repaired = stack.up(policy=False)
    assert of_objects(repaired) == {"update", "create"}
    assert slots(rehearsal)["etl"] == 4

    stack.set(airflowObjects={**OBJECTS, "variables": [], "connections": []})
    assert of_objects(stack.up(policy=False)) == {"delete"}
    found = airflow(rehearsal, "GET", "/variables")["variables"]
    assert [one["key"] for one in found] == ["mine"]


def test_an_object_that_exists_is_refused_until_it_is_adopted_or_imported(
    rehearsal: Rehearsal, stack: Stack, tmp_path: Path
) -> None:
    mine: list[dict[str, Any]] = [{"name": "theirs", "slots": 3}, {"name": "others", "slots": 5}]
    for pool in mine:
        new = {"Name": NAME, "Method": "POST", "Path": "/pools"}
        rehearsal.client("mwaa").invoke_rest_api(**new, Body={**pool, "slots": 2})
    kept = OBJECTS["pools"]
    stack.set(airflowObjects={"pools": [*kept, *mine]})
    refused = stack.up(policy=False)
    assert refused.code != 0
    assert "set adopt to take it over" in refused.text
    assert "File " not in refused.text

    file = tmp_path / "objects.json"
    taken = verb(stack, "export", "--for-pulumi", "--out", str(file))
    assert taken["objects"] == [f"{NAME}/pools/others", f"{NAME}/pools/theirs"]
    imported = json.loads(file.read_text())
    imported["resources"] = [one for one in imported["resources"] if "others" not in one["id"]]
    file.write_text(json.dumps(imported))
    stack.import_from(file)
    stack.set(airflowObjects={"pools": [*kept, mine[0], {**mine[1], "adopt": True}]})
    accepted = stack.up(policy=False)
    assert accepted.code == 0, accepted.errors or accepted.text
    assert of_objects(accepted) == {"update", "create"}
    assert [slots(rehearsal)[one["name"]] for one in mine] == [3, 5]


def test_with_the_environment_its_objects_go_without_a_call(
    rehearsal: Rehearsal, stack: Stack
) -> None:
    stack.print("state", "unprotect", "--all", "--yes")
    rehearsal.forget_requests()
    gone = stack.destroy()
    assert gone.code == 0, gone.errors or gone.text
    assert ("delete", OBJECT) in gone.ops()
    assert rehearsal.requests(operation="InvokeRestApi") == []
    assert NAME not in rehearsal.client("mwaa").list_environments()["Environments"]
    assert stack.export()["deployment"].get("resources", []) == []
