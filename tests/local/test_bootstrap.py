"""The first thing that runs on a stranger's machine fails in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from local import bootstrap


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """A virtual environment that exists, whose uv finds no registry."""
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, script in {
        "python": "exit 0",
        "uv": "echo 'warning: slow' >&2; echo 'error: failed to fetch: no route' >&2; exit 2",
    }.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    return tmp_path / ".venv"


def test_a_registry_out_of_reach_is_one_line(
    environment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bootstrap.main([str(environment)]) == 1
    complaint = capsys.readouterr().err
    assert complaint.count("\n") == 1
    assert "failed to fetch: no route" in complaint
    assert "registry can be reached" in complaint


def test_a_python_too_old_is_one_line(
    environment: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "MINIMUM", (9, 0))
    assert bootstrap.main([str(environment)]) == 1
    complaint = capsys.readouterr().err
    assert complaint.count("\n") == 1
    assert "Python >= 9.0 is needed" in complaint
