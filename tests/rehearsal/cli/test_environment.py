"""The shell environment of a rehearsal, the Makefile's front door, and the command line."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from rehearsal import bootstrap
from rehearsal.cli.app import main
from rehearsal.cli.console import Console
from rehearsal.cli.workspace import ROOT, UNSET, Workspace, no_proxy

WORKSPACE = Workspace(Path("/checkout"), Path("/checkout/.local"))


def test_a_rehearsal_cannot_reach_the_users_account_or_backend() -> None:
    users = {
        "AWS_PROFILE": "prod",
        "AWS_SESSION_TOKEN": "token",
        "AWS_ACCESS_KEY_ID": "AKIA",
        "PULUMI_HOME": "/home",
        "PULUMI_BACKEND_URL": "s3://state",
        "PATH": "/usr/bin",
        "LANG": "C",
    }
    environment = WORKSPACE.environment(4566, "eu-west-1", users)
    assert not set(UNSET) & set(environment)
    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"
    assert environment["AWS_ACCESS_KEY_ID"] == "test"
    assert environment["AWS_REGION"] == environment["AWS_DEFAULT_REGION"] == "eu-west-1"
    assert environment["PULUMI_BACKEND_URL"] == "file:///checkout/.local/state"
    assert environment["PULUMI_HOME"] == "/checkout/.local/pulumi"
    assert environment["LANG"] == "C"


@pytest.mark.parametrize(
    "existing", ["/usr/bin", "/checkout/.local/bin:/usr/bin", "/usr/bin:/checkout/.venv/bin"]
)
def test_the_rehearsals_tools_come_first_and_once(existing: str) -> None:
    assert WORKSPACE.path(existing) == "/checkout/.local/bin:/checkout/.venv/bin:/usr/bin"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "127.0.0.1,localhost"),
        ({"no_proxy": "example.com"}, "example.com,127.0.0.1,localhost"),
        ({"NO_PROXY": "localhost"}, "localhost,127.0.0.1"),
    ],
)
def test_no_proxy_is_asked_for_the_loopback(environment: dict[str, str], expected: str) -> None:
    assert no_proxy(environment) == {"NO_PROXY": expected, "no_proxy": expected}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["up", "--port", "0"], "'0' is not a port; allowed: 1 to 65535"),
        (["serve", "--speed", "-1"], "'-1' is not a speed"),
        (["serve", "--speed", "nan"], "'nan' is not a speed"),
        (["fly"], "invalid choice"),
    ],
)
def test_a_wrong_option_says_what_is_allowed(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == 2
    assert said in capsys.readouterr().err


def test_an_unknown_stack_costs_no_engine_build(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["up", "--stack", "nosuch"], Workspace(ROOT, tmp_path)) == 1
    said = capsys.readouterr().err
    assert said.startswith("error: stack 'nosuch' has no file Pulumi.nosuch.yaml")
    assert "local" in said
    assert not list(tmp_path.iterdir())


def test_every_target_of_the_makefile_is_in_its_help() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony is not None
    # Inside `make bench` this make is a nested one, which would announce its directory.
    make = ("make", "-s", "--no-print-directory", "help")
    shown = subprocess.run(make, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    listed = [line.split()[0] for line in shown.splitlines()]
    assert listed == phony[1].split()
    assert all(len(line) <= 100 and len(line.split()) > 1 for line in shown.splitlines())


def test_a_log_gets_new_words_and_not_every_second(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console()
    for second in range(30):
        console.progress(f"engine: building, {second} s")
    console.progress("engine: linking, 31 s")
    console.say("done")
    assert capsys.readouterr().err == "engine: building, 0 s\nengine: linking, 31 s\ndone\n"


def test_a_registry_that_cannot_be_reached_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    uv = python.with_name("uv")
    uv.write_text("#!/bin/sh\necho 'error: Request failed after 3 retries' >&2\nexit 2\n")
    uv.chmod(0o755)
    assert bootstrap.main([str(tmp_path / ".venv")]) == 1
    said = capsys.readouterr().err
    assert said.startswith("error: packages cannot be installed (error: Request failed")
    assert said.count("\n") == 1


def test_an_old_python_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "MINIMUM", (99, 0))
    assert bootstrap.main([str(tmp_path / "venv")]) == 1
    assert "Python >= 99.0 is needed" in capsys.readouterr().err


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    # As `make -s env | head -1` does.
    printing = "app.status.run = lambda *_: any(print('x' * 100) for _ in range(10_000))"
    program = f"from rehearsal.cli import app; {printing}; raise SystemExit(app.main(['status']))"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as running:
        assert running.stdout is not None and running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        words = running.stderr.read()
    assert (running.returncode, words) == (141, b"")
