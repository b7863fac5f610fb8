"""Rehearsal with the published plugins: fetched once, in a place apart, or refused in one line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rehearsal.cli import published, stackfiles
from rehearsal.cli.app import main
from rehearsal.cli.workspace import RehearsalError, Workspace
from rehearsal.plugins.language.packages import Plugin

AWS = Plugin("aws", "7.51.1")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(root=tmp_path, home=tmp_path / "home", published=True)


def engine(workspace: Workspace, script: str) -> None:
    """An engine that does what ``script`` says."""
    workspace.engine.parent.mkdir(parents=True)
    workspace.engine.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    workspace.engine.chmod(0o755)


def test_the_engine_fetches_a_plugin_once(workspace: Workspace) -> None:
    place = "$PULUMI_HOME/plugins/resource-aws-v7.51.1"
    engine(workspace, f'echo "$@" >> "$PULUMI_HOME.asked"; mkdir -p "{place}"')
    for _ in range(2):
        published.install(workspace, AWS, reachable=lambda: "")
    asked = Path(f"{workspace.pulumi_home}.asked").read_text(encoding="utf-8")
    assert asked == "plugin install resource aws v7.51.1\n"


def test_stand_ins_and_published_plugins_never_share_a_place(workspace: Workspace) -> None:
    assert replace(workspace, published=False).pulumi_home != workspace.pulumi_home


@pytest.mark.parametrize(
    ("reachable", "script", "cause"),
    [
        ("get.pulumi.com cannot be reached", "exit 0", "get.pulumi.com cannot be reached"),
        ("", "echo 'error: 404 Not Found' >&2; exit 1", "error: 404 Not Found"),
        ("", "exit 1", "the engine gave no reason"),
    ],
)
def test_what_cannot_be_had_is_refused_in_one_line(
    workspace: Workspace, reachable: str, script: str, cause: str
) -> None:
    engine(workspace, script)
    with pytest.raises(RehearsalError) as refused:
        published.install(workspace, AWS, reachable=lambda: reachable)
    words = str(refused.value)
    assert words.startswith(f"PLUGINS=published: the plugin aws 7.51.1 cannot be had ({cause})")
    assert "leave PLUGINS out" in words and "\n" not in words


def test_buckets_are_written_into_paths_for_the_published_provider_alone(
    workspace: Workspace,
) -> None:
    (workspace.root / "Pulumi.dev.yaml").write_text("config:\n  aws:region: us-east-1\n")
    copied = stackfiles.copy(workspace, "dev").read_text(encoding="utf-8")
    assert "aws:s3UsePathStyle: 'true'" in copied
    ordinary = replace(workspace, published=False)
    assert "PathStyle" not in stackfiles.copy(ordinary, "dev").read_text(encoding="utf-8")


def test_another_word_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["up", "--plugins", "real"])
    assert "stand-in" in capsys.readouterr().err
