"""The first thing that runs on a stranger's machine fails in one line."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from rehearsal import bootstrap


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


def pins(file: str) -> dict[str, str]:
    """Package -> version, as a file of requirements pins them for this Python."""
    lines = (bootstrap.ROOT / file).read_text(encoding="utf-8").splitlines()
    texts = [line.split("#")[0].strip() for line in lines if not line.startswith("-r ")]
    wanted = [Requirement(text) for text in texts if text]
    return {
        canonicalize_name(r.name): str(r.specifier).removeprefix("==")
        for r in wanted
        if r.marker is None or r.marker.evaluate()
    }


def test_every_requirement_is_among_the_constraints_at_its_version() -> None:
    constraints = pins("constraints.txt")
    product, tools = pins("requirements.txt"), pins("requirements-dev.txt")
    assert len(product) > 10 and len(tools) > 8 and not product.keys() & tools.keys()
    wanted = product | tools
    assert {name: constraints.get(name) for name in wanted} == wanted


def test_the_program_installs_no_tool_of_its_development() -> None:
    reached, open_ = set[str](), set(pins("requirements.txt"))
    while open_:
        name = open_.pop()
        reached.add(name)
        needed = map(Requirement, metadata.requires(name) or [])
        open_ |= {
            found
            for r in needed
            if (r.marker is None or r.marker.evaluate({"extra": ""}))
            and (found := canonicalize_name(r.name)) not in reached
        }
    assert "grpcio" in reached
    # Packages of Pulumi's bring setuptools with them.
    assert reached & pins("requirements-dev.txt").keys() <= {"setuptools"}


def test_what_is_installed_is_what_the_constraints_say() -> None:
    installed = {canonicalize_name(d.name): d.version for d in metadata.distributions()}
    wanted = pins("constraints.txt")
    # Without these three an environment is made too, each at the version of its Python.
    both = (installed.keys() & wanted.keys()) - {"pip", "setuptools", "wheel"}
    assert len(both) > 50
    assert {name: installed[name] for name in both} == {name: wanted[name] for name in both}
