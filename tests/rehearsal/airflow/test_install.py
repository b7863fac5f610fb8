"""The files of an environment on this machine: requirements, DAGs, startup script."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from rehearsal.airflow.install import startup_script
from rehearsal.airflow.install.bucket import Bucket
from rehearsal.airflow.install.requirements import options
from rehearsal.airflow.place import Place
from rehearsal.cli.workspace import RehearsalError
from tests.rehearsal.airflow.specifications import specification

ESSENTIAL, IMAGE = Path("essential.txt"), Path("image.txt")


@pytest.mark.parametrize(
    ("text", "forced"),
    [
        ("pandas\n", True),
        ("--constraint https://example.com/c.txt\npandas\n", False),
        ("-c constraints.txt\n", False),
        ("# --constraint is left away on purpose\npandas\n", False),
    ],
)
def test_the_images_constraints_bind_where_no_line_names_any(text: str, forced: bool) -> None:
    found = options(text, ESSENTIAL, IMAGE)
    assert found[:2] == ["--constraint", "essential.txt"]
    assert (found[2:] == ["--constraint", "image.txt"]) is forced


def test_paths_of_the_image_are_those_of_this_machine(tmp_path: Path) -> None:
    text = '--find-links "/usr/local/airflow/plugins"\n'
    assert Place(tmp_path).here(text) == f'--find-links "{tmp_path}/plugins"\n'


class S3:
    """Stands in for S3: ``objects`` by key."""

    def __init__(self, **objects: bytes) -> None:
        self.objects = {key.replace("__", "/"): value for key, value in objects.items()}
        self.asked: list[dict[str, str]] = []

    def get_paginator(self, _: str) -> S3:
        return self

    def paginate(self, **_: str) -> list[dict[str, Any]]:
        return [{"Contents": [{"Key": k, "ETag": str(v)} for k, v in self.objects.items()]}]

    def get_object(self, **request: str) -> dict[str, Any]:
        self.asked.append(request)
        return {"Body": BytesIO(self.objects[request["Key"]])}


def test_dags_follow_the_bucket(tmp_path: Path) -> None:
    s3, place = S3(), Place(tmp_path)
    bucket = Bucket(s3, specification(), place)
    s3.objects = {"dags/a.py": b"1", "dags/below/b.py": b"2"}
    assert bucket.sync_dags() == 2
    assert bucket.sync_dags() == 0
    s3.objects = {"dags/a.py": b"3"}
    assert bucket.sync_dags() == 2
    assert (place.dags / "a.py").read_bytes() == b"3"
    assert not (place.dags / "below" / "b.py").exists()


def test_a_key_cannot_lead_out_of_the_dag_folder(tmp_path: Path) -> None:
    s3 = S3()
    s3.objects = {"dags/../secrets.json": b""}
    with pytest.raises(ValueError, match="leads out of the DAG folder"):
        Bucket(s3, specification(), Place(tmp_path)).sync_dags()


def test_the_pinned_version_is_taken(tmp_path: Path) -> None:
    s3, place = S3(), Place(tmp_path)
    s3.objects = {"requirements.txt": b"pandas\n"}
    Bucket(s3, specification(), place).fetch_artifacts()
    assert s3.asked == [{"Bucket": "airflow-etl", "Key": "requirements.txt", "VersionId": "v1"}]
    assert place.requirements.read_bytes() == b"pandas\n"
    assert not place.startup_script.exists()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path)
    made.startup_script.parent.mkdir(parents=True)
    return made


def test_what_the_startup_script_exports_is_kept(place: Place) -> None:
    place.startup_script.write_text('echo hi\nexport KIND="$MWAA_AIRFLOW_COMPONENT"\nPRIVATE=1\n')
    said = list[str]()
    given = {"PATH": "/usr/bin:/bin", "MWAA_AIRFLOW_COMPONENT": "worker"}
    assert startup_script.run(place, "worker", given, said.append) == {"KIND": "worker"}
    assert said[0] == "[INFO] - hi"


def test_a_startup_script_that_fails_stops_the_container(place: Place) -> None:
    place.startup_script.write_text("set -e\nfalse\n")
    with pytest.raises(RehearsalError, match=r"failed in the worker container \(ended with 1\)"):
        startup_script.run(place, "worker", {"PATH": "/usr/bin:/bin"}, lambda _: None)
