"""The dynamic provider: one object made, read, changed and deleted; nothing else touched."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any
from unittest.mock import MagicMock

import pytest
from botocore.exceptions import ClientError
from pulumi.dynamic import Config, ConfigureRequest

from mwaa.service.airflow_objects import KINDS
from ops.airflow import provider
from ops.airflow.api import Airflow
from ops.airflow.provider import AirflowProvider
from ops.errors import RefusedError
from tests.ops.airflow.model import Model
from tests.ops.airflow.wire import target

PLACE = {"environment": "prod", "region": "us-east-1", "profile": ""}
OBJECTS: dict[str, dict[str, Any]] = {
    "variables": {"key": "region", "value": "eu-west-1"},
    "pools": {"name": "etl", "slots": 4.0, "description": "of all", "include_deferred": False},
    "connections": {
        "connection_id": "pg",
        "conn_type": "postgres",
        "port": 5432.0,
        "password": "hunter2",
        "extra": '{"api_key": "hunter2", "sslmode": "require"}',
    },
    "roles": {"name": "team", "actions": [["can_read", "DAGs"]]},
}
CHANGED: dict[str, dict[str, Any]] = {
    "variables": {"value": "us-east-1"},
    "pools": {"slots": 9.0},
    "connections": {"port": 5433.0},
    "roles": {"actions": [["can_read", "DAGs"], ["can_edit", "DAGs"]]},
}
DO = AirflowProvider()


@pytest.fixture(params=[1, 2])
def model(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Model]:
    found = Model(api=request.param)
    monkeypatch.setattr(provider, "_at", lambda *_: Airflow(target(found)))
    yield found


def props(kind: str, **more: Any) -> dict[str, Any]:
    return {**PLACE, "kind": kind, "adopt": False, **OBJECTS[kind], **more}


def kinds(model: Model) -> list[str]:
    return [kind for kind in KINDS if not (kind == "roles" and model.api == 2)]


def test_an_object_is_made_read_changed_and_deleted(model: Model) -> None:
    for kind in kinds(model):
        key = KINDS[kind].key
        wanted = props(kind)
        before = {name: dict(items) for name, items in model.stored.items()}
        made = DO.create(wanted)
        assert made.id == f"prod/{kind}/{wanted[key]}"
        state = dict(made.outs or {})
        assert DO.read(made.id, state).outs == state, "a refresh of what was made changes nothing"
        news = props(kind, **CHANGED[kind])
        assert not DO.diff(made.id, state, wanted).changes
        difference = DO.diff(made.id, state, news)
        assert (difference.changes, difference.replaces) == (True, [])
        after = dict(DO.update(made.id, state, news).outs or {})
        read = dict(DO.read(made.id, after).outs or {})
        assert read == after
        DO.delete(made.id, after)
        DO.delete(made.id, after)
        assert model.stored == before
        assert DO.read(made.id, after).id == ""


def test_a_change_beside_the_program_is_seen(model: Model) -> None:
    for kind in kinds(model):
        made = DO.create(props(kind))
        item = model.stored[kind][str(OBJECTS[kind][KINDS[kind].key])]
        changed = CHANGED[kind] if kind != "roles" else {"actions": []}
        item.update(changed)
        state = dict(made.outs or {})
        found = dict(DO.read(made.id, state).outs or {})
        assert found != state
        assert DO.diff(made.id, found, props(kind)).changes


def test_what_exists_is_refused_unless_it_is_adopted(model: Model) -> None:
    model.stored["pools"]["etl"] = {"name": "etl", "slots": 1}
    with pytest.raises(RefusedError, match="set adopt to take it over"):
        DO.create(props("pools"))
    assert model.stored["pools"]["etl"]["slots"] == 1
    DO.create(props("pools", adopt=True))
    assert model.stored["pools"]["etl"]["slots"] == 4


@pytest.mark.parametrize(
    ("kind", "member", "value", "empty"),
    [
        ("variables", "description", "old", ""),
        ("pools", "description", "old", ""),
        ("pools", "include_deferred", True, False),
        ("connections", "login", "me", ""),
        ("connections", "password", "hunter2", ""),
        ("connections", "port", 80.0, None),
        ("connections", "extra", '{"a": 1}', "{}"),
    ],
)
def test_what_the_program_says_no_more_is_emptied(
    model: Model, kind: str, member: str, value: Any, empty: Any
) -> None:
    made = DO.create(props(kind, **{member: value}))
    news = {name: one for name, one in props(kind).items() if name != member}
    DO.update(made.id, dict(made.outs or {}), news)
    assert model.stored[kind][str(OBJECTS[kind][KINDS[kind].key])][member] == empty


def test_a_member_of_a_pool_that_the_program_does_not_name_stays(model: Model) -> None:
    there = {"name": "default_pool", "slots": 1, "description": "of all", "include_deferred": True}
    model.stored["pools"]["default_pool"] = dict(there)
    olds = {**PLACE, "kind": "pools", "name": "default_pool", "slots": 500.0}
    made = DO.create(olds)
    assert model.stored["pools"]["default_pool"] == {**there, "slots": 500}
    DO.update(made.id, olds, {**olds, "slots": 9.0})
    assert model.stored["pools"]["default_pool"] == {**there, "slots": 9}


def test_what_airflow_2_could_not_give_back_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Model(api=1)
    monkeypatch.setattr(provider, "_at", lambda *_: Airflow(target(model)))
    for more, words in (({"slots": -1.0}, "limit of slots"), ({"name": "a/b"}, "no slash")):
        with pytest.raises(RefusedError, match=words):
            DO.create(props("pools", **more))
    assert list(model.stored["pools"]) == ["default_pool"]


def test_another_name_or_place_is_another_object() -> None:
    olds = props("pools")
    for name, value in (("name", "other"), ("environment", "dev"), ("region", "eu-west-1")):
        assert DO.diff("id", olds, {**olds, name: value}).replaces == [name]


def test_a_role_with_a_right_less_is_made_anew() -> None:
    olds = props("roles", actions=[["can_read", "DAGs"], ["can_edit", "DAGs"]])
    assert DO.diff("id", olds, props("roles")).replaces == ["actions"]
    assert DO.diff("id", props("roles"), olds).replaces == []


def test_a_right_that_is_named_twice_is_one_right(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Model(api=1)
    monkeypatch.setattr(provider, "_at", lambda *_: Airflow(target(model)))
    made = DO.create(props("roles", actions=[["can_read", "DAGs"]] * 2))
    model.stored["roles"]["team"]["actions"].pop()  # Airflow keeps each once
    assert DO.read(made.id, dict(made.outs or {})).outs == made.outs


def test_the_default_pool_is_changed_and_never_deleted(model: Model) -> None:
    made = DO.create(props("pools", name="default_pool", slots=500.0, adopt=True))
    assert model.stored["pools"]["default_pool"]["slots"] == 500
    DO.delete(made.id, dict(made.outs or {}))
    assert "default_pool" in model.stored["pools"]


def test_the_default_pool_needs_no_adoption(model: Model) -> None:
    DO.create(props("pools", name="default_pool", slots=500.0))
    assert model.stored["pools"]["default_pool"]["slots"] == 500


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The statuses that the next looks at the environment find; none: there is no environment."""
    statuses: list[str] = []
    there = target(Model(api=1))

    def get_environment(_: Any, name: str) -> Any:
        return {**there.description, "Name": name, "Status": statuses.pop(0)} if statuses else None

    monkeypatch.setattr(provider, "find", get_environment)
    monkeypatch.setattr(provider, "follow", lambda *_: None)
    monkeypatch.setattr(provider, "_session", lambda *_: there.aws)
    provider._target.cache_clear()
    yield statuses
    provider._target.cache_clear()


@pytest.mark.parametrize("statuses", [[], ["DELETING"], ["CREATE_FAILED"]])
def test_with_the_environment_its_objects_are_gone(service: list[str], statuses: list[str]) -> None:
    service += statuses * 3
    assert DO.read("id", props("pools")).id == ""
    DO.delete("id", props("pools"))
    with pytest.raises(RefusedError, match="there is no environment prod in us-east-1"):
        DO.create(props("pools"))


def test_an_environment_that_is_being_created_is_waited_for(service: list[str]) -> None:
    service += ["CREATING", "AVAILABLE"]
    assert DO.create(props("pools")).id == "prod/pools/etl"


def test_an_environment_that_cannot_be_used_is_named(service: list[str]) -> None:
    service += ["UNAVAILABLE"]
    with pytest.raises(RefusedError, match=r"prod is UNAVAILABLE.*mwaa doctor"):
        DO.delete("id", props("pools"))


def test_aws_is_asked_as_the_stacks_provider_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    found: dict[str, Any] = {}
    given = {"aws:profile": "data", "aws:region": "eu-west-1", "mwaa:protect": "true"}
    monkeypatch.setattr(provider, "_settings", found)
    monkeypatch.setattr(sys, "tracebacklimit", None, raising=False)
    AirflowProvider().configure(ConfigureRequest(Config(given, "mwaa")))
    assert found == {"aws:profile": "data", "aws:region": "eu-west-1"}
    provider._session.cache_clear()
    session = provider._session("eu-west-1", "")
    assert session.provider is not None and session.provider.profile == "data"
    assert provider._session("eu-west-1", "own").profile == "own"
    provider._session.cache_clear()


def test_what_aws_refuses_is_said_without_frames(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    denied = ClientError({"Error": {"Code": "AccessDeniedException"}}, "InvokeRestApi")
    monkeypatch.setattr(Airflow, "send", MagicMock(side_effect=denied))
    with pytest.raises(RefusedError, match="permission missing: airflow:InvokeRestApi") as caught:
        DO.create(props("pools"))
    assert caught.value.__suppress_context__


def test_roles_of_airflow_3_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider, "_at", lambda *_: Airflow(target(Model(api=2))))
    with pytest.raises(RefusedError, match="runs Airflow 3"):
        DO.create(props("roles"))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"slot": 3}, "pools have no slot; known are slots, description, include_deferred"),
        ({"name": "x" * 80}, "64 characters"),
    ],
)
def test_what_no_airflow_takes_is_refused_at_preview(more: dict[str, Any], words: str) -> None:
    failures = DO.check({}, props("pools", **more)).failures
    assert [words in one.reason for one in failures] == [True]
    (built_in,) = DO.check({}, props("roles", name="Admin")).failures
    assert "every Airflow has it" in built_in.reason
    assert DO.check({}, props("pools")).failures == []
