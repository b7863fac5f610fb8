"""Runs one environment: ``python -m rehearsal.airflow.supervisor NAME HOME ENDPOINT REGION PORT``.

A process group of its own. It prepares what an environment needs, starts the processes, replaces
those that die, keeps the DAGs in line with the bucket, follows updates of the environment, and ends
everything when it is told to.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from mwaa.service.classes import workers_wanted
from mwaa.service.image import TASK_HOURS
from ops.errors import RefusedError
from rehearsal.airflow import control, identity, processes, record
from rehearsal.airflow.account import Account
from rehearsal.airflow.component import Component
from rehearsal.airflow.configuration import ADDRESS, Wiring
from rehearsal.airflow.door import Door, Upstream
from rehearsal.airflow.fleet import Fleet
from rehearsal.airflow.install.dag_sync import DagSync
from rehearsal.airflow.install.postgresql import START_SECONDS, PostgreSQL
from rehearsal.airflow.place import Place
from rehearsal.airflow.preparation import Prepared, prepare
from rehearsal.airflow.record import Record
from rehearsal.airflow.specification import Specification
from rehearsal.airflow.telemetry.logs import DagFileLogs
from rehearsal.airflow.telemetry.service_metrics import ServiceMetrics, tasks
from rehearsal.airflow.telemetry.statsd import Metrics
from rehearsal.cli import ports
from rehearsal.cli.processes import born
from rehearsal.cli.workspace import RehearsalError

LOOK_SECONDS = 1.0
FOLLOW_SECONDS = 3.0
READY_SECONDS = 240.0
STOP_SECONDS = 5.0
SILENCE_SECONDS = 60.0
"""Without an emulated AWS for so long, nothing here can go on."""

CANNOT = (RehearsalError, RefusedError, ClientError, BotoCoreError, OSError)
"""What keeps an environment from starting, or an update from taking effect."""


class Supervisor:
    """One environment, from nothing to its end. ``port`` is where people come in."""

    def __init__(self, spec: Specification, place: Place, account: Account, port: int) -> None:
        self.place = place
        self.account = account
        self.stopped = threading.Event()
        self.database = PostgreSQL(place.database)
        self.metrics = Metrics(
            account.client("cloudwatch"), lambda: control.now(account.endpoint), say
        )
        self.web_port = ports.free()
        self.port = port
        self.record = Record(
            environment=spec.name,
            pid=os.getpid(),
            born=born(os.getpid()) or "",
            phase="starting",
            version=spec.version,
            web=f"{ADDRESS}:{port}",
        )
        self._server: Component | None = None
        self._door: Door | None = None
        self._fleet: Fleet | None = None
        self._sync: DagSync | None = None
        self._running: Prepared | None = None
        self._work = "starting"
        """The phase in which processes are started: the first time, or for an update."""
        self._idle_since: float | None = None
        self._refused = ""
        """The fingerprint of an update that could not take effect."""

    def run(self, spec: Specification) -> int:
        """Until it is told to stop, or the environment is deleted; 1 when it could not start."""
        try:
            self._note(self._work, "PostgreSQL")
            self.database.prepare()
            self._serve_database()
            wanted: Specification | None = spec
            while wanted is not None:
                self._change(wanted)
                wanted = self._watch()
        except CANNOT as error:
            self._note("failed", _line(error))
            return 1
        finally:
            self._end()
        self._note("stopped")
        return 0

    def _change(self, spec: Specification) -> None:
        """Run ``spec`` instead of what runs, if anything does, and tell the service. What cannot
        be started leaves the old running again, with its own files and its own database."""
        before, fleet = self._running, self._fleet
        if before is None or fleet is None:
            self._start(spec)
            return
        self._work = "updating"
        if spec.fingerprint != before.spec.fingerprint:
            self._retire(fleet, spec.strategy)
            before.logs.close()
            self.place.snapshot.unlink(missing_ok=True)  # of an update that was killed
            try:
                if spec.version != before.spec.version:
                    self._note(self._work, "snapshot of the metadata database")
                    self.database.dump(self.place.snapshot)
                self._start(spec)
            except CANNOT as error:
                say(f"the update is rolled back: {error}")
                self._refused = spec.fingerprint
                self._report(spec, _line(error))
                self._restore(before)
            self.place.snapshot.unlink(missing_ok=True)
        self._report(spec)

    def _restore(self, before: Prepared) -> None:
        """Run what ran before; a version that could not start may have changed the database."""
        if self._running is not before and self._running is not None and self._fleet is not None:
            self._end_fleet(self._fleet)
            self._running.logs.close()
        try:
            if self.place.snapshot.exists():
                self.database.replace(self.place.snapshot)
                self.database.version = before.spec.version
            self._start(before.spec)
        except CANNOT as error:
            self._report(before.spec, _line(error))
            raise

    def _report(self, spec: Specification, failure: str | None = None) -> None:
        """Tell the service, where it waits for it, how the update went."""
        with suppress(OSError):  # an emulated AWS that has ended waits for nothing
            if control.awaits(self.account, spec.name):
                control.replaced(self.account.endpoint, spec.name, failure)

    def _start(self, spec: Specification) -> None:
        self.web_port = ports.free()
        role = self.account.assume(spec.role)
        wiring = Wiring(
            database=self.database.url,
            web_port=self.web_port,
            door_port=self.port,
            metrics_port=self.metrics.port,
            identity=role.variables(),
        )

        def tell(what: str) -> None:
            self._note(self._work, what)

        made = prepare(spec, self.place, role, self.database, wiring, tell)
        self.record = replace(self.record, version=spec.version)
        self._running = made
        self._fleet = Fleet(
            spec, self.place, made.interpreter, made.environments, self.web_port, made.logs
        )
        own = ServiceMetrics(spec, self._fleet, self.database)
        self.metrics.serve(spec, role.client("cloudwatch"), own)
        self._open(made)
        self._until_ready(self._fleet, spec)
        self._sync = DagSync(made.bucket, say)
        self._note("running")

    def _open(self, made: Prepared) -> None:
        if self._door is not None:
            self._door.close()
        newer = made.spec.is_airflow_3
        upstream = Upstream(self.web_port, identity.identify(self.place, self.web_port, newer))
        secret = self.place.secret("web-token")
        self._door = Door(self.port, secret, upstream, made.airflow, is_airflow_3=newer)

    def _serve_database(self) -> None:
        command, options = self.database.command()
        home = {"PATH": os.environ.get("PATH", os.defpath)}
        file = self.place.logs / "postgresql.log"
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            file.unlink(missing_ok=True)
            self._server = Component("postgresql", command, home, file, cwd="/", **options)
            if self.database.wait(self._server.process, file):
                return
            self.stopped.wait(LOOK_SECONDS)
        raise RehearsalError(f"PostgreSQL did not start within {START_SECONDS} s: read {file}")

    def _until_ready(self, fleet: Fleet, spec: Specification) -> None:
        self._note(self._work, "processes")
        deadline = time.monotonic() + READY_SECONDS
        while not self.stopped.is_set():
            fleet.ensure()
            fleet.check()
            self.stopped.wait(LOOK_SECONDS)
            found = control.health(f"{ADDRESS}:{self.web_port}", spec.is_airflow_3)
            if found.get("metadatabase") == "healthy" and found.get("scheduler") == "healthy":
                break
            if time.monotonic() > deadline:
                raise RehearsalError(
                    f"Airflow is not healthy after {READY_SECONDS:.0f} s: read the logs in "
                    f"{self.place.logs}"
                )
        runtime = {
            "address": self.record.web,
            "secret": self.place.secret("web-token"),
            "version": spec.version,
            "pid": str(self.record.pid),
            "born": self.record.born,
        }
        control.attach(self.account.endpoint, spec.name, runtime)

    def _watch(self) -> Specification | None:
        """Keep the environment running. What it shall be after an update, None at the end."""
        assert self._running is not None and self._fleet is not None
        running, fleet = self._running, self._fleet
        files = DagFileLogs(self.place.logs, running.logs)
        synced, heard = 0.0, time.monotonic()
        while not self.stopped.wait(LOOK_SECONDS):
            self._keep(fleet)
            self._note("running")
            if time.monotonic() - synced < FOLLOW_SECONDS:
                continue
            synced = time.monotonic()
            try:
                files.follow()
                self._follow_network(running.spec)
                self._scale(fleet, running.spec)
                is_awaited = control.awaits(self.account, running.spec.name)
                found = control.describe(self.account, running.spec.name)
                heard = time.monotonic()
                if found is None:
                    say("the environment is deleted")
                    return None
                if is_awaited or self._is_update(found, running.spec):
                    return found
            except (ClientError, BotoCoreError, OSError, ValueError) as error:
                say(f"{type(error).__name__}: {error}")
                if time.monotonic() - heard > SILENCE_SECONDS:
                    say("the emulated AWS has ended")
                    return None
        return None

    def _keep(self, fleet: Fleet) -> None:
        """Replace what died."""
        if self._server is not None and not self._server.is_alive:
            say("PostgreSQL has ended, and is started again")
            self._serve_database()
        fleet.ensure()

    def _is_update(self, found: Specification, running: Specification) -> bool:
        known = (running.fingerprint, self._refused)
        return found.is_settled and found.fingerprint not in known

    def _follow_network(self, spec: Specification) -> None:
        """Let the containers reach the database as long as their network leads there."""
        is_open = control.reaches_database(self.account.endpoint, spec.name)
        if is_open == (not self.database.is_held):
            return
        say(f"the metadata database is {'reached again' if is_open else 'out of reach'}")
        if is_open:
            self.database.release()
        elif self._server is not None:
            self.database.hold({self._server.pid, *processes.children(self._server.pid)})

    def _scale(self, fleet: Fleet, spec: Specification) -> None:
        if self.database.is_held:
            return  # nobody knows what waits
        found = tasks(self.database)
        now = control.now(self.account.endpoint)
        if found.queued or found.running or self._idle_since is None:
            self._idle_since = now
        fewest, most = spec.workers
        fleet.workers = workers_wanted(
            spec.environment_class,
            fewest=fewest,
            most=most,
            workers=fleet.workers,
            tasks_per_worker=spec.tasks_per_worker,
            queued=found.queued,
            running=found.running,
            idle_seconds=now - self._idle_since,
        )

    def _retire(self, fleet: Fleet, strategy: str) -> None:
        """End the processes for an update: GRACEFUL waits for the tasks that run, as long as a
        task may take."""
        self._note(self._work, f"{strategy} replacement of the workers")
        if strategy == "GRACEFUL":
            latest = control.now(self.account.endpoint) + TASK_HOURS * 3600
            fleet.workers = 0
            self._keep(fleet)
            while fleet.has_workers and not self.stopped.wait(LOOK_SECONDS):
                self._keep(fleet)
                if control.now(self.account.endpoint) > latest:
                    say(f"tasks that run for {TASK_HOURS} hours are ended")
                    break
        self._end_fleet(fleet)

    def _end_fleet(self, fleet: Fleet) -> None:
        if self._sync is not None:
            self._sync.close()
        fleet.end()
        deadline = time.monotonic() + STOP_SECONDS
        while (alive := fleet.alive) and time.monotonic() < deadline:
            time.sleep(0.05)
        if alive:
            say(f"killed after {STOP_SECONDS:.0f} s: {', '.join(alive)}")
        keep = {self._server.pid} if self._server is not None else set()
        processes.end(processes.marked(self.place.home) - keep, 1)

    def _end(self) -> None:
        self.metrics.close()
        if self._door is not None:
            self._door.close()
        with suppress(OSError):  # the emulated AWS may have ended first
            control.attach(self.account.endpoint, self.record.environment, None)
        if self._fleet is not None:
            self._end_fleet(self._fleet)
        if self._running is not None:
            self._running.logs.close()
        self.database.release()
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
            if detail:
                say(f"{phase}: {detail}")
            with suppress(OSError):  # a full disk keeps nobody from running on
                record.write(self.place, changed)


def _line(error: Exception) -> str:
    """The reason in one line."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def say(line: str) -> None:
    """Into the supervisor's own log."""
    with suppress(OSError):
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
    return supervisor.run(spec)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
