"""An export and an import that are disturbed at each request and at each file."""

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from ops.airflow.api import Airflow
from ops.airflow.brought import Brought
from ops.airflow.document import Document, load
from ops.airflow.secrecy import Secrecy
from ops.airflow.taken import Taken
from ops.errors import FailedError
from tests.ops.airflow.model import Model
from tests.ops.airflow.wire import target
from tests.ops.drill.effects import Effects, killed_at
from tests.ops.drill.pause import one_at_a_time
from tests.ops.faults import Fault, Killed, faulty

KILLED = "killed at the file"
MOST = 80
PARTS = frozenset({"variables", "connections", "pools", "dags"})


def _source() -> Model:
    model = Model(dags={"a": False, "b": True})
    model.stored["variables"] = {n: {"key": n, "value": n} for n in ("one", "two")}
    model.stored["connections"] = {"c": {"connection_id": "c", "conn_type": "http", "host": "h"}}
    model.stored["pools"]["p"] = {"name": "p", "slots": 3}
    return model


def _document() -> Document:
    return Taken(Airflow(target(_source())), Secrecy()).document()


def _goal(api: int) -> Model:
    model = Model(api=api, dags={"a": True, "b": False})
    model.stored["variables"] = {"two": {"key": "two", "value": "old"}}
    model.stored["connections"] = {"c": {"connection_id": "c", "conn_type": "http", "host": "o"}}
    return model


def _bring(model: Model, document: Document, client: Any = None) -> None:
    there = target(model)
    if client is not None:
        there.aws.__dict__["mwaa"] = client
    brought = Brought(Airflow(there, sleep=lambda _: None), document, lambda _: None)
    brought.apply(brought.plan(PARTS))


def drill_import(api: int, fault: Fault) -> tuple[int, int]:
    """Fault points of one import, and how many were survived."""
    document, wanted = _document(), _goal(api)
    survived = 0
    with one_at_a_time():
        _bring(wanted, document)
        for at in range(1, MOST):
            model = _goal(api)
            client: Any = target(model).aws.mwaa
            with faulty(client, fault, at) as wire, suppress(Killed, FailedError):
                _bring(model, document, client)
            if wire.count < at:
                return at - 1, survived
            _bring(model, document)
            survived += (model.stored, model.dags) == (wanted.stored, wanted.dags)
    raise RuntimeError("an import of a few objects needs fewer requests than this")


def drill_export() -> tuple[int, int]:
    """Moments of writing the file, and at how many it was the old one or the new one."""
    old, new = Document(environment="e", airflow_version="2.10.3", exported_at="old"), _document()
    survived = 0
    for at in range(1, MOST):
        with tempfile.TemporaryDirectory() as work:
            file = Path(work) / "out.json"
            old.write(file)
            effects = Effects(at)
            with killed_at(effects):
                new.write(file)
            if effects.count < at:
                return at - 1, survived
            is_whole = load(file) in (old, new)
            new.write(file)
            survived += is_whole and load(file) == new and len(list(file.parent.iterdir())) == 1
    raise RuntimeError("one file has fewer moments than this")
