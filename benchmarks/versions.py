"""The other versions of Airflow that the rehearsal runs, each with the example DAGs."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure
from mwaa.service.versions import VERSIONS
from ops.artifacts import uv
from tests.rehearsal.airflow.life import lived

RUN = ("2.11.2", "3.2.1", "3.3.1")


def figures() -> Iterator[Figure]:
    """Versions whose Python is not on this machine are left out."""
    for version in RUN:
        python = VERSIONS[version].python
        if python is None or uv.python(python) is None:
            continue
        with tempfile.TemporaryDirectory(prefix="mwaa-bench-") as folder:
            began = time.monotonic()
            with lived(Path(folder), lambda _: None, AirflowVersion=version) as life:
                life.run("hello")
                taken = time.monotonic() - began
                life.report()
                life.run("greeter")
        yield Figure(
            name=f"Airflow {version}: create of the environment to the first success of a DAG",
            value=taken,
            unit="s",
            note="then daily_orders with plugin, startup script and role, and a variable of "
            "Secrets Manager",
        )
