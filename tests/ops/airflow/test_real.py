"""Export, import, pause and resume on real Airflows of both major versions."""

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from mwaa.service.airflow_objects import KINDS, item_path
from ops.airflow import provider
from ops.airflow.api import Airflow
from ops.airflow.brought import Brought
from ops.airflow.dags import states
from ops.airflow.document import Document
from ops.airflow.secrecy import Secrecy
from ops.airflow.taken import Taken
from ops.commands.pause import pause
from ops.commands.resume import resume
from ops.errors import RefusedError
from tests.ops.airflow.model import Model, RefusedByAirflowError
from tests.ops.airflow.real import Real, airflow
from tests.ops.airflow.test_export_import import SECRET, filled
from tests.ops.airflow.test_provider import CHANGED, kinds, props
from tests.ops.airflow.wire import target

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.drill  # each takes most of a minute to start
PARTS = frozenset({"variables", "connections", "pools", "roles"})


@pytest.fixture(scope="module", params=["2.10.3", "3.2.1"])
def real(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Real]:
    """An Airflow of each major version, where its packages can be had."""
    there = airflow(request.param, tmp_path_factory.mktemp("airflow"))
    try:
        found = there.__enter__()
    except (OSError, RefusedError) as problem:
        pytest.skip(f"no Airflow {request.param} here: {problem}")
    try:
        yield found
    finally:
        there.__exit__(None, None, None)


def taken(model: Model) -> Document:
    return Taken(Airflow(target(model)), Secrecy()).document(days_of_runs=1)


def bring(model: Model, document: Document) -> dict[str, tuple[int, int, int]]:
    """What was created, changed and the same, of each part."""
    brought = Brought(Airflow(target(model)), document, lambda _: None)
    steps = brought.plan(PARTS)
    brought.apply(steps)
    return {part: (len(one.new), len(one.changed), one.same) for part, one in steps.items()}


def test_what_airflow_2_held_stands_in_a_real_airflow_and_is_brought_once(real: Real) -> None:
    document = taken(filled(api=1))
    roles = (1, 0, 0) if real.api == 1 else (0, 0, 0)
    assert bring(real, document) == {
        "variables": (3, 0, 0),
        "connections": (2, 0, 0),
        "pools": (1, 0, 1),
        "roles": roles,
    }
    assert bring(real, document) == {
        "variables": (0, 0, 3),
        "connections": (0, 0, 2),
        "pools": (0, 0, 2),
        "roles": (0, 0, sum(roles)),
    }
    there = taken(real)
    named = {one["connection_id"]: one for one in there.connections}
    assert named["pg"] | {"left_out": []} == document.connections[0] | {"left_out": []}
    assert {"name": "etl", "slots": 4, "include_deferred": True} in there.pools
    changed = filled(api=1)
    changed.stored["connections"]["pg"]["host"] = "elsewhere"
    changed.stored["pools"]["etl"]["slots"] = 9
    changed.stored["variables"]["region"]["value"] = "us-east-1"
    found = bring(real, taken(changed))
    assert [found[part][1] for part in ("variables", "connections", "pools")] == [1, 1, 1]
    assert bring(real, taken(changed))["connections"] == (0, 0, 2)


def test_a_secret_that_airflow_gives_or_masks_is_not_exported(real: Real) -> None:
    real.answer(
        {"Method": "POST", "Path": "/variables", "Body": {"key": "my_password", "value": SECRET}}
    )
    real.answer(
        {
            "Method": "POST",
            "Path": "/connections",
            "Body": {"connection_id": "s", "conn_type": "http", "password": SECRET}
            | {"extra": f'{{"token": "{SECRET}", "timeout": 3}}'},
        }
    )
    document = taken(real)
    assert SECRET not in repr(document)
    assert {"variables.my_password", "connections.s.password", "connections.s.extra.token"} <= set(
        document.left_out
    )


def test_dags_are_paused_and_the_same_ones_resumed(real: Real, s3: "S3Client", bucket: str) -> None:
    there = target(real, s3, bucket)
    assert pause(there, ["report"]) == ["report"]
    assert pause(there, []) == ["ingest_a", "ingest_b"]
    assert all(states(Airflow(there)).values())
    assert resume(there, [])[0] == ["ingest_a", "ingest_b", "report"]
    assert not any(states(Airflow(there)).values())
    assert Airflow(there).running_tasks() == 0


def test_each_object_can_be_a_resource(real: Real, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider, "_at", lambda *_: Airflow(target(real)))
    do = provider.AirflowProvider()
    for kind in kinds(real):
        wanted = props(kind, **{KINDS[kind].key: "as_code"})
        made = do.create(wanted)
        state = dict(made.outs or {})
        assert do.read(made.id, state).outs == state
        news = {**wanted, **CHANGED[kind]}
        assert do.diff(made.id, state, news).changes
        after = dict(do.update(made.id, state, news).outs or {})
        assert do.read(made.id, after).outs == after
        do.delete(made.id, after)
        assert do.read(made.id, after).id == ""


def test_the_default_pool_is_changed_and_a_member_is_taken_back(
    real: Real, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Airflow(target(real))
    monkeypatch.setattr(provider, "_at", lambda *_: there)
    do = provider.AirflowProvider()
    place = {"environment": "prod", "region": "us-east-1", "profile": "", "adopt": False}
    pool = {**place, "kind": "pools", "name": "default_pool", "slots": 7.0}
    made = do.create(pool)
    found = there.send("GET", "/pools/default_pool").document
    assert (found["slots"], found["description"]) == (7, "Default pool")
    do.update(made.id, pool, {**pool, "slots": 128.0})
    assert there.send("GET", "/pools/default_pool").document["slots"] == 128
    for kind, member, value in (
        ("variables", "description", "old"),
        ("pools", "description", "old"),
        ("connections", "login", "me"),
        ("connections", "password", SECRET),
        ("connections", "extra", '{"a": 1}'),
    ):
        key = KINDS[kind].key
        olds = props(kind, **{key: "taken_back", member: value})
        made = do.create(olds)
        do.update(made.id, olds, {name: one for name, one in olds.items() if name != member})
        now = there.send("GET", item_path(kind, "taken_back", is_3=there.is_3)).document
        if member != "password":  # which Airflow 2 never gives, and Airflow 3 masks
            assert now[member] in ("", "{}")
        do.delete(made.id, olds)


def test_a_pool_without_a_limit_is_read_by_airflow_3_and_passed_over_by_airflow_2(
    real: Real,
) -> None:
    body = {"name": "all", "slots": -1}
    with suppress(RefusedByAirflowError):  # Airflow 2 makes it, and cannot say so
        real.answer({"Method": "POST", "Path": "/pools", "Body": body})
    document = taken(real)
    assert ("all" in {one["name"] for one in document.pools}) is (real.api == 2)
    assert ("pools" in document.not_exported) is (real.api == 1)
    real.answer({"Method": "DELETE", "Path": "/pools/all"})
