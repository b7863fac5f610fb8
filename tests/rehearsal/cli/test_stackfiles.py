"""Copies of stack files, and the launcher that hands them to the engine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from rehearsal.cli import launcher, stackfiles
from rehearsal.cli.workspace import ROOT, RehearsalError, Workspace
from rehearsal.plugins.language.interpreter import DEBUG


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A checkout with one stack file, and a stack of that name in the backend."""
    made = Workspace(tmp_path, tmp_path / ".local")
    (tmp_path / "Pulumi.dev.yaml").write_text(
        "secretsprovider: awskms://alias/x\nencryptedkey: abc\nencryptionsalt: v1:real\n"
        "config:\n  aws:region: eu-west-1\n  mwaa:name: dev\n"
        "  mwaa:password:\n    secure: v1:cipher\n"
        "  mwaa:options:\n    a: 1\n    b:\n      secure: v1:deep\n    c: [{secure: v1:x}, 2]\n"
    )
    state = made.state / ".pulumi" / "stacks" / "mwaa"
    state.mkdir(parents=True)
    (state / "dev.json").write_text("{}")
    made.engine.parent.mkdir(parents=True)
    made.engine.write_text(f'#!/bin/sh\nprintf "%s\\n" "$5" >> "{asked_for(made)}"\n')
    made.engine.chmod(0o755)
    return made


def asked_for(workspace: Workspace) -> Path:
    """Where the engine of these tests notes which configuration path it was asked to encrypt."""
    return workspace.home / "encrypted"


def test_a_copy_has_no_binding_to_the_real_backend_and_no_ciphers(workspace: Workspace) -> None:
    before = (workspace.root / "Pulumi.dev.yaml").read_text()
    copy = yaml.safe_load(stackfiles.copy(workspace, "dev").read_text())
    placeholder = stackfiles.PLACEHOLDER
    assert copy == {
        "config": {
            "aws:region": "eu-west-1",
            "mwaa:name": "dev",
            "mwaa:password": placeholder,
            "mwaa:options": {"a": 1, "b": placeholder, "c": [placeholder, 2]},
        }
    }
    assert (workspace.root / "Pulumi.dev.yaml").read_text() == before


def test_a_copy_keeps_its_own_salt_and_follows_its_source(workspace: Workspace) -> None:
    copy = stackfiles.copy(workspace, "dev")
    copy.write_text(copy.read_text() + "encryptionsalt: v1:mine\n")
    source = workspace.root / "Pulumi.dev.yaml"
    source.write_text("config:\n  mwaa:name: changed\n")
    content = yaml.safe_load(stackfiles.copy(workspace, "dev").read_text())
    assert content == {"config": {"mwaa:name": "changed"}, "encryptionsalt": "v1:mine"}


def test_every_placeholder_is_encrypted_by_the_engine(workspace: Workspace) -> None:
    launcher.prepare(workspace, "dev", {})
    assert asked_for(workspace).read_text().splitlines() == [
        "mwaa:password",
        'mwaa:options["b"]',
        'mwaa:options["c"][0]',
    ]


def test_what_is_encrypted_already_stays_when_the_source_changes(workspace: Workspace) -> None:
    copy = stackfiles.copy(workspace, "dev")
    content = yaml.safe_load(copy.read_text())
    content["config"]["mwaa:password"] = {"secure": "v1:rehearsed"}
    copy.write_text(yaml.safe_dump(content))
    source = workspace.root / "Pulumi.dev.yaml"
    source.write_text(source.read_text().replace("eu-west-1", "eu-west-2"))
    config = yaml.safe_load(stackfiles.copy(workspace, "dev").read_text())["config"]
    assert config["mwaa:password"] == {"secure": "v1:rehearsed"}
    assert config["aws:region"] == "eu-west-2"
    assert "mwaa:password" not in stackfiles.placeholders(copy)


def test_what_was_set_in_a_copy_stays_while_its_source_does(workspace: Workspace) -> None:
    copy = stackfiles.copy(workspace, "dev")
    copy.write_text("config: {mwaa:name: mine}\n")
    assert yaml.safe_load(stackfiles.copy(workspace, "dev").read_text()) == {
        "config": {"mwaa:name": "mine"}
    }


def test_a_stack_whose_file_is_gone_keeps_its_copy(workspace: Workspace) -> None:
    copy = stackfiles.copy(workspace, "dev")
    (workspace.root / "Pulumi.dev.yaml").unlink()
    assert launcher.prepare(workspace, "dev", {}) == copy


def test_an_unchanged_copy_is_not_written_again(workspace: Workspace) -> None:
    first = stackfiles.copy(workspace, "dev").stat().st_mtime_ns
    assert stackfiles.copy(workspace, "dev").stat().st_mtime_ns == first


@pytest.mark.parametrize(
    ("stack", "said"),
    [("prod", "existing stacks: dev"), ("../dev", "not a name"), ("", "not a name")],
)
def test_a_stack_without_a_file_is_refused(workspace: Workspace, stack: str, said: str) -> None:
    with pytest.raises(RehearsalError, match=said):
        stackfiles.copy(workspace, stack)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("config: [", "not valid YAML at line"),
        ("- a\n", "holds a list"),
        ("x", "holds a str"),
        ("config: [a]", "config holds a list. Allowed: a mapping"),
    ],
)
def test_a_file_that_is_no_stack_file_is_named(workspace: Workspace, text: str, said: str) -> None:
    (workspace.root / "Pulumi.dev.yaml").write_text(text)
    with pytest.raises(RehearsalError, match=said):
        stackfiles.copy(workspace, "dev")


RIGHT = (
    "config:\n  aws:region: us-east-1\n  mwaa:environmentName: dev\n"
    '  mwaa:airflowVersion: "2.10.3"\n  mwaa:availabilityZones: [us-east-1a, us-east-1b]\n'
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # The engine would refuse these before the program can say what is allowed.
        (
            "",
            ["aws:region: got nothing", "mwaa:environmentName: got nothing", "Allowed: a version"],
        ),
        (f"{RIGHT}  mwaa:maxWorkers: many\n", ['mwaa:maxWorkers: got "many"', "a whole number"]),
        (f"{RIGHT}  mwaa:protect: [true]\n", ["mwaa:protect: got", "true or false"]),
        (f"{RIGHT}  mwaa:additionalRoleStatements: [text]\n", ["list of mappings"]),
        (f"{RIGHT}  mwaa:tags: text\n", ["mwaa:tags", "a YAML mapping"]),
    ],
)
def test_a_wrong_stack_file_is_refused_in_the_projects_words(
    workspace: Workspace, text: str, said: list[str]
) -> None:
    (workspace.root / "Pulumi.dev.yaml").write_text(text)
    with pytest.raises(RehearsalError) as refusal:
        stackfiles.judge(workspace, "dev")
    assert all(words in str(refusal.value) for words in said), str(refusal.value)


def test_a_right_stack_file_passes_and_secrets_are_not_shown(workspace: Workspace) -> None:
    file = workspace.root / "Pulumi.dev.yaml"
    options = "  mwaa:airflowConfigurationOptions:\n    smtp.smtp_user:\n      secure: v1:x\n"
    file.write_text(RIGHT + options)
    stackfiles.judge(workspace, "dev")
    file.write_text(RIGHT + "  mwaa:maxWorkers:\n    secure: v1:x\n")
    with pytest.raises(RehearsalError, match=r"maxWorkers: got \[secret\]"):
        stackfiles.judge(workspace, "dev")
    file.unlink()
    stackfiles.judge(workspace, "dev")


def test_the_region_is_the_stacks_own(workspace: Workspace) -> None:
    assert stackfiles.region(workspace, "dev") == "eu-west-1"
    assert stackfiles.region(workspace, "none") == stackfiles.DEFAULT_REGION


@pytest.mark.parametrize(
    "typed",
    [
        ["preview", "-s", "dev"],
        ["up", "--stack", "dev", "--yes"],
        ["refresh", "--stack=organization/mwaa/dev"],
        ["config", "-s", "dev"],
    ],
)
def test_commands_that_read_configuration_get_the_copy(
    workspace: Workspace, typed: list[str]
) -> None:
    copy = str(workspace.stacks / "Pulumi.dev.yaml")
    assert launcher.arguments(workspace, typed) == [*typed, "--config-file", copy]


@pytest.mark.parametrize(
    "typed",
    [
        ["config", "set", "mwaa:maxWorkers", "5", "-s", "dev"],
        ["config", "rm", "mwaa:maxWorkers", "-s", "dev"],
        ["cfg", "set-all", "--plaintext", "a=b", "--stack=dev"],
    ],
)
def test_what_is_set_is_set_in_the_file_that_a_person_sees(
    workspace: Workspace, typed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    own = str(workspace.root / "Pulumi.dev.yaml")
    assert launcher.arguments(workspace, typed) == [*typed, "--config-file", own]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "typed",
    [
        ["config", "set", "--secret", "mwaa:password", "x", "-s", "dev"],
        ["config", "refresh", "-s", "dev"],
    ],
)
def test_what_is_set_in_the_copy_alone_is_said(
    workspace: Workspace, typed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    copy = str(workspace.stacks / "Pulumi.dev.yaml")
    assert launcher.arguments(workspace, typed) == [*typed, "--config-file", copy]
    assert "copy of Pulumi.dev.yaml alone" in capsys.readouterr().err


@pytest.mark.parametrize(
    "typed",
    [
        [],
        ["version"],
        ["--help"],
        ["up", "--help"],
        ["stack", "ls"],
        ["stack", "output", "-s", "dev"],
        ["preview", "-s", "dev", "--config-file", "mine.yaml"],
        ["preview", "-s", "dev", "-C", "elsewhere"],
        ["preview"],
    ],
)
def test_everything_else_reaches_the_engine_as_typed(
    workspace: Workspace, typed: list[str]
) -> None:
    assert launcher.arguments(workspace, typed) == typed


def test_the_selected_stack_counts_when_none_is_named(workspace: Workspace) -> None:
    file = workspace.pulumi_home / "workspaces" / "mwaa-abc-workspace.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"stack": "dev"}))
    assert launcher.arguments(workspace, ["preview"])[1] == "--config-file"


@pytest.mark.parametrize(("typed", "asked"), [("-d", "1"), ("--debug", "1"), ("--verbose=9", "")])
def test_debug_messages_are_asked_for_where_the_engine_shows_them(
    workspace: Workspace, typed: str, asked: str
) -> None:
    workspace.engine.write_text(f'#!/bin/sh\nprintf "%s" "${DEBUG}"\n')
    started = (sys.executable, "-P", str(ROOT / "rehearsal" / "entry.py"), "rehearsal.cli.launcher")
    done = subprocess.run(
        [*started, str(workspace.home), "version", typed],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == asked
