"""A real Airflow's API behind a real client of MWAA: web server and SQLite, nothing else runs.

The packages are those that ``mwaa preflight`` installs for a version. ``InvokeRestApi`` becomes the
request that the service would make; who asks is an administrator.
"""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mwaa.service.versions import major
from ops.artifacts.airflow import resolve, virtual_environment
from ops.artifacts.image import image
from ops.artifacts.wheels import Sources
from tests.ops.airflow.model import Model, RefusedByAirflowError

START_SECONDS = 240
DAGS = """
from datetime import datetime
from airflow import DAG
for name in ("ingest_a", "ingest_b", "report"):
    globals()[name] = DAG(name, start_date=datetime(2026, 1, 1), schedule=None)
"""
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass
class Real(Model):
    """Answers as a model does, by asking the Airflow at ``address``."""

    address: str = ""
    authorization: str = ""

    def answer(self, request: dict[str, Any]) -> tuple[int, Any]:
        """Pass one InvokeRestApi request on."""
        query = urllib.parse.urlencode(request.get("QueryParameters") or {}, doseq=True)
        path = f"/api/v{self.api}{request['Path']}" + (f"?{query}" if query else "")
        self.asked.append((request["Method"], request["Path"]))
        body = request.get("Body")
        asked = urllib.request.Request(
            self.address + path,
            data=None if body is None else json.dumps(body).encode(),
            method=request["Method"],
            headers={"Authorization": self.authorization},
        )
        if body is not None:
            # Airflow 2 refuses to delete where JSON is announced and none follows.
            asked.add_header("Content-Type", "application/json")
        try:
            with _opener.open(asked, timeout=60) as found:
                content = found.read()
                return found.status, json.loads(content) if content else None
        except urllib.error.HTTPError as error:
            text = error.read().decode("utf-8", "replace")
            try:
                said = json.loads(text)
            except ValueError:
                said = {"detail": text[:500]}
            said = {"detail": "", **said, "status": error.code}
            raise RefusedByAirflowError(**said) from None


@contextmanager
def airflow(version: str, home: Path) -> Iterator[Real]:
    """An Airflow of ``version`` with three DAGs; its files stand in ``home``.

    Raises ``OSError`` or ``RefusedError`` where its packages cannot be had on this machine.
    """
    of = image(version)
    python = virtual_environment(resolve(None, home, of, Sources()), of, Sources())
    if python is None:
        raise OSError(f"there is no Python {of.python} on this machine")
    (home / "dags").mkdir(parents=True)
    (home / "dags" / "some.py").write_text(DAGS)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    is_3 = major(version) >= 3
    environment = _environment(home, python, is_3)

    def run(*words: str) -> None:
        subprocess.run(
            [python, "-m", "airflow", *words],
            env=environment,
            cwd=home,
            check=True,
            capture_output=True,
            timeout=START_SECONDS,
        )

    run("db", "migrate")
    # Whoever asks is an administrator. A password would be hashed anew for every request.
    (home / "webserver_config.py").write_text('AUTH_ROLE_PUBLIC = "Admin"\n')
    run("dags", "reserialize")
    serve = ("api-server", "--host") if is_3 else ("webserver", "--hostname")
    with (home / "web.log").open("wb") as log:
        server = subprocess.Popen(
            [python, "-m", "airflow", *serve, "127.0.0.1", "--port", port, "--workers", "2"],
            env=environment,
            cwd=home,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield _answering(f"http://127.0.0.1:{port}", is_3)
        finally:
            # The server and its workers are one group.
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)


def _environment(home: Path, python: Path, is_3: bool) -> dict[str, str]:
    found = {
        "PATH": f"{python.parent}:{os.environ['PATH']}",
        "HOME": str(home),
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor" if is_3 else "SequentialExecutor",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    if is_3:
        found["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS"] = "True"
    else:
        found["AIRFLOW__API__AUTH_BACKENDS"] = "airflow.api.auth.backend.default"
    return found


def _answering(address: str, is_3: bool) -> Real:
    """The Airflow when it answers."""
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            authorization = ""
            if is_3:
                with _opener.open(f"{address}/auth/token", timeout=10) as answer:
                    authorization = f"Bearer {json.load(answer)['access_token']}"
            found = Real(api=2 if is_3 else 1, address=address, authorization=authorization)
            found.answer({"Method": "GET", "Path": "/version"})
            return found
        except (OSError, ValueError, RefusedByAirflowError):
            if time.monotonic() > end:
                raise
            time.sleep(1)
