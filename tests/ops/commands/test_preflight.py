"""Preflight: the rules on a folder of files, resolution and import; nothing passes unproved."""

import json
import sys
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mwaa.model.platform import known
from ops.artifacts import platform as files
from ops.artifacts import uv
from ops.artifacts.airflow import import_dags
from ops.artifacts.image import image
from ops.artifacts.requirements import constraints, limits, local_path, wanted
from ops.artifacts.trial import requirements, tried
from ops.artifacts.wheels import Sources
from ops.errors import RefusedError
from policy.rules.catalog import judge
from policy.rules.rule import Verdict
from tests.ops.wheels import ROOT, mwaa

CONSTRAINT = '--constraint "/usr/local/airflow/plugins/constraints.txt"\n'
DAG = "from airflow.decorators import dag\nimport absent_module\n"


def failed(source: Path, *, is_private: bool = False, version: str = "2.10.3") -> set[str]:
    platform = files.read(source, version=version, is_private=is_private)
    return {
        one.rule.id.removeprefix("mwaa-delivery-")
        for one in judge(platform)
        if one.verdict is Verdict.FAIL
    }


def write(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        path = folder / name.replace("__", "/").replace("_txt", ".txt").replace("_sh", ".sh")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_the_examples_keep_every_rule_where_they_are_meant_for() -> None:
    for version in ("2.10.3", "3.2.1"):
        assert not failed(ROOT / "examples", is_private=True, version=version)


def test_an_empty_folder_breaks_nothing(tmp_path: Path) -> None:
    assert not failed(tmp_path, is_private=True)


def test_a_folder_of_plugins_is_read_as_the_archive_that_is_built_of_it(tmp_path: Path) -> None:
    write(tmp_path, plugins__constraints_txt="", requirements_txt=CONSTRAINT + "a==1\n")
    (tmp_path / "plugins" / "types.py").write_text("X = 1\n")
    assert failed(tmp_path) == {"no-shadowing"}
    with zipfile.ZipFile(tmp_path / "plugins.zip", "w") as archive:
        archive.writestr("orders.py", "X = 1\n")
    # The archive is what is delivered, whatever lies beside it.
    assert failed(tmp_path) == {"requirements-files-present"}


def test_a_file_that_is_no_archive_is_a_finding_and_no_crash(tmp_path: Path) -> None:
    (tmp_path / "plugins.zip").write_bytes(b"not a zip")
    assert failed(tmp_path) == {"plugins-unpack"}


def test_text_of_windows_and_text_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "requirements.txt"
    path.write_bytes("\ufeff-c /dev/null\r\na==1\r\n".encode("utf-16"))
    assert not failed(tmp_path)
    path.write_bytes(b"-c /dev/null\n\xff\xfe\xfd==1\n")
    assert failed(tmp_path) == {"requirements-readable"}


def test_paths_of_the_containers_are_files_of_the_project(tmp_path: Path) -> None:
    home = "/usr/local/airflow"
    assert local_path(f"{home}/dags/a.txt", tmp_path) == tmp_path / "dags" / "a.txt"
    assert local_path(f"{home}/plugins/b/c.txt", tmp_path) == tmp_path / "plugins" / "b" / "c.txt"
    assert local_path("https://example.org/c.txt", tmp_path) is None
    assert local_path("/dev/null", tmp_path) is None


def test_only_the_essential_pins_bind_beside_the_users_own_constraints(tmp_path: Path) -> None:
    of = image("2.10.3")
    write(tmp_path, dags__mod_txt="apache-airflow-providers-amazon==9.5.0\n")
    text = "-c /usr/local/airflow/dags/mod.txt\n-r /usr/local/airflow/dags/more.txt\na==1\n"
    write(tmp_path, requirements_txt=text, dags__more_txt="b==2\n")
    file = requirements(tmp_path)
    assert file is not None
    assert [line.name for line in wanted(file, tmp_path)] == ["a", "b"]
    options = limits(file, tmp_path, of, tmp_path)
    assert options[1::2] == [str(tmp_path / "essential.txt"), str(tmp_path / "dags" / "mod.txt")]
    bound = (tmp_path / "essential.txt").read_text()
    assert "celery==5.4.0" in bound and "boto3" not in bound and "provider" not in bound


@pytest.mark.parametrize("escape", ["# --constraint none\n", "--constraint /dev/null\n"])
def test_the_known_escapes_leave_the_essential_pins_alone(tmp_path: Path, escape: str) -> None:
    write(tmp_path, requirements_txt=escape + "a==1\n")
    file = requirements(tmp_path)
    assert len(limits(file, tmp_path, image("2.10.3"), tmp_path)) == 2


def test_without_constraints_the_image_adds_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    of = image("2.10.3")
    of.cached.parent.mkdir(parents=True)
    of.cached.write_text("boto3==1.35.36\n")
    write(tmp_path, requirements_txt="a==1\n")
    assert limits(requirements(tmp_path), tmp_path, of, tmp_path)[-1] == str(of.cached)


def test_a_constraint_that_is_not_there_stops_a_build_and_no_judgment(tmp_path: Path) -> None:
    write(tmp_path, requirements_txt="-c /usr/local/airflow/dags/absent.txt\na==1\n")
    file = requirements(tmp_path)
    assert file is not None
    with pytest.raises(RefusedError, match=r"absent\.txt is not there"):
        constraints(file, tmp_path)
    assert constraints(file, tmp_path, strict=False) == []
    assert failed(tmp_path) == {"requirements-files-present"}


class Answers:
    """uv as a test wants it to answer."""

    def __init__(self, code: int, output: str = "", errors: str = "") -> None:
        self.ran = uv.Ran(code, output, errors)

    def __call__(self, *arguments: Any, **_: Any) -> uv.Ran:
        return self.ran


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with requirements and a DAG, and images whose pins are known without an index."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for version in ("2.10.3", "3.2.1"):
        of = image(version)
        of.cached.parent.mkdir(parents=True, exist_ok=True)
        of.cached.write_text("boto3==1.35.36\n")
    write(tmp_path, requirements_txt="-c /dev/null\na==1\n")
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "one.py").write_text("X = 1\n")
    return tmp_path


def test_an_index_that_cannot_be_read_proves_nothing(
    cached: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uv, "run", Answers(1, errors="error sending request for url"))
    trial = tried(cached, image("2.10.3"), Sources(), imports=True)
    assert not known(trial.conflict) and not known(trial.import_faults)
    assert "no package index" in trial.untried["conflict"]


def test_a_conflict_is_told_in_the_resolvers_words(
    cached: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uv, "run", Answers(1, errors="a==1 depends on celery<5"))
    trial = tried(cached, image("2.10.3"), Sources(), imports=True)
    assert trial.conflict == "a==1 depends on celery<5"
    assert not known(trial.import_faults)


def test_what_ruff_finds_is_told_below_the_folder(
    cached: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [
        {
            "filename": str(cached / "dags" / "one.py"),
            "location": {"row": 3},
            "code": "AIR301",
            "message": "days_ago is removed",
        },
        {"filename": "x.py", "location": {"row": 1}, "code": None, "message": "SyntaxError"},
    ]
    monkeypatch.setattr(uv, "run", Answers(0, json.dumps(found)))
    trial = tried(cached, image("3.2.1"), Sources(), imports=False)
    uses = trial.old_uses
    assert known(uses)
    assert [(one.file, one.line) for one in uses] == [("dags/one.py", 3)]
    monkeypatch.setattr(uv, "run", Answers(2, errors="no such tool"))
    trial = tried(cached, image("3.2.1"), Sources(), imports=False)
    assert not known(trial.old_uses) and "no such tool" in trial.untried["old_uses"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["absent", "--airflow-version", "2.10.3"], "absent is not there"),
        (["examples", "--airflow-version", "0.1"], "is not a version"),
        (["examples"], "which Airflow?"),
        (["examples", "--stack", "absent"], "Pulumi.absent.yaml is not in"),
        (["examples", "--stack", "dev", "--environment", "dev"], "exclude each other"),
    ],
)
def test_bad_input_is_one_message_and_exit_2(arguments: list[str], words: str) -> None:
    ran = mwaa("preflight", *arguments)
    assert (ran.returncode, words in ran.stderr) == (2, True)
    assert "Traceback" not in ran.stderr


def test_an_import_that_does_not_end_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interpreter = tmp_path / "python"
    interpreter.write_text("#!/bin/sh\nexec sleep 60\n")
    interpreter.chmod(0o755)
    limit = timedelta(seconds=0.2).total_seconds()
    monkeypatch.setattr("ops.artifacts.airflow.IMPORT_SECONDS", limit)
    (tmp_path / "dags").mkdir()
    ended = import_dags(interpreter, tmp_path / "dags", None)
    assert [one.file for one in ended.faults] == ["dags"]
    assert "took longer" in ended.faults[0].what


def test_dags_are_imported_by_the_airflow_of_the_interpreter(tmp_path: Path) -> None:
    """Whatever the files of this project beside the importing program are called."""
    package = tmp_path / "site" / "airflow" / "models"
    package.mkdir(parents=True)
    for folder in (package.parent, package):
        (folder / "__init__.py").touch()
    (package / "dagbag.py").write_text(
        "class DagBag:\n"
        "    def __init__(self, dag_folder, include_examples):\n"
        "        self.dags, self.import_errors = {}, {dag_folder + '/a.py': 'seen'}\n"
    )
    interpreter = tmp_path / "python"
    interpreter.write_text(f'#!/bin/sh\nPYTHONPATH={tmp_path}/site exec {sys.executable} "$@"\n')
    interpreter.chmod(0o755)
    (tmp_path / "dags").mkdir()
    ended = import_dags(interpreter, tmp_path / "dags", None)
    assert [(one.file, one.what) for one in ended.faults] == [("dags/a.py", "seen")]


@pytest.mark.engine
def test_the_examples_pass_with_the_real_airflow_and_a_broken_dag_does_not(tmp_path: Path) -> None:
    ran = mwaa("preflight", "examples", "--airflow-version", "2.10.3", "--format", "json")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    passed = json.loads(ran.stdout)
    assert (passed["dags_imported"], passed["proven"], passed["errors"]) == (2, True, 0)
    assert passed["counts"]["advisory"] == 0

    for name in ("plugins.zip", "requirements.txt"):
        (tmp_path / name).write_bytes((ROOT / "examples" / name).read_bytes())
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "broken.py").write_text(DAG)
    ran = mwaa("preflight", tmp_path, "--airflow-version", "2.10.3", "--format", "json")
    assert ran.returncode == 1
    rules = {one["id"]: one for one in json.loads(ran.stdout)["rules"]}
    found = rules["mwaa-delivery-dags-import"]["findings"][0]["found"]
    assert found.startswith("dags/broken.py:2: ") and "absent_module" in found

    (tmp_path / "requirements.txt").write_text(CONSTRAINT + "celery==4.0\n")
    ran = mwaa("preflight", tmp_path, "--airflow-version", "2.10.3", "--public")
    assert ran.returncode == 1
    for rule in ("requirements-resolve", "airflow-not-replaced"):
        assert f"FAIL     mwaa-delivery-{rule}  (mandatory, high)" in ran.stdout
    assert "celery==4.0" in ran.stdout and "  fix: " in ran.stdout
