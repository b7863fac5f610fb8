"""Runs one environment: ``python -m rehearsal.airflow.supervisor NAME HOME ENDPOINT REGION PORT``.

A process group of its own. It prepares what an environment needs, starts the processes, replaces
those that die, keeps the DAGs in line with the bucket, and ends them all when it is told to.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from mwaa.service.log_streams import REQUIREMENTS, STARTUP
from mwaa.service.scaling import workers_wanted
from ops.errors import RefusedError
from rehearsal.airflow import control, identity, processes, record
from rehearsal.airflow.account import Account
from rehearsal.airflow.component import Component
from rehearsal.airflow.configuration import ADDRESS, Wiring, shell, variables
from rehearsal.airflow.door import Door, Upstream
from rehearsal.airflow.fleet import Fleet
from rehearsal.airflow.install import interpreter, requirements
from rehearsal.airflow.install import startup_script as script
from rehearsal.airflow.install.bucket import Bucket
from rehearsal.airflow.install.interpreter import Interpreter
from rehearsal.airflow.install.postgresql import PostgreSQL
from rehearsal.airflow.place import Place
from rehearsal.airflow.record import Record
from rehearsal.airflow.specification import Specification
from rehearsal.airflow.telemetry.logs import DagFileLogs, Logs
from rehearsal.airflow.telemetry.service_metrics import ServiceMetrics, tasks
from rehearsal.airflow.telemetry.statsd import Metrics
from rehearsal.cli import ports
from rehearsal.cli.processes import born
from rehearsal.cli.workspace import RehearsalError

LOOK_SECONDS = 1.0
SYNC_SECONDS = 3.0
READY_SECONDS = 180.0
STOP_SECONDS = 5.0
SILENCE_SECONDS = 60.0
"""Without an emulated AWS for so long, nothing here can go on."""
POOL_SIZE = "core.default_pool_task_slot_count"
"""The one option that decides what the first migration writes."""
CONTAINERS = ("scheduler", "worker", "webserver")


class Supervisor:
    """One environment, from nothing to its end. ``port`` is where people come in."""

    def __init__(self, spec: Specification, place: Place, account: Account, port: int) -> None:
        self.spec = spec
        self.place = place
        self.account = account
        self.port = port
        self.web_port = ports.free()
        self.stopped = threading.Event()
        self.role = account.assume(spec.role)
        self.logs = Logs(self.role.client("logs"), spec, spec.name, say)
        self.bucket = Bucket(self.role.client("s3"), spec, place)
        self.database = PostgreSQL(place.database)
        self.record = Record(
            environment=spec.name,
            pid=os.getpid(),
            born=born(os.getpid()) or "",
            phase="starting",
            version=spec.version,
            web=f"{ADDRESS}:{port}",
        )
        self._server: Component | None = None
        self._fleet: Fleet | None = None
        self._metrics: Metrics | None = None
        self._door: Door | None = None
        self._idle_since: float | None = None

    def run(self) -> int:
        """Until it is told to stop, or the environment is deleted; 1 when it could not start."""
        try:
            fleet = self._prepare()
            self._until_ready(fleet)
            self._note("running")
            self._watch(fleet)
        except (RehearsalError, RefusedError, ClientError, BotoCoreError, OSError) as error:
            self._note("failed", str(error).splitlines()[0])
            return 1
        finally:
            self._end()
        self._note("stopped")
        return 0

    def _prepare(self) -> Fleet:
        self._note("starting", "files of the bucket")
        self.bucket.fetch_artifacts()
        self.bucket.sync_dags()
        self._note("starting", f"Airflow {self.spec.version}")
        made = interpreter.make(self.spec.version, self.place)
        self._note("starting", "requirements")
        self._install(made)
        self._note("starting", "PostgreSQL")
        self.database.prepare()
        self._serve_database()
        # The metrics need the processes, and the processes the port of the metrics.
        self._metrics = Metrics(self.account.client("cloudwatch"), self.spec.name, say)
        wiring = Wiring(
            database=self.database.url,
            web_port=self.web_port,
            door_port=self.port,
            metrics_port=self._metrics.port,
            identity=self.role.variables(),
        )
        base = shell(self.place, made.base)
        environments = {}
        for container in CONTAINERS:
            plain = base | variables(self.spec, self.place, wiring, container)
            exported = script.run(
                self.place, container, plain, self.logs.writer(STARTUP, container)
            )
            environments[container] = base | variables(
                self.spec, self.place, wiring, container, exported
            )
        environments["webserver"] |= identity.variables(self.place, self.spec.is_airflow_3)
        identity.prepare(self.place, self.spec.is_airflow_3)
        self._note("starting", "metadata database")
        self._migrate(made, environments["scheduler"])
        fleet = Fleet(self.spec, self.place, made, environments, self.web_port, self.logs)
        self._door = self._open(made, environments["webserver"])
        self._metrics.own = ServiceMetrics(self.spec, fleet, self.database)
        self._fleet = fleet
        return fleet

    def _open(self, made: Interpreter, environment: dict[str, str]) -> Door:
        newer = self.spec.is_airflow_3

        def run(words: list[str]) -> subprocess.CompletedProcess[bytes]:
            command = [str(made.python), "-m", "airflow", *words]
            return subprocess.run(
                command,
                env=environment,
                cwd=self.place.home,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )

        upstream = Upstream(self.web_port, identity.identify(self.place, self.web_port, newer))
        secret = self.place.secret("web-token")
        return Door(self.port, secret, upstream, run, is_airflow_3=newer)

    def _install(self, made: Interpreter) -> None:
        writers = [self.logs.writer(REQUIREMENTS, container) for container in CONTAINERS]

        def everywhere(line: str) -> None:
            for write in writers:
                write(line)

        requirements.install(made, self.place, everywhere)

    def _serve_database(self) -> None:
        command, options = self.database.command()
        home = {"PATH": os.environ.get("PATH", os.defpath)}
        file = self.place.logs / "postgresql.log"
        self._server = Component("postgresql", command, home, file, cwd="/", **options)
        self.database.wait(self._server.process)

    def _migrate(self, made: Interpreter, environment: dict[str, str]) -> None:
        """Bring the tables up to date. What a first migration makes is the same for every
        environment of the version, and is kept in the user's cache."""
        kept = made.base.parents[1] / "metadata.sql"
        is_first = self.database.is_empty and POOL_SIZE not in self.spec.options
        if is_first and kept.exists() and self.database.restore(kept):
            return
        done = subprocess.run(
            [made.python, "-m", "airflow", "db", "migrate"],
            env=environment,
            cwd=self.place.home,
            capture_output=True,
            text=True,
            check=False,
        )
        (self.place.logs / "migrate.log").write_text(done.stdout + done.stderr, encoding="utf-8")
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise RehearsalError(f"the metadata database could not be migrated: {last}")
        if is_first:
            self.database.dump(kept)

    def _until_ready(self, fleet: Fleet) -> None:
        self._note("starting", "processes")
        deadline = time.monotonic() + READY_SECONDS
        while not self.stopped.is_set():
            fleet.ensure()
            self.stopped.wait(LOOK_SECONDS)
            found = control.health(f"{ADDRESS}:{self.web_port}", self.spec.is_airflow_3)
            if found.get("metadatabase") == "healthy" and found.get("scheduler") == "healthy":
                break
            if time.monotonic() > deadline:
                raise RehearsalError(
                    f"Airflow is not healthy after {READY_SECONDS:.0f} s: read the logs in "
                    f"{self.place.logs}"
                )
        runtime = {"address": self.record.web, "secret": self.place.secret("web-token")}
        control.attach(self.account.endpoint, self.spec.name, runtime)

    def _watch(self, fleet: Fleet) -> None:
        files = DagFileLogs(self.place.logs, self.logs)
        synced, heard = 0.0, time.monotonic()
        while not self.stopped.wait(LOOK_SECONDS):
            if self._server is not None and not self._server.is_alive:
                self._serve_database()
            fleet.ensure()
            self._note("running")
            files.follow()
            if time.monotonic() - synced < SYNC_SECONDS:
                continue
            synced = time.monotonic()
            try:
                self._scale(fleet)
                self.bucket.sync_dags()
                heard = time.monotonic()
                if control.describe(self.account, self.spec.name) is None:
                    say("the environment is deleted")
                    return
            except (ClientError, BotoCoreError, OSError, ValueError) as error:
                say(f"{type(error).__name__}: {error}")
                if time.monotonic() - heard > SILENCE_SECONDS:
                    say("the emulated AWS has ended")
                    return

    def _scale(self, fleet: Fleet) -> None:
        found = tasks(self.database)
        now = control.now(self.account.endpoint)
        if found.queued or found.running or self._idle_since is None:
            self._idle_since = now
        fewest, most = self.spec.workers
        fleet.workers = workers_wanted(
            self.spec.environment_class,
            fewest=fewest,
            most=most,
            workers=fleet.workers,
            tasks_per_worker=self.spec.tasks_per_worker,
            queued=found.queued,
            running=found.running,
            idle_seconds=now - self._idle_since,
        )

    def _end(self) -> None:
        if self._metrics is not None:
            self._metrics.close()
        if self._door is not None:
            self._door.close()
        with suppress(OSError):  # the emulated AWS may have ended first
            control.attach(self.account.endpoint, self.spec.name, None)
        if self._fleet is not None:
            self._fleet.end()
            deadline = time.monotonic() + STOP_SECONDS
            while (alive := self._fleet.alive) and time.monotonic() < deadline:
                time.sleep(0.05)
            if alive:
                say(f"killed after {STOP_SECONDS:.0f} s: {', '.join(alive)}")
        self.logs.close()
        if self._server is not None:
            self._server.end(signal.SIGINT)
        left = processes.marked(self.place.home) | processes.group(os.getpgrp())
        processes.end(left, 1)

    def _note(self, phase: str, detail: str = "") -> None:
        started = {
            name: one.pid
            for name, one in (self._fleet.components if self._fleet else {}).items()
            if one.is_alive
        }
        if self._server is not None and self._server.is_alive:
            started["postgresql"] = self._server.pid
        changed = replace(self.record, phase=phase, detail=detail, started=started)
        if changed != self.record:
            self.record = changed
            record.write(self.place, changed)
            if detail:
                say(f"{phase}: {detail}")


def say(line: str) -> None:
    """Into the supervisor's own log."""
    print(f"{time.strftime('%H:%M:%S')} {line}", flush=True)


def main(arguments: list[str]) -> int:
    """Describe the environment, then run it."""
    name, home, endpoint, region, port = arguments
    os.setpgid(0, 0)
    account = Account(endpoint, region)
    spec = control.describe(account, name)
    if spec is None:
        say(f"failed: there is no environment {name}")
        return 1
    supervisor = Supervisor(spec, Place(Path(home)), account, int(port))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: supervisor.stopped.set())
    return supervisor.run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
