"""``python -m policy.report`` on a plan's JSON."""

import json
from pathlib import Path

import pytest

from policy.report import main

URN = "urn:pulumi:test::program::aws:mwaa/environment:Environment::env"


@pytest.fixture
def plan(tmp_path: Path) -> str:
    """A preview of one environment whose web server is on the internet."""
    kind = "aws:mwaa/environment:Environment"
    state = {"urn": URN, "type": kind, "inputs": {"webserverAccessMode": "PUBLIC_ONLY"}}
    file = tmp_path / "plan.json"
    file.write_text(json.dumps({"steps": [{"newState": state}]}), encoding="utf-8")
    return str(file)


def test_the_set_of_rules_decides_what_is_judged_and_whether_it_stops(
    plan: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([plan]) == main([plan, "--rules", "no-internet"]) == 1
    capsys.readouterr()
    assert main([plan, "--rules", "advisory"]) == 0
    assert "mwaa-network-webserver-private" in capsys.readouterr().out


def test_an_unknown_set_of_rules_is_named_with_those_that_exist(
    plan: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([plan, "--rules", "privat"])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "privat (did you mean private?); allowed: private, no-internet, advisory" in said


def test_an_environment_that_is_not_read_is_a_failure_that_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kind = "aws:cloudformation/stack:Stack"
    state = {
        "urn": f"urn:pulumi:test::program::{kind}::legacy",
        "type": kind,
        "inputs": {"templateBody": "Type: AWS::MWAA::Environment"},
    }
    file = tmp_path / "plan.json"
    file.write_text(json.dumps({"steps": [{"newState": state}]}), encoding="utf-8")
    assert main([str(file)]) == 1
    said = capsys.readouterr().out
    assert "mwaa-environment-declared-readably" in said and "legacy" in said
    assert "1 mandatory and 0 advisory failures, 0 unknown, 0 passed" in said
