"""What an environment needs before its processes start: files, Python, database, variables."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mwaa.service.log_streams import REQUIREMENTS, STARTUP
from mwaa.service.versions import numbers
from rehearsal.airflow import identity
from rehearsal.airflow.account import Account
from rehearsal.airflow.configuration import Wiring, shell, variables
from rehearsal.airflow.install import interpreter, requirements
from rehearsal.airflow.install import startup_script as script
from rehearsal.airflow.install.bucket import Bucket
from rehearsal.airflow.install.interpreter import Interpreter
from rehearsal.airflow.install.postgresql import PostgreSQL
from rehearsal.airflow.place import Place
from rehearsal.airflow.specification import Specification
from rehearsal.airflow.telemetry.logs import Logs
from rehearsal.cli.workspace import RehearsalError

CONTAINERS = ("scheduler", "worker", "webserver")
POOL_SIZE = "core.default_pool_task_slot_count"
"""The one option that decides what the first migration writes."""


@dataclass(frozen=True)
class Prepared:
    """``environments`` are the variables of each container; ``bucket`` brings the DAGs."""

    spec: Specification
    interpreter: Interpreter
    environments: Mapping[str, dict[str, str]]
    bucket: Bucket
    logs: Logs

    def airflow(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        """Run a command of Airflow's CLI where the web server is."""
        return _airflow(self.interpreter, self.environments["webserver"], *words)


def _airflow(
    made: Interpreter, environment: Mapping[str, str], *words: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [made.python, "-m", "airflow", *words],
        env=environment,
        cwd=environment["AIRFLOW_HOME"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )


def prepare(
    spec: Specification,
    place: Place,
    role: Account,
    database: PostgreSQL,
    wiring: Wiring,
    tell: Callable[[str], object],
) -> Prepared:
    """Bring everything to what ``spec`` says. ``tell`` hears what is being done. Raises
    ``RehearsalError`` in one line."""
    newest = database.version
    if newest and numbers(spec.version) < numbers(newest):
        tell(f"metadata database, back from Airflow {newest}")
        _downgrade(spec, place, database, wiring)
    logs = Logs(role.client("logs"), spec, spec.name, tell)
    try:
        return _prepared(spec, place, role, database, wiring, logs, tell)
    except BaseException:
        logs.close()  # why it failed may stand there alone
        raise


def _prepared(
    spec: Specification,
    place: Place,
    role: Account,
    database: PostgreSQL,
    wiring: Wiring,
    logs: Logs,
    tell: Callable[[str], object],
) -> Prepared:
    bucket = Bucket(role.client("s3"), spec, place)
    tell("files of the bucket")
    bucket.fetch_artifacts()
    bucket.sync_dags()
    tell(f"Airflow {spec.version}")
    made = interpreter.make(spec.version, place)
    # Airflow writes its defaults there; another version would take them for somebody's choice.
    (place.home / "airflow.cfg").unlink(missing_ok=True)
    tell("requirements")
    writers = [logs.writer(REQUIREMENTS, container) for container in CONTAINERS]
    requirements.install(made, place, lambda line: [write(line) for write in writers])
    base = shell(place, made.base)
    environments = {}
    for container in CONTAINERS:
        plain = base | variables(spec, place, wiring, container)
        exported = script.run(place, container, plain, logs.writer(STARTUP, container))
        environments[container] = base | variables(spec, place, wiring, container, exported)
    environments["webserver"] |= identity.variables(place, spec.is_airflow_3)
    identity.prepare(place, spec.is_airflow_3)
    prepared = Prepared(spec, made, environments, bucket, logs)
    tell("metadata database")
    _migrate(prepared, database)
    return prepared


def _migrate(prepared: Prepared, database: PostgreSQL) -> None:
    """Bring the tables up to date. What a first migration makes is the same for every environment
    of the version, and is kept in the user's cache."""
    version = prepared.spec.version
    kept = prepared.interpreter.base.parents[1] / "metadata.sql"
    is_first = database.is_empty and POOL_SIZE not in prepared.spec.options
    # Before: a migration that is killed half-way has been at the tables, too.
    database.version = version
    if is_first and kept.exists() and database.restore(kept):
        return
    _checked(prepared.airflow("db", "migrate"))
    if is_first:
        database.dump(kept)


def _downgrade(spec: Specification, place: Place, database: PostgreSQL, wiring: Wiring) -> None:
    """Take the tables back to ``spec``'s version. Only the newer version knows the way."""
    newer = Specification({**spec.found, "AirflowVersion": database.version}, spec.endpoint)
    made = interpreter.make(newer.version, place)
    environment = shell(place, made.base) | variables(newer, place, wiring, "webserver")
    words = ("db", "downgrade", "--to-version", spec.version, "--yes")
    _checked(_airflow(made, environment, *words))
    database.version = spec.version


def _checked(done: subprocess.CompletedProcess[bytes]) -> None:
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        last = said[-1] if said else "no reason given"
        raise RehearsalError(f"the metadata database could not be migrated: {last}")
