"""An upgrade is tried on a copy, with the real Airflow of both major versions."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ops.airflow.document import Document
from ops.artifacts import uv
from rehearsal.cli.workspace import ROOT

SECONDS = 600
GOOD = """
from datetime import datetime
from airflow import DAG
for name in ("first", "second"):
    globals()[name] = DAG(name, start_date=datetime(2026, 1, 1), schedule="@hourly")
"""
# Airflow 3 has no such module: https://airflow.apache.org/docs/apache-airflow/3.0.0/release_notes.html
OLD = """
from datetime import datetime
from airflow import DAG
from airflow.operators.subdag import SubDagOperator
old = DAG("old", start_date=datetime(2026, 1, 1), schedule=None)
"""
BACKEND = "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"
HELD = Document(
    environment="prod",
    airflow_version="2.11.2",
    exported_at="2026-11-27T00:00:00+00:00",
    variables=[{"key": "region", "value": "eu-west-1"}, {"key": "token", "secret": None}],
    pools=[{"name": "etl", "slots": 4}],
    connections=[{"connection_id": "pg", "conn_type": "postgres", "left_out": ["password"]}],
)

pytestmark = pytest.mark.drill


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What ``mwaa upgrade --rehearse`` writes of an environment."""
    if uv.python("3.12") is None:
        pytest.skip("Python 3.12 is not on this machine, and Airflow runs on it")
    described = {
        "Name": "prod",
        "Arn": "arn:aws:airflow:eu-west-1:123456789012:environment/prod",
        "AirflowVersion": "2.11.2",
        "DagS3Path": "dags",
        # A backend is asked for each variable that is written: without a way to it Airflow hangs.
        "AirflowConfigurationOptions": {
            "core.dags_are_paused_at_creation": "False",
            "secrets.backend": BACKEND,
        },
    }
    (tmp_path / "environment.json").write_text(json.dumps(described))
    HELD.write(tmp_path / "objects.json")
    dags = tmp_path / "bucket" / "dags"
    dags.mkdir(parents=True)
    (dags / "good.py").write_text(GOOD)
    (dags / "old.py").write_text(OLD)
    return tmp_path


def test_a_copy_tells_what_an_upgrade_would_do(copy: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "rehearsal", "upgrade", str(copy), "--to", "3.2.1"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=SECONDS,
    )
    if "could not be installed" in done.stderr:
        pytest.skip(done.stderr)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert [(one["from"], one["to"]) for one in found["steps"]] == [("2.11.2", "3.2.1")]
    assert found["failure"] == ""
    assert found["lost"] == {}
    assert found["objects"] == {"variables": 1, "connections": 1, "pools": 2}
    assert (found["dags"], found["missing"]) == (3, ["old"])
    assert found["import_errors"].keys() == {"old.py"}
    assert "subdag" in found["import_errors"]["old.py"]
    assert found["not_copied"].keys() == {"variables token", "history"}
