"""A configuration of the policy pack reaches the engine, with what is silenced beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rehearsal.cli.app import main
from rehearsal.cli.engine_run import Stack
from rehearsal.cli.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A checkout whose engine notes its words and the configuration that it was given."""
    made = Workspace(tmp_path, tmp_path / ".local", tmp_path / "pack.json")
    made.engine.parent.mkdir(parents=True)
    made.engine.write_text(
        '#!/bin/sh\nfor word in "$@"; do echo "$word"; [ "$last" = --policy-pack-config ] && '
        f'cp "$word" "{tmp_path}/seen.json"; last=$word; done > "{tmp_path}/words"\nexit 0\n'
    )
    made.engine.chmod(0o755)
    (tmp_path / "pack.json").write_text('{"mwaa-logs-retention-set": "mandatory"}')
    return made


def stack(workspace: Workspace) -> Stack:
    return Stack(workspace, "local", {"PATH": "/usr/bin:/bin"})


def seen(workspace: Workspace) -> dict[str, str]:
    found: dict[str, str] = json.loads((workspace.root / "seen.json").read_text())
    return found


@pytest.mark.parametrize("command", ["preview", "up"])
def test_preview_and_up_are_given_it(workspace: Workspace, command: str) -> None:
    assert stack(workspace).operate(command, silenced=["mwaa-x"]).code == 0
    assert seen(workspace) == {"mwaa-logs-retention-set": "mandatory", "mwaa-x": "disabled"}


def test_the_look_before_an_update_is_given_it_too(workspace: Workspace) -> None:
    assert stack(workspace).look(lambda line: None).code == 0
    assert seen(workspace) == {"mwaa-logs-retention-set": "mandatory"}


def test_a_command_without_the_pack_is_not(workspace: Workspace) -> None:
    stack(workspace).operate("destroy", "--yes")
    assert "--policy-pack-config" not in (workspace.root / "words").read_text().split()


@pytest.mark.parametrize("content", [None, "", "[]", "{"])
def test_a_file_that_is_none_is_refused_before_anything_starts(
    tmp_path: Path, content: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "pack.json"
    if content is not None:
        file.write_text(content)
    asked = ["preview", "--policy-config", str(file)]
    assert main(asked, Workspace(tmp_path, tmp_path / ".local")) == 1
    said = capsys.readouterr()
    assert f"POLICY_CONFIG={file}" in said.err + said.out
    assert not (tmp_path / ".local").exists()
