"""Export and import of Airflow's objects, against real Airflows of both major versions.

Their web server has two workers and SQLite behind it; MWAA's has more, and PostgreSQL. A version
whose packages cannot be had on this machine is left out.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure, timed
from ops.airflow.api import Airflow
from ops.airflow.brought import Brought
from ops.airflow.document import Document
from ops.airflow.secrecy import Secrecy
from ops.airflow.taken import Taken
from ops.errors import RefusedError
from tests.ops.airflow.real import Real, airflow
from tests.ops.airflow.wire import target

VERSIONS = ("2.10.3", "3.2.1")
VARIABLES, CONNECTIONS, POOLS = 1_000, 200, 100
MOST_SECONDS = 60
PARTS = frozenset({"variables", "connections", "pools"})


def figures() -> Iterator[Figure]:
    """Seconds of an import and of an export, for each version."""
    for version in VERSIONS:
        with tempfile.TemporaryDirectory(prefix="mwaa-objects-") as folder:
            try:
                with airflow(version, Path(folder)) as real:
                    yield from _measured(version, real)
            except (OSError, RefusedError) as problem:
                print(f"no Airflow {version} here: {problem}", file=sys.stderr)


def _measured(version: str, real: Real) -> Iterator[Figure]:
    there = Airflow(target(real))
    brought = Brought(there, document(), lambda _: None)
    what = f"{VARIABLES:,} variables, {CONNECTIONS} connections, {POOLS} pools"
    for word, seconds in (
        ("import", timed(lambda: brought.apply(brought.plan(PARTS)))),
        ("export", timed(lambda: Taken(there, Secrecy()).document())),
    ):
        yield Figure(
            name=f"{word} of {what}, Airflow {version}",
            value=seconds,
            unit="s",
            bound=MOST_SECONDS,
        )


def document() -> Document:
    """Many objects, none of them a secret."""
    return Document(
        environment="old",
        airflow_version="2.10.3",
        exported_at="",
        variables=[{"key": f"v{number}", "value": "x" * 100} for number in range(VARIABLES)],
        connections=[
            {"connection_id": f"c{number}", "conn_type": "http", "extra": '{"a": 1}'}
            for number in range(CONNECTIONS)
        ],
        pools=[{"name": f"p{number}", "slots": 3} for number in range(POOLS)],
    )
