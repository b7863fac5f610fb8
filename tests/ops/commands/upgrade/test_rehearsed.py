"""``mwaa upgrade --rehearse``: what is copied, what is made of the report, and how large it is."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ops.airflow.api import Airflow
from ops.airflow.document import load
from ops.commands.upgrade import database, rehearsed
from ops.commands.upgrade import upgrade as verb
from ops.errors import FailedError, RefusedError
from ops.target import Target
from ops.terminal import Format
from tests.ops.airflow.model import Model
from tests.ops.airflow.wire import target
from tests.ops.drill.upgrade import Service, place

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

SECRET = "hunter2hunter2"
WELL: dict[str, Any] = {
    "steps": [{"from": "2.10.3", "to": "2.11.2", "seconds": 41.0}],
    "failure": "",
    "objects": {"variables": 2, "pools": 1},
    "lost": {},
    "dags": 3,
    "missing": [],
    "import_errors": {},
    "not_copied": {"history": "no API takes runs and task instances"},
}
WRONG = {**WELL, "import_errors": {"old.py": "ModuleNotFoundError: subdag"}}


@pytest.fixture
def service() -> Service:
    model = Model(dags={"a": False})
    model.stored["variables"]["my_password"] = {"key": "my_password", "value": SECRET}
    return Service(model, bucket=f"airflow-{uuid.uuid4().hex[:12]}")


@pytest.fixture
def there(
    service: Service, s3: S3Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Target:
    program = tmp_path / "checkout" / "rehearsal" / "__main__.py"
    program.parent.mkdir(parents=True)
    program.touch()
    monkeypatch.setattr(rehearsed, "CHECKOUT", tmp_path / "checkout")
    found = place(service, s3)
    s3.put_object(Bucket=service.bucket, Key="dags/team/a.py", Body=b"# a")
    s3.put_object(Bucket=service.bucket, Key="requirements.txt", Body=b"now")
    service.artifacts = {"RequirementsS3Path": "requirements.txt"}
    found = verb.again(found)
    monkeypatch.setattr(verb, "resolve", lambda **_: found)
    return found


class Program:
    """Stands in for ``python -m rehearsal``: keeps what it was given, and answers."""

    def __init__(self, report: dict[str, Any] | None) -> None:
        self.report = report
        self.files: dict[str, str] = {}
        self.command: list[str] = []

    def __call__(self, command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        self.command, folder = command, Path(command[4])
        self.files = {
            file.relative_to(folder).as_posix(): file.read_text()
            for file in folder.rglob("*")
            if file.is_file()
        }
        assert load(folder / "objects.json").environment == "prod"
        return subprocess.CompletedProcess(
            command, 0 if self.report else 1, json.dumps(self.report), ""
        )


def test_the_copy_has_what_airflow_holds_and_its_files_and_no_secret(
    there: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Program(WELL)
    monkeypatch.setattr("ops.commands.upgrade.rehearsed._run", program)
    assert rehearsed.rehearse(there, "2.11.2", {"requirements": b"then"}) == WELL
    assert program.command[:4] == [sys.executable, "-m", "rehearsal", "upgrade"]
    assert program.command[-2:] == ["--to", "2.11.2"]
    assert not Path(program.command[4]).exists()
    assert program.files["bucket/dags/team/a.py"] == "# a"
    assert program.files["bucket/requirements.txt"] == "now"
    assert program.files["new/requirements"] == "then"
    assert json.loads(program.files["environment.json"])["AirflowVersion"] == "2.10.3"
    assert SECRET not in "".join(program.files.values())


def test_a_copy_that_goes_wrong_stops_the_upgrade(
    there: Target,
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("ops.commands.upgrade.rehearsed._run", Program(WRONG))
    with pytest.raises(FailedError, match="nothing was changed"):
        verb.run("2.11.2", unproved=True, rehearses=True, environment=there.name)
    said = capsys.readouterr().out
    assert "PROBLEM  old.py: ModuleNotFoundError: subdag" in said
    assert "not copied: history" in said
    assert service.updates == []

    monkeypatch.setattr("ops.commands.upgrade.rehearsed._run", Program(WELL))
    verb.run(
        "2.11.2", unproved=True, rehearses=True, interval=0, environment="prod", form=Format.JSON
    )
    assert json.loads(capsys.readouterr().out)["rehearsal"] == WELL
    assert service.updates == ["2.11.2"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"failure": "it was rolled back"}, "it was rolled back"),
        ({"lost": {"pools": ["etl"]}}, "pools lost: etl"),
        ({"missing": ["a", "b"]}, "DAGs that are not there afterwards: a, b"),
    ],
)
def test_every_loss_is_a_problem(change: dict[str, Any], words: str) -> None:
    assert rehearsed.problems({**WELL, **change}) == [words]
    assert not rehearsed.problems(WELL)


def test_a_copy_that_cannot_be_built_says_so(
    there: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.commands.upgrade.rehearsed._run", Program(None))
    with pytest.raises(FailedError, match="could not be built"):
        rehearsed.rehearse(there, "2.11.2", {})


@pytest.mark.usefixtures("there")
def test_an_installation_without_the_rehearsal_says_so_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(rehearsed, "CHECKOUT", tmp_path / "installed")
    with pytest.raises(RefusedError, match="this installation has no rehearsal") as caught:
        verb.run("2.11.2", unproved=True, rehearses=True, environment="prod")
    assert "\n" not in str(caught.value)


def test_the_plan_says_how_large_the_database_is() -> None:
    runs = [{"dag_id": "a", "start_date": "2024-05-01T00:00:00Z"}] * 3
    model = Model(api=1, runs=runs, running=[12345])
    said = database.advice(Airflow(target(model)))
    assert "3 runs since 2024-05-01 and 12,345 task instances" in said
    assert "db clean" in said
    assert "db clean" not in database.advice(Airflow(target(Model(api=2))))
