"""What an export or an import cannot do: each is named with its reason, and the rest is done."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ops.airflow.api import Airflow
from ops.airflow.brought import Brought
from ops.airflow.document import Document
from tests.ops.airflow.model import Model
from tests.ops.airflow.test_export_import import ALL, SECRET, bring, filled, taken
from tests.ops.airflow.wire import target


def test_a_secret_that_secrets_manager_does_not_take_is_left_out_by_name() -> None:
    model = Model()
    model.stored["variables"] = {
        "my password": {"key": "my password", "value": SECRET},
        "no_password": {"key": "no_password", "value": ""},
    }
    document = taken(model, lambda name, _: "" if " " in name else name)
    assert document.left_out == ["variables.my password"]
    assert document.variables[0] == {"key": "my password", "secret": None}
    assert document.variables[1] == {"key": "no_password", "value": ""}


def test_what_cannot_be_brought_is_named_with_its_reason() -> None:
    long, odd = "x" * 80, "a b"
    document = Document(
        environment="old",
        airflow_version="2.10.3",
        exported_at="",
        pools=[{"name": long, "slots": 2}],
        connections=[{"connection_id": odd, "conn_type": "http"}],
        dags={"gone": False},
    )
    there = Model()
    there.stored["pools"][long] = {"name": long, "slots": 1}
    steps = bring(there, document, ALL)
    assert "too long" in steps["pools"].blocked[long]
    assert "mwaa sync" in steps["dags"].blocked["gone"]
    assert "another name" in bring(Model(api=2), document)["connections"].blocked[odd]


def test_a_variable_that_airflow_cannot_read_is_named() -> None:
    model = Model()
    model.stored["variables"]["a"] = {"key": "a", "value": None, "description": "of another key"}
    document = taken(model, lambda name, _: name)
    assert document.variables == [{"key": "a", "description": "of another key", "secret": None}]
    assert document.left_out == ["variables.a"]


def test_a_pool_without_a_limit_does_not_stop_an_export() -> None:
    model = filled()
    model.stored["pools"] |= {"all": {"name": "all", "slots": -1}, "z": {"name": "z", "slots": 1}}
    document = taken(model)
    assert [one["name"] for one in document.pools] == ["default_pool", "etl", "z"]
    assert "1 pool without a limit of slots" in document.not_exported["pools"]
    model.api = 2
    assert [one["name"] for one in taken(model).pools] == ["all", "default_pool", "etl", "z"]


def extra_after(api: int, there: str, given: str | None) -> tuple[Any, Any]:
    """The extra of a connection after an import, and why it was not brought."""
    connection = {"connection_id": "c", "conn_type": "http", "extra": there}
    model = Model(api=api)
    model.stored["connections"]["c"] = connection
    item = {"connection_id": "c", "conn_type": "http", **({"extra": given} if given else {})}
    document = Document(
        environment="old", airflow_version="", exported_at="", connections=[{**item, "host": "h"}]
    )
    first = bring(model, document)["connections"]
    assert model.stored["connections"]["c"]["host"] == "h", "the rest is brought all the same"
    second = bring(model, document)["connections"]
    assert not second.changed, "what was brought is not brought again"
    assert second.blocked == first.blocked
    return json.loads(model.stored["connections"]["c"]["extra"]), first.blocked.get("c", "")


@pytest.mark.parametrize("api", [1, 2])
def test_secrets_of_an_extra_stay_and_what_they_forbid_is_named(api: int) -> None:
    nested = {"a": 1, "more": {"token": SECRET}}
    assert extra_after(api, '{"a": 1}', None) == ({"a": 1}, "")
    assert extra_after(api, '{"a": 1}', '{"a": 2}') == ({"a": 2}, "")
    found, why = extra_after(api, json.dumps(nested), '{"a": 2}')
    assert (found, "would lose" in why) == (nested, True)
    assert extra_after(api, json.dumps(nested), '{"a": 1, "more": {}}') == (nested, "")
    secret = {"a": 1, "token": SECRET}
    found, why = extra_after(api, json.dumps(secret), '{"a": 2}')
    assert ("would lose" in why) is (api == 1)
    assert found == (secret if api == 1 else {"a": 2, "token": SECRET})


@pytest.mark.parametrize("api", [1, 2])
def test_what_airflow_does_not_take_is_named_and_the_rest_is_brought(api: int) -> None:
    there = Model(api=api, not_taken={"odd", "team", "c2"})
    there.stored["connections"]["c2"] = {"connection_id": "c2", "conn_type": "http"}
    document = Document(
        environment="old",
        airflow_version="2.10.3",
        exported_at="",
        variables=[{"key": key, "value": SECRET} for key in ("a", "odd", "z")],
        pools=[{"name": name, "slots": 1} for name in ("a", "odd", "z")],
        connections=[{"connection_id": name, "conn_type": "aws"} for name in ("c1", "c2", "odd")],
        roles=taken(filled()).roles,
    )
    steps = bring(there, document, frozenset({"variables", "pools", "connections"}))
    assert {part: sorted(one.blocked) for part, one in steps.items()} == {
        "variables": ["odd"],
        "pools": ["odd"],
        "connections": ["c2", "odd"],
    }
    assert {"a", "z"} <= there.stored["variables"].keys() & there.stored["pools"].keys()
    assert "c1" in there.stored["connections"]
    assert [one["key"] for one in steps["variables"].new] == ["a", "z"]
    assert "not taken" in steps["variables"].blocked["odd"]
    assert SECRET not in str([one.blocked for one in steps.values()])
    if api == 1:
        assert "not taken" in bring(there, document)["roles"].blocked["team"]


def test_a_pool_of_an_airflow_without_deferred_tasks_is_brought_once() -> None:
    model = Model(hidden={"include_deferred"})
    there = target(model, AirflowVersion="2.7.2")
    document = taken(filled())
    for first in (True, False):
        brought = Brought(Airflow(there), document, lambda _: None)
        steps = brought.plan(frozenset({"pools"}))
        brought.apply(steps)
        assert (len(steps["pools"].new), len(steps["pools"].changed)) == (int(first), 0)
        assert "include_deferred" not in model.stored["pools"]["etl"]


def test_a_name_that_no_path_leads_to_is_not_changed() -> None:
    document = Document(
        environment="old",
        airflow_version="2.10.3",
        exported_at="",
        pools=[{"name": "a/b", "slots": 2}],
        users=[{"username": "assumed-role/me", "roles": ["Op"]}],
        connections=[{"connection_id": "a/b", "conn_type": "http", "extra": '{"a": 1}'}],
    )
    there = Model(users=[{"username": "assumed-role/me", "roles": [{"name": "Viewer"}]}])
    there.stored["pools"]["a/b"] = {"name": "a/b", "slots": 1}
    steps = bring(there, document)
    assert {part: list(one.blocked) for part, one in steps.items() if one.blocked} == {
        "pools": ["a/b"],
        "users": ["assumed-role/me"],
        "connections": ["a/b"],
    }
    there.api = 2
    assert "pools" not in {part for part, one in bring(there, document).items() if one.blocked}
    # The web interface of Airflow 2 makes such connections.
    model = filled()
    model.stored["connections"]["a/b"] = {
        "connection_id": "a/b",
        "conn_type": "http",
        "extra": "{}",
    }
    assert "connections.a/b.extra" in taken(model).left_out
