"""The setting ``airflowObjects``: read from the stack file and a file, and what is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mwaa.settings.load import Settings
from mwaa.settings.problems import Problem

Load = Callable[..., Settings]
Refused = Callable[..., list[Problem]]

SECRET = "hunter2hunter2"
OWN = {
    "pools": [{"name": "etl", "slots": 4, "include_deferred": "true"}],
    "variables": [{"key": "limits", "value": {"rows": 5}}, {"key": "n", "value": 5}],
    "connections": [
        {"connection_id": "pg", "conn_type": "postgres", "port": "5432", "extra": {"b": 1, "a": 2}}
    ],
    "roles": [{"name": "team", "actions": [["can_read", "DAGs"]]}],
}
SHARED = """
pools:
  - {name: etl, slots: 2, description: of all}
connections:
  - {connection_id: pg, conn_type: postgres, host: db.example.org}
"""


def members(settings: Settings) -> dict[tuple[str, str], dict[str, Any]]:
    return {(one.kind, one.name): dict(one.members) for one in settings.objects}


def test_each_object_has_the_members_of_airflows_api(load: Load) -> None:
    assert members(load(airflowObjects=OWN)) == {
        ("connections", "pg"): {
            "connection_id": "pg",
            "conn_type": "postgres",
            "port": 5432,
            "extra": '{"a": 2, "b": 1}',
        },
        ("pools", "etl"): {"name": "etl", "slots": 4, "include_deferred": True},
        ("roles", "team"): {"name": "team", "actions": [["can_read", "DAGs"]]},
        ("variables", "limits"): {"key": "limits", "value": '{"rows": 5}'},
        ("variables", "n"): {"key": "n", "value": "5"},
    }
    assert load().objects == ()


def test_the_stack_file_adds_to_what_a_shared_file_says(load: Load, tmp_path: Path) -> None:
    (tmp_path / "airflow.yaml").write_text(SHARED)
    own: dict[str, Any] = {"connections": [{"connection_id": "pg", "password": SECRET}]}
    own["pools"] = [{"name": "etl", "slots": 9, "adopt": True}]
    found = load(airflowObjects={"file": "airflow.yaml", **own}, secrets={"airflowObjects"}).objects
    by_kind = {one.kind: one for one in found}
    assert by_kind["pools"].members == {"name": "etl", "slots": 9, "description": "of all"}
    assert by_kind["pools"].adopt and not by_kind["connections"].adopt
    # Which part of the setting is encrypted, the engine does not say.
    assert by_kind["connections"].encrypted == {"password"}
    assert by_kind["connections"].members["host"] == "db.example.org"


def test_no_message_and_no_description_holds_a_value(load: Load, refused: Refused) -> None:
    variable = {"key": "v", "value": SECRET}
    secrets = {"airflowObjects"}
    settings = load(airflowObjects={"variables": [variable]}, secrets=secrets)
    assert SECRET not in repr(settings) + repr(settings.objects)
    wrong = {"variables": [variable, variable]}
    (problem,) = refused(airflowObjects=wrong, secrets=secrets)
    assert SECRET not in str(problem)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"pool": []}, "did you mean pools?"),
        ({"pools": {"name": "etl"}}, "pools in the stack file, which is not a list"),
        ({"pools": ["etl"]}, "pools[0] in the stack file, which is not a mapping"),
        ({"pools": [{"slots": 1}]}, "without name as text"),
        ({"pools": [{"name": "etl"}]}, "the pool etl without slots"),
        ({"pools": [{"name": "etl", "slots": "many"}]}, "slots that is not a whole number"),
        ({"pools": [{"name": "etl", "slots": True}]}, "slots that is not a whole number"),
        ({"pools": [{"name": "etl", "slots": 1.5}]}, "slots that is not a whole number"),
        ({"pools": [{"name": "etl", "slots": -2}]}, "-1 for no limit"),
        ({"pools": [{"name": "etl", "slot": 1}]}, "did you mean slots?"),
        ({"pools": [{"name": "x" * 58, "slots": 1}]}, "at most 57 characters"),
        (
            {"connections": [{"connection_id": "my db", "conn_type": "http"}]},
            "letters, digits, _ . and -",
        ),
        ({"variables": [{"key": "v", "value": None}]}, "value that is not text"),
        ({"variables": [{"key": "v", "value": "a"}] * 2}, "the variable v twice"),
        ({"connections": [{"connection_id": "c"}]}, "without conn_type"),
        (
            {"connections": [{"connection_id": "c", "conn_type": "http", "extra": "[1]"}]},
            "extra that is not a mapping",
        ),
        (
            {"connections": [{"connection_id": "c", "conn_type": "http", "password": "p"}]},
            "with a password in clear",
        ),
        ({"roles": [{"name": "r", "actions": ["can_read"]}]}, "a list of pairs"),
        ({"roles": [{"name": "r", "actions": [[None, 1]]}]}, "a list of pairs"),
        ({"roles": [{"name": "Viewer", "actions": []}]}, "a role of your own"),
        ({"pools": [{"name": "etl", "slots": 2**31}]}, "0 and more"),
        ({"file": "twice.yaml"}, "twice.yaml, which says pools at line 2 twice"),
        ({"file": "inside.yaml"}, "inside.yaml, which says slots at line 3 twice"),
        ({"file": "nowhere.yaml"}, "a file that does not exist: nowhere.yaml"),
        ({"file": "list.yaml"}, "list.yaml, which is not a mapping"),
        ({"file": "broken.yaml"}, "broken.yaml, which is not valid YAML at line 1"),
        ({"file": "circle.yaml"}, "circle.yaml, which is not valid YAML"),
        ({"file": "nested.yaml"}, "file in nested.yaml"),
        ({"file": "clear.yaml"}, "with a password in clear"),
    ],
)
def test_what_no_airflow_takes_is_refused(
    refused: Refused, tmp_path: Path, setting: Any, words: str
) -> None:
    clear = "connections: [{connection_id: c, conn_type: http, password: p}]"
    for name, text in {
        "list.yaml": "- 1",
        "broken.yaml": "a: [",
        "circle.yaml": "pools: &a [*a]",
        "nested.yaml": "file: more.yaml",
        "clear.yaml": clear,
        "twice.yaml": "pools: [{name: a, slots: 1}]\npools: [{name: b, slots: 1}]",
        "inside.yaml": "pools:\n- {name: a, slots: 1,\n   slots: 2}",
    }.items():
        (tmp_path / name).write_text(text)
    (problem,) = refused(airflowObjects=setting)
    assert problem.setting == "airflowObjects"
    assert words in str(problem)


@pytest.mark.parametrize(
    ("version", "setting", "words"),
    [
        ("3.2.1", {"roles": [{"name": "r", "actions": []}]}, "roles with Airflow 2"),
        ("2.10.3", {"pools": [{"name": "etl", "slots": -1}]}, "0 and more"),
        ("2.11.2", {"pools": [{"name": "a/b", "slots": 1}]}, "a name without /"),
    ],
)
def test_what_a_version_does_not_take_is_refused(
    load: Load, refused: Refused, version: str, setting: Any, words: str
) -> None:
    (problem,) = refused(airflowVersion=version, airflowObjects=setting)
    assert words in str(problem)
    other = "2.10.3" if version == "3.2.1" else "3.2.1"
    assert load(airflowVersion=other, airflowObjects=setting).objects


def test_a_version_that_is_none_is_refused_once(refused: Refused) -> None:
    (problem,) = refused(airflowVersion="newest", airflowObjects=OWN)
    assert problem.setting == "airflowVersion"


def test_what_looks_secret_and_stands_in_clear_is_advised(load: Load) -> None:
    setting = {
        "variables": [{"key": "api_key", "value": "x"}],
        "connections": [{"connection_id": "c", "conn_type": "http", "extra": {"token": "x"}}],
    }
    warnings = load(airflowObjects=setting).warnings
    assert sum("in clear" in one for one in warnings) == 2
    assert not load(airflowObjects=setting, secrets={"airflowObjects"}).warnings
