"""From one Airflow to another, 2.x to 3.x too: nothing secret in the file, nothing done twice."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from ops.airflow.api import Airflow
from ops.airflow.brought import Brought
from ops.airflow.document import VERSION, Document, load
from ops.airflow.secrecy import Secrecy
from ops.airflow.taken import Taken
from ops.commands.export import export
from ops.errors import RefusedError
from ops.terminal import Format
from tests.ops.airflow.model import Model
from tests.ops.airflow.wire import target

importing: Any = importlib.import_module("ops.commands.import")
SECRET = "hunter2hunter2"
ALL = frozenset(importing.Part)
USUAL = importing.USUAL


def filled(api: int = 1) -> Model:
    """An Airflow with something of everything."""
    model = Model(api=api, dags={"a": False, "b": True})
    model.stored["variables"] = {
        "region": {"key": "region", "value": "eu-west-1", "description": None},
        "settings": {"key": "settings", "value": '{"a":1}', "description": "of all"},
        "empty": {"key": "empty", "value": ""},
        "api_token": {"key": "api_token", "value": SECRET},
    }
    model.stored["connections"] = {
        "pg": {
            "connection_id": "pg",
            "conn_type": "postgres",
            "host": "db",
            "port": 5432,
            "login": "me",
            "password": SECRET,
            "extra": json.dumps({"sslmode": "require", "private_key": SECRET}),
        },
        "plain": {"connection_id": "plain", "conn_type": "http", "host": "example.org"},
    }
    model.stored["pools"]["etl"] = {"name": "etl", "slots": 4, "include_deferred": True}
    model.stored["roles"]["team"] = {
        "name": "team",
        "actions": [{"action": {"name": "can_read"}, "resource": {"name": "DAGs"}}],
    }
    model.users = [{"username": "me", "email": "me@x", "roles": [{"name": "team"}]}]
    return model


def taken(model: Model, keep: Callable[[str, str], str] | None = None) -> Document:
    return Taken(Airflow(target(model)), Secrecy(), keep).document(days_of_runs=7)


def bring(
    model: Model,
    document: Document,
    parts: frozenset[str] = USUAL,
    secrets: dict[str, str] | None = None,
    **more: bool,
) -> dict[str, Any]:
    brought = Brought(Airflow(target(model)), document, (secrets or {}).get)
    steps = brought.plan(parts, **more)
    brought.apply(steps)
    return steps


@pytest.mark.parametrize("api", [1, 2])
def test_no_secret_is_in_the_file_and_each_is_named(api: int, tmp_path: Path) -> None:
    document = taken(filled(api))
    document.write(tmp_path / "out.json")
    assert SECRET not in (tmp_path / "out.json").read_text()
    assert (tmp_path / "out.json").stat().st_mode & 0o077 == 0
    unknown = ["connections.plain.password"] if api == 1 else []
    assert document.left_out == [
        "connections.pg.extra.private_key",
        "connections.pg.password",
        *unknown,
        "variables.api_token",
    ]
    assert load(tmp_path / "out.json") == document
    assert (document.roles == []) is (api == 2)
    assert set(document.not_exported) == ({"roles", "users"} if api == 2 else set())
    assert "me@x" not in json.dumps(document.users)


@pytest.mark.parametrize(("source", "goal"), [(1, 1), (1, 2), (2, 2), (2, 1)])
def test_what_was_exported_stands_in_the_other_airflow_and_a_second_import_changes_nothing(
    source: int, goal: int
) -> None:
    document = taken(filled(source))
    there = Model(api=goal, dags={"a": True, "b": True})
    first = bring(there, document, ALL)
    found = there.stored
    assert found["variables"]["region"] == {"key": "region", "value": "eu-west-1"}
    assert json.loads(found["variables"]["settings"]["value"]) == {"a": 1}
    assert found["variables"]["empty"]["value"] == ""
    assert found["connections"]["pg"]["port"] == 5432
    assert json.loads(found["connections"]["pg"]["extra"]) == {"sslmode": "require"}
    assert found["pools"]["etl"]["slots"] == 4
    assert there.dags == {"a": False, "b": True}
    assert first["variables"].blocked == {
        "api_token": "its value is not in the file: set it by hand"
    }
    before, asked = json.dumps(found, sort_keys=True), len(there.asked)
    second = bring(there, document, ALL)
    assert all(not one.new and not one.changed for one in second.values())
    assert json.dumps(found, sort_keys=True) == before
    assert all(method == "GET" for method, _ in there.asked[asked:])


@pytest.mark.parametrize("api", [1, 2])
def test_what_differs_is_changed_and_a_password_that_is_there_stays(api: int) -> None:
    document = taken(filled(1))
    there = filled(api)
    there.stored["variables"]["region"]["value"] = "us-east-1"
    there.stored["connections"]["pg"]["host"] = "old"
    there.stored["pools"]["etl"]["slots"] = 1
    kept = bring(there, document, keeps=True)
    assert not any(one.changed or one.new for one in kept.values())
    steps = bring(there, document)
    assert {part: len(one.changed) for part, one in steps.items() if one.changed} == {
        "variables": 1,
        "connections": 1,
        "pools": 1,
    }
    pg = there.stored["connections"]["pg"]
    assert (pg["host"], pg["password"]) == ("db", SECRET)
    assert there.stored["pools"]["etl"]["slots"] == 4


def test_roles_and_users_roles_are_brought_to_airflow_2() -> None:
    document = taken(filled())
    there = Model(users=[{"username": "me", "roles": [{"name": "Viewer"}]}])
    bring(there, document)
    assert there.stored["roles"]["team"] == filled().stored["roles"]["team"]
    more = {"action": {"name": "can_edit"}, "resource": {"name": "DAGs"}}
    there.stored["roles"]["team"]["actions"].append(more)
    assert bring(there, document)["roles"].same == 1, "a right that the file does not name stays"
    assert there.users[0]["roles"] == [{"name": "team"}]
    there.users.clear()
    assert "first sign-in" in bring(there, document)["users"].blocked["me"]
    steps = bring(Model(api=2), document)
    assert list(steps["roles"].blocked) == ["team"]
    assert list(steps["users"].blocked) == ["me"]


def test_a_secret_goes_to_secrets_manager_and_comes_from_there() -> None:
    vault: dict[str, str] = {}

    def keep(name: str, value: str) -> str:
        vault[f"p/{name}"] = value
        return f"p/{name}"

    document = taken(filled(), keep)
    assert vault == {"p/variables/api_token": SECRET}
    assert "variables.api_token" not in document.left_out
    there = Model(api=2)
    bring(there, document, secrets=vault)
    assert there.stored["variables"]["api_token"]["value"] == SECRET
    gone = bring(Model(), document)["variables"].blocked["api_token"]
    assert gone == "Secrets Manager has no p/variables/api_token in this account and region"


def test_what_airflow_3_masks_is_not_put_anywhere() -> None:
    document = taken(filled(2), lambda name, value: pytest.fail(f"{name} {value}"))
    assert "variables.api_token" in document.left_out


def test_a_file_that_somebody_wrote_may_say_values_as_json(tmp_path: Path) -> None:
    file = tmp_path / "in.json"
    whole = {"format": "mwaa-airflow-objects", "version": VERSION, "environment": "e"}
    whole |= {"airflow_version": "2.10.3", "exported_at": ""}
    variables = [{"key": "a", "value": {"b": 1}}, {"key": "c", "value": None}]
    pools = [{"name": "p", "slots": "4", "include_deferred": None}, {"name": "none"}]
    connections = [{"connection_id": "c", "conn_type": "http", "extra": {"a": 1}}]
    parts = {"variables": variables, "pools": pools, "connections": connections}
    file.write_text(json.dumps(whole | parts))
    for api in (1, 2):
        there = Model(api=api)
        steps = bring(there, load(file))
        assert there.stored["variables"] == {"a": {"key": "a", "value": '{"b": 1}'}}
        assert there.stored["pools"]["p"] == {"name": "p", "slots": 4}
        assert there.stored["connections"]["c"]["extra"] == '{"a": 1}'
        assert steps["pools"].blocked == {"none": "it has no slots"}
        assert list(steps["variables"].blocked) == ["c"]


def test_runs_are_recorded_without_their_configuration() -> None:
    model = filled()
    model.runs = [
        {"dag_id": "a", "dag_run_id": "r", "state": "success", "conf": {"password": SECRET}}
    ]
    (run,) = taken(model).runs
    assert (run["dag_id"], run["state"], "conf" in run) == ("a", "success", False)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("no json", "no file of `mwaa export`|not a file of `mwaa export`"),
        ('{"format": "else"}', "not a file of `mwaa export`"),
        ('{"format": "mwaa-airflow-objects", "version": 99}', "is of version 99"),
        ({"poools": []}, "no part of a document is called poools"),
        ({"pools": [{"slots": 1}]}, r"pools\[0\] has no name"),
        ({"pools": [{"name": "a"}, {"name": "a"}]}, "a stands there twice"),
        ({"environment": None}, "environment is missing"),
        ({"dags": []}, "dags is no object"),
        ({"dags": {"a": "yes"}}, "dags: a is neither true nor false"),
        ({"variables": None}, "variables is no list"),
        ({"variables": [{"key": ""}]}, r"variables\[0\] has no key"),
        ({"connections": [{"connection_id": "c", "extra": "x"}]}, "extra is not a mapping"),
        ({"connections": [{"connection_id": "c", "port": "many"}]}, "port is not a whole number"),
        ({"pools": [{"name": "p", "include_deferred": "so"}]}, "is not true or false"),
        ({"roles": ["r"]}, r"roles\[0\] has no name"),
        ({"roles": [{"name": "r"}]}, r"roles\[0\] has no actions"),
        ({"roles": [{"name": "r", "actions": [["can_read"]]}]}, "actions is not a list of pairs"),
        ({"users": [{"username": "u", "roles": "Op"}]}, "roles is not a list of names"),
        ({"left_out": None}, "left_out is no list"),
        ('{"format": "mwaa-airflow-objects", "version": "1"}', "is of version '1'"),
        ("[" * 100_000, "not a file of `mwaa export`"),
    ],
)
def test_a_file_that_is_none_is_refused(content: Any, words: str, tmp_path: Path) -> None:
    if not isinstance(content, str):
        whole = {"format": "mwaa-airflow-objects", "version": VERSION, "environment": "e"}
        whole |= {"airflow_version": "2.10.3", "exported_at": ""}
        content = json.dumps(whole | content)
    file = tmp_path / "in.json"
    file.write_text(content)
    with pytest.raises(RefusedError, match=words):
        load(file)


def test_the_verbs_say_what_they_do_and_a_dry_run_does_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = filled(), Model(api=2)
    file = tmp_path / "out.json"
    monkeypatch.setattr(export, "resolve", lambda **_: target(old))
    monkeypatch.setattr(importing, "resolve", lambda **_: target(new))
    export.run(file, dry_run=True)
    assert not file.exists()
    export.run(file, form=Format.JSON)
    written = json.loads(capsys.readouterr().out.partition("\n{")[2].join(["{", ""]))
    assert written["counts"]["variables"] == 4
    with pytest.raises(typer.Exit) as ended:
        importing.run(file, dry_run=True)
    assert ended.value.exit_code == 1
    printed = capsys.readouterr().out
    assert "prod: variables: 3 would be created" in printed
    assert "not brought: api_token" in printed
    assert "connections.pg.password" in printed
    assert SECRET not in printed
    assert new.stored["variables"] == {}
    importing.run(file, only=[importing.Part.POOLS])
    assert new.stored["pools"]["etl"]["slots"] == 4
    assert new.stored["variables"] == {}
