"""Which pulumi on PATH is taken, and which is passed over."""

from __future__ import annotations

from importlib.metadata import version as installed
from pathlib import Path

import pytest

from rehearsal.engine.model import MINIMUM, VERSION, parse, suitable
from rehearsal.engine.search import on_path


def quiet(line: str) -> None:
    """Progress that nobody follows."""


def put(directory: Path, version: str, *, host: bool = True) -> Path:
    """A pulumi that prints `version`, with or without its language host."""
    directory.mkdir(parents=True)
    pulumi = directory / "pulumi"
    pulumi.write_text(f"#!/bin/sh\necho {version}\n")
    pulumi.chmod(0o755)
    if host:
        script = directory / "pulumi-language-python"
        script.write_text("#!/bin/sh\n")
        script.chmod(0o755)
    return pulumi


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("v3.259.0", (3, 259, 0)),
        ("3.260.1-alpha.5+dirty", (3, 260, 1)),
        ("v3.220.0\n", (3, 220, 0)),
        ("3.259", None),
        ("dev", None),
        ("", None),
    ],
)
def test_versions_are_three_numbers(text: str, numbers: tuple[int, int, int] | None) -> None:
    assert parse(text) == numbers


def test_the_engine_is_not_older_than_the_sdk() -> None:
    sdk = parse(installed("pulumi"))
    assert sdk is not None
    assert sdk == MINIMUM
    assert (parse(VERSION) or ()) >= sdk


@pytest.mark.parametrize(
    ("text", "suits"),
    [
        ("v3.274.1", True),
        ("3.272.0", True),
        ("3.271.9", False),
        ("4.0.0", False),
        ("2.300.0", False),
        ("x.y.z", False),
    ],
)
def test_an_engine_suits_from_its_minimum_to_the_next_major(text: str, suits: bool) -> None:
    assert suitable(text) is suits


def test_the_first_suitable_pulumi_with_its_host_is_taken(tmp_path: Path) -> None:
    put(tmp_path / "old", "v3.100.0")
    put(tmp_path / "broken", "''; exit 1")
    wanted = put(tmp_path / "new", "v3.274.1")
    put(tmp_path / "later", "v3.280.0")
    path = ":".join(str(tmp_path / name) for name in ("none", "old", "broken", "new", "later"))
    lines: list[str] = []
    engine = on_path({"PATH": path}, ours=tmp_path / "ours", progress=lines.append)
    assert engine is not None
    # Who has an old one learns why it is not used.
    assert [line for line in lines if "old/pulumi is 3.100.0" in line and ">= 3.272.0" in line]
    assert (engine.path, engine.version, engine.official) == (wanted, "3.274.1", True)


def test_a_pulumi_without_its_language_host_is_passed_over(tmp_path: Path) -> None:
    put(tmp_path / "bare", "v3.274.1", host=False)
    assert on_path({"PATH": str(tmp_path / "bare")}, ours=tmp_path / "ours", progress=quiet) is None


def test_the_launcher_of_a_rehearsal_shell_is_not_the_users_cli(tmp_path: Path) -> None:
    put(tmp_path / "ours", "v3.274.1")
    assert on_path({"PATH": str(tmp_path / "ours")}, ours=tmp_path / "ours", progress=quiet) is None


def test_a_linked_pulumi_has_the_host_of_the_place_it_links_to(tmp_path: Path) -> None:
    real = put(tmp_path / "opt", "v3.274.1")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "pulumi").symlink_to(real)
    engine = on_path({"PATH": str(tmp_path / "bin")}, ours=tmp_path / "ours", progress=quiet)
    assert engine is not None
    assert engine.path == real
