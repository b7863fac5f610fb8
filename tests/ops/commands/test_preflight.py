"""Preflight: each rule finds its fault and leaves the examples alone; nothing passes unproved."""

import json
import sys
import zipfile
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from ops.artifacts.airflow import import_dags
from ops.artifacts.dag_source import inspect_tree
from ops.artifacts.image import image
from ops.artifacts.problem import Problem, Weight
from ops.artifacts.requirements import read
from ops.commands.preflight.delivery_files import inspect_plugins, inspect_startup
from ops.commands.preflight.requirements import inspect_requirements, install_time
from tests.ops.wheels import ROOT, mwaa

OFFLINE = '--no-index\n--find-links "/usr/local/airflow/plugins"\n'
CONSTRAINT = '--constraint "/usr/local/airflow/plugins/constraints.txt"\n'


def found(problems: Iterable[Problem]) -> list[tuple[str, int]]:
    return sorted((one.rule, one.line) for one in problems)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("task(queue='fast')\n", [("dag-queue", 1)]),
        ("default_args = {\n  'queue': 'fast'}\n", [("dag-queue", 2)]),
        ("Queue(queue=make())\n", []),
        ("task(execution_timeout=timedelta(hours=12))\n", []),
        ("task(execution_timeout=timedelta(hours=13))\n", [("dag-task-timeout", 1)]),
        ("task(execution_timeout=datetime.timedelta(1))\n", [("dag-task-timeout", 1)]),
        ("task(execution_timeout=timedelta(minutes=M))\n", []),
        ("password = 'hunter2hunter2'\n", [("dag-secret", 1)]),
        ("connect(password='hunter2hunter2')\n", [("dag-secret", 1)]),
        ("connect(password='<from vault>')\n", []),
        ("connect(password=os.environ['P'])\n", []),
        ("# AKIA" + "ABCDEFGHIJKLMNOP" + "\n", [("dag-secret", 1)]),
        ("u = 'postgresql://me:s3cretword@db/x'\n", [("dag-secret", 1)]),
        ("u = 'postgresql://{user}:{password}@db/x'\n", []),
        ("def broken(:\n", [("dag-syntax", 1)]),
    ],
)
def test_dag_text(tmp_path: Path, code: str, expected: list[tuple[str, int]]) -> None:
    (tmp_path / "one.py").write_text(code)
    assert found(inspect_tree(tmp_path)) == expected


def test_a_found_secret_is_never_printed(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("password = 'hunter2hunter2'\n")
    assert "hunter2" not in "".join(one.text() for one in inspect_tree(tmp_path))


@pytest.mark.parametrize(
    ("name", "shadows"),
    [("io.py", True), ("airflow/x.py", True), ("orders.py", False), ("team/io.py", False)],
)
def test_module_shadowing(tmp_path: Path, name: str, shadows: bool) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("X = 1\n")
    assert [one.rule for one in inspect_tree(tmp_path)] == ["dag-module-shadowing"] * shadows


ARTIFACTS = "https://aws:t@ours-123456789012.d.codeartifact.us-east-1.amazonaws.com/pypi/x/simple/"


@pytest.fixture
def pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source folder, and an image whose pins are known without an index."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    images = tmp_path / "cache" / "mwaa" / "images"
    images.mkdir(parents=True)
    (images / "2.10.3.txt").write_text("celery==5.4.0\nboto3==1.35.36\n")
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "constraints.txt").write_text("")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "private", "expected"),
    [
        (CONSTRAINT + OFFLINE + "a==1\n", True, []),
        (CONSTRAINT + "a==1\n", False, []),
        (CONSTRAINT + "a==1\n", True, [("requirements-offline", 0)]),
        (CONSTRAINT + OFFLINE, True, []),
        ("a==1\n", False, [("requirements-constraint", 0)]),
        (CONSTRAINT + "a\n", False, [("requirements-pinned", 2)]),
        (CONSTRAINT + "a>=1\n", False, [("requirements-pinned", 2)]),
        (CONSTRAINT + "celery==5.3.0\n", False, [("requirements-core", 2)]),
        (CONSTRAINT + "celery==5.4.0\n", False, []),
        (CONSTRAINT + "git+https://example.org/a.git\n", False, [("requirements-direct", 2)]),
        (
            CONSTRAINT + OFFLINE + "--extra-index-url https://example.org\na==1\n",
            True,
            [("requirements-index", 4)],
        ),
        (
            CONSTRAINT + f"--index-url {ARTIFACTS}\na==1\n",
            True,
            [("requirements-index", 2)],
        ),
        (
            CONSTRAINT + f"--extra-index-url {ARTIFACTS}\na==1\n",
            True,
            [("requirements-index", 2), ("requirements-offline", 0)],
        ),
        (
            "--constraint https://example.org/constraints-2.9.2/constraints-3.11.txt\na==1\n",
            False,
            [("requirements-constraint-version", 1)],
        ),
        (
            "-c https://example.org/constraints-2.10.3/constraints-3.11.txt\n" + OFFLINE + "a==1\n",
            True,
            [("requirements-constraint-offline", 1)],
        ),
        (
            "-c /usr/local/airflow/plugins/absent.txt\n" + OFFLINE + "a==1\n",
            True,
            [("requirements-constraint-missing", 1)],
        ),
    ],
)
def test_requirements_text(
    pinned: Path, text: str, private: bool, expected: list[tuple[str, int]]
) -> None:
    (pinned / "requirements.txt").write_text(text)
    file = read(pinned / "requirements.txt")
    problems = inspect_requirements(file, pinned, image("2.10.3"), private=private)
    assert found(problems) == expected


def test_git_sources_are_errors_only_where_they_cannot_be_reached(pinned: Path) -> None:
    (pinned / "requirements.txt").write_text(CONSTRAINT + OFFLINE + "git+https://example.org/a\n")
    file = read(pinned / "requirements.txt")
    weights = {
        private: {
            one.weight
            for one in inspect_requirements(file, pinned, image("2.10.3"), private=private)
            if one.rule == "requirements-direct"
        }
        for private in (True, False)
    }
    assert weights == {True: {Weight.ERROR}, False: {Weight.WARNING}}


def test_install_time_warns_before_the_limit(pinned: Path) -> None:
    (pinned / "requirements.txt").write_text("a==1\n")
    file = read(pinned / "requirements.txt")
    assert found(install_time(file, 50)) == []
    assert found(install_time(file, 300)) == [("requirements-install-time", 0)]


@pytest.mark.parametrize(
    ("script", "private", "lines"),
    [
        ("#!/bin/bash\nexport A=1\n", True, []),
        ("#!/usr/bin/env python3\n", True, [1]),
        ("export AIRFLOW_HOME=/x\n", True, [1]),
        ("export MWAA__CORE__X=1\n", True, [1]),
        ("export PATH=$PATH:/x\n", True, []),
        ("export PATH=/x\n", True, [1]),
        ("pip install x\n", True, [1]),
        ("pip install x\n", False, []),
        ("pip install --no-index --find-links /usr/local/airflow/plugins x\n", True, []),
        ("# curl https://example.org\n", True, []),
        ("echo\ncurl https://example.org\n", True, [2]),
        ("exit 1\n", True, [1]),
        ("echo\r\n", True, [0]),
    ],
)
def test_startup_script(tmp_path: Path, script: str, private: bool, lines: list[int]) -> None:
    path = tmp_path / "startup.sh"
    path.write_bytes(script.encode())
    assert [one.line for one in inspect_startup(path, private=private)] == lines


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["a.py", "b/__init__.py"], ""),
        (["plugins/a.py"], "zip the contents"),
        (["../a.py"], "leaves the plugins folder"),
        (["json.py"], "hides Python's"),
        (["email/__init__.py"], "hides Python's"),
        (["email/template.html"], ""),
    ],
)
def test_plugins_layout(tmp_path: Path, names: list[str], words: str) -> None:
    path = tmp_path / "plugins.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    messages = [one.message for one in inspect_plugins(path)]
    assert len(messages) == bool(words)
    assert all(words in message for message in messages)


def test_a_file_that_is_no_archive_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    (tmp_path / "plugins.zip").write_bytes(b"not a zip")
    assert found(inspect_plugins(tmp_path / "plugins.zip")) == [("plugins-layout", 0)]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["absent", "--airflow-version", "2.10.3"], "is not a folder"),
        (["examples", "--airflow-version", "0.1"], "is not a version"),
        (["examples"], "which Airflow?"),
        (["examples", "--stack", "absent"], "Pulumi.absent.yaml is not here"),
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
    assert [one.rule for one in ended.problems] == ["dag-import"]


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
    assert [(one.rule, one.message) for one in ended.problems] == [("dag-import", "seen")]


@pytest.mark.engine
def test_the_examples_pass_with_the_real_airflow_and_a_broken_dag_does_not(tmp_path: Path) -> None:
    ran = mwaa("preflight", "examples", "--airflow-version", "2.10.3", "--format", "json")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    passed = json.loads(ran.stdout)
    assert (passed["dags_imported"], passed["proven"], passed["problems"]) == (2, True, [])

    for name in ("plugins.zip", "requirements.txt"):
        (tmp_path / name).write_bytes((ROOT / "examples" / name).read_bytes())
    (tmp_path / "plugins").symlink_to(ROOT / "examples" / "plugins")
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "broken.py").write_text(
        "from airflow.decorators import dag\nimport absent_module\n"
    )
    ran = mwaa("preflight", tmp_path, "--airflow-version", "2.10.3", "--format", "json")
    assert ran.returncode == 1
    problem = json.loads(ran.stdout)["problems"][0]
    assert (problem["rule"], problem["line"]) == ("dag-import", 2)
    assert "absent_module" in problem["message"]

    (tmp_path / "requirements.txt").write_text(CONSTRAINT + "celery==4.0\n")
    ran = mwaa("preflight", tmp_path, "--airflow-version", "2.10.3", "--public")
    assert ran.returncode == 1
    assert "requirements-conflict" in ran.stdout
    assert "celery==4.0" in ran.stdout
