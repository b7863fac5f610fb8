"""Build: the same bytes from the same sources, and offline files that install offline."""

import json
import os
import time
import zipfile
from pathlib import Path

import pytest

from mwaa.service.versions import VERSIONS
from ops.artifacts import archive
from ops.artifacts.image import image
from ops.artifacts.requirements import read
from ops.errors import RefusedError
from tests.ops.wheels import ROOT, mwaa, wheel


def test_the_same_files_give_the_same_bytes_whenever_and_wherever(tmp_path: Path) -> None:
    archives = []
    for turn, names in enumerate((["a.py", "b/c.py"], ["b/c.py", "a.py"])):
        folder = tmp_path / f"checkout{turn}"
        for name in names:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"# {name}\n")
            os.utime(path, (time.time() - turn * 86400, time.time() - turn * 86400))
            path.chmod(0o644 if turn else 0o664)
        (folder / "__pycache__").mkdir()
        (folder / "__pycache__" / f"{turn}.pyc").write_text("x")
        archive.write(tmp_path / f"{turn}.zip", archive.collect(folder))
        archives.append((tmp_path / f"{turn}.zip").read_bytes())
    assert archives[0] == archives[1]


def test_a_script_stays_executable(tmp_path: Path) -> None:
    script = tmp_path / "in" / "run.sh"
    script.parent.mkdir()
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    archive.write(tmp_path / "out.zip", archive.collect(script.parent))
    member = zipfile.ZipFile(tmp_path / "out.zip").infolist()[0]
    assert member.external_attr >> 16 & 0o111


def test_the_examples_archive_is_what_its_sources_build() -> None:
    built = mwaa("build", "examples", "--out", "examples", "--dry-run", "--format", "json")
    assert built.returncode == 0, built.stderr
    changed = [file["path"] for file in json.loads(built.stdout)["files"] if file["changed"]]
    assert changed == [], "run `mwaa build examples --out examples`"


def test_dry_run_writes_nothing(tmp_path: Path) -> None:
    built = mwaa("build", ROOT / "examples", "--out", tmp_path / "out", "--dry-run")
    assert "would be written" in built.stdout
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a==1 b==2\n", ":1: 'a==1 b==2' is no requirement"),
        ("a==1\n\nnot a requirement !\n", ":3:"),
    ],
)
def test_what_pip_would_not_understand_is_refused_with_its_line(
    tmp_path: Path, content: str, words: str
) -> None:
    path = tmp_path / "requirements.txt"
    path.write_text(content)
    with pytest.raises(RefusedError, match=words):
        read(path)


def test_a_requirements_file_is_read_as_pip_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "requirements.txt"
    path.write_bytes(
        b"\xef\xbb\xbf# comment\n-c constraints.txt  # why\n--find-links='/a b'\n"
        b"Apache_Airflow[celery]==2.10.3 ; python_version > '3'\nb>=1,\\\n  <2\n"
        b"git+https://example.org/c.git\nd @ https://example.org/d.whl\n"
        b"e==1 --hash=sha256:00\nf==1.*\n"
    )
    file = read(path)
    assert file.values("--constraint") == ["constraints.txt"]
    assert file.values("--find-links") == ["/a b"]
    lines = file.requirements
    found = [(line.number, line.name, line.is_pinned, bool(line.target)) for line in lines]
    assert found == [
        (4, "apache-airflow", True, False),
        (5, "b", False, False),
        (7, "", False, True),
        (8, "d", False, True),
        (9, "e", True, False),
        (10, "f", False, False),
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["absent"], "absent is not there"),
        (["examples", "--offline"], "needs --airflow-version"),
        (["examples", "--offline", "--airflow-version", "9.9"], "is not a version"),
        (["policy"], "nothing to build"),
    ],
)
def test_bad_input_is_one_message_and_exit_2(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    built = mwaa("build", *arguments, "--out", tmp_path / "out")
    assert built.returncode == 2
    assert words in built.stderr
    assert "Traceback" not in built.stderr
    assert not (tmp_path / "out").exists()


def test_every_supported_version_has_a_release_day_before_mwaa_had_it() -> None:
    for version in VERSIONS.values():
        if version.python:
            assert version.released is not None and version.released < version.available
            assert image(version.version).python == version.python


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source folder and own wheels: ``greeting`` needs ``words``, pinned 1.0."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    cached = image("2.10.3").cached
    cached.parent.mkdir(parents=True)
    cached.write_text("words==1.0\n")
    wheel(tmp_path / "own", "words", "1.0")
    wheel(tmp_path / "own", "words", "2.0")
    wheel(tmp_path / "own", "greeting", "1.0", ["words", "apache-airflow"])
    wheel(tmp_path / "own", "modern", "1.0", ["words>=2"])
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "mine.py").write_text("X = 1\n")
    (tmp_path / "requirements.txt").write_text("greeting\n")
    return tmp_path


def offline(project: Path, out: str = "out") -> "tuple[int, str, str]":
    """One offline build from the project's own wheels."""
    built = mwaa(
        *("build", project, "--out", project / out, "--offline", "--airflow-version", "2.10.3"),
        *("--find-links", project / "own", "--no-index", "--format", "json"),
    )
    return built.returncode, built.stdout, built.stderr


@pytest.mark.engine
def test_offline_files_carry_their_wheels_and_install_without_a_network(project: Path) -> None:
    code, stdout, stderr = offline(project)
    assert code == 0, stderr
    assert json.loads(stdout)["proven_offline"] is True
    with zipfile.ZipFile(project / "out" / "plugins.zip") as built:
        assert set(built.namelist()) == {
            "mine.py",
            "constraints.txt",
            "greeting-1.0-py3-none-any.whl",
            "words-1.0-py3-none-any.whl",
        }
        assert b"words==1.0" in built.read("constraints.txt")
    lines = (project / "out" / "requirements.txt").read_text().splitlines()
    assert "--no-index" in lines
    assert "greeting==1.0" in lines


@pytest.mark.engine
def test_offline_build_is_reproducible_and_its_lock_holds(project: Path) -> None:
    assert offline(project, "one")[0] == 0
    # A newer version appears; the lock keeps what was built before.
    wheel(project / "own", "greeting", "1.1", ["words"])
    assert offline(project, "two")[0] == 0
    for name in ("plugins.zip", "requirements.txt"):
        assert (project / "one" / name).read_bytes() == (project / "two" / name).read_bytes()


@pytest.mark.engine
def test_a_conflict_with_the_image_is_reported_exactly(project: Path) -> None:
    (project / "requirements.txt").write_text("modern\n")
    code, _, stderr = offline(project)
    assert code == 2
    assert "words>=2" in stderr
    assert "words==1.0" in stderr
    assert not (project / "out").exists()


def test_a_git_source_is_refused_offline(project: Path) -> None:
    (project / "requirements.txt").write_text("git+https://example.org/a.git\n")
    code, _, stderr = offline(project)
    assert (code, "build a wheel" in stderr) == (2, True)


def test_a_missing_constraint_is_refused_offline(project: Path) -> None:
    (project / "requirements.txt").write_text(
        '--constraint "/usr/local/airflow/plugins/absent.txt"\ngreeting\n'
    )
    code, _, stderr = offline(project)
    assert (code, "absent.txt is not there" in stderr) == (2, True)
