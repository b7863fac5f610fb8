"""The command line as a whole: every verb keeps its contract, every mistake is one message."""

import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from botocore import exceptions as aws

from ops.aws import AwsSession
from ops.cli import VERBS, help_text
from ops.errors import RefusedError, explain
from ops.target import ANY_STATUS, describe, region_of, resolve
from tests.ops.wheels import ROOT, mwaa


@pytest.mark.parametrize("name", list(VERBS))
def test_every_verb_states_its_rights_its_statuses_and_examples(name: str) -> None:
    module = importlib.import_module(VERBS[name].module)
    assert (module.__doc__ or "").startswith(f"``mwaa {name}``: "), "its first line is the summary"
    assert all(":" in action and "*" not in action for action in module.PERMISSIONS)
    assert frozenset(module.STATUSES) <= ANY_STATUS
    assert module.EXAMPLES
    assert all(example.split("mwaa ")[1].startswith(name) for example in module.EXAMPLES)
    assert len(VERBS[name].summary) <= 70
    text = help_text(name)
    assert all(example in text for example in module.EXAMPLES)


@pytest.mark.parametrize("name", list(VERBS))
def test_every_option_is_explained(name: str) -> None:
    for line in help_text(name).split("Options:")[1].splitlines():
        words = line.strip().split("  ")
        if line.startswith("  -"):
            assert len(words) > 1, line


def test_help_loads_no_verb_and_no_sdk() -> None:
    code = (
        "import sys\nfrom ops import cli\n"
        "try:\n    cli.app(['--help'], prog_name='mwaa')\nexcept SystemExit:\n    pass\n"
        "heavy = {'boto3', 'botocore', 'rich', 'pulumi', 'yaml', 'pydantic', 'ops.commands.wait'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert all(name in done.stdout for name in VERBS)


@pytest.mark.parametrize("arguments", [["absent"], ["wait", "--absent"], ["api", "GET"]])
def test_wrong_usage_is_exit_2_without_a_traceback(arguments: list[str]) -> None:
    ran = mwaa(*arguments)
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(("given", "meant"), [("synk", "sync"), ("roll-back", "rollback")])
def test_an_unknown_verb_is_answered_with_the_nearest(given: str, meant: str) -> None:
    ran = mwaa(given)
    assert (ran.returncode, f"Did you mean {meant}" in ran.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--profile", "private"], "write --rules private"),
        (["--profile", "no-internet"], "write --rules no-internet"),
        (["--aws-profile", "x"], "--profile"),
        (["--rules", "privat"], "'private', 'no-internet', 'advisory'"),
        (["--only", "webserver-private"], "did you mean mwaa-network-webserver-private"),
        (["--skip", "mwaa-logs-event-arrive"], "did you mean mwaa-logs-events-arrive"),
    ],
)
def test_the_doctor_says_the_spelling_that_it_knows(arguments: list[str], words: str) -> None:
    ran = mwaa("doctor", *arguments)
    assert ran.returncode == 2
    assert words in " ".join(ran.stderr.split())


def denied(operation: str, message: str = "denied", code: str = "AccessDeniedException") -> Any:
    return aws.ClientError({"Error": {"Code": code, "Message": message}}, operation)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            denied(
                "GetEnvironment",
                "User: x is not authorized to perform: airflow:GetEnvironment on resource: arn:e",
            ),
            ['"Action": ["airflow:GetEnvironment"]', '"Resource": "arn:e"'],
        ),
        (denied("HeadObject", code="403"), ['"Action": ["s3:GetObject"]']),
        (denied("InvokeRestApi"), ['"Action": ["airflow:InvokeRestApi"]']),
        (denied("GetEnvironment", code="ExpiredTokenException"), ["sign in again"]),
        (denied("PutObject", "no", "NoSuchBucket"), ["PutObject"]),
        (aws.NoCredentialsError(), ["--profile"]),
        (aws.ProfileNotFound(profile="x"), ["list-profiles"]),
        (aws.NoRegionError(), ["--region"]),
        (aws.EndpointConnectionError(endpoint_url="https://x"), ["AWS_ENDPOINT_URL"]),
        (FileNotFoundError(2, "no", "a.txt"), ["a.txt"]),
    ],
)
def test_errors_become_advice(error: Exception, words: list[str]) -> None:
    refusal = explain(error, ("airflow:InvokeRestApi",))
    assert refusal is not None
    assert all(word in str(refusal) for word in words)


def test_a_defect_of_the_program_stays_a_defect() -> None:
    assert explain(KeyError("x"), ()) is None


class Service:
    """An MWAA with two environments."""

    def __init__(self, status: str = "AVAILABLE") -> None:
        self.status = status

    def get_environment(self, *, Name: str) -> Any:  # noqa: N803 - the API's spelling
        if Name not in {"production", "staging"}:
            raise denied("GetEnvironment", "absent", "ResourceNotFoundException")
        return {"Environment": {"Name": Name, "Status": self.status}}

    def get_paginator(self, _: str) -> Any:
        class Pages:
            def paginate(self) -> list[Any]:
                return [{"Environments": ["production"]}, {"Environments": ["staging"]}]

        return Pages()


def account(service: Service) -> AwsSession:
    found = AwsSession(region="us-east-1")
    found.__dict__["mwaa"] = service
    return found


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(RefusedError, match="did you mean production"):
        describe(account(Service()), "prodution")


@pytest.mark.parametrize(
    ("status", "advice"), [("UPDATING", "mwaa wait"), ("CREATE_FAILED", "mwaa doctor")]
)
def test_a_wrong_status_tells_which_is_needed_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, status: str, advice: str
) -> None:
    monkeypatch.setattr("ops.target.AwsSession", lambda **_: account(Service(status)))
    with pytest.raises(RefusedError, match=rf"is {status}; this verb needs AVAILABLE: .*{advice}"):
        resolve(environment="production", statuses={"AVAILABLE"})


def test_environment_and_stack_exclude_each_other() -> None:
    with pytest.raises(RefusedError, match="exclude each other"):
        resolve(environment="a", stack="b")


def test_a_region_that_is_not_the_stacks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    outputs = {"environmentName": "production", "region": "eu-west-1"}
    monkeypatch.setattr("ops.target.stack_outputs", lambda _: outputs)
    with pytest.raises(RefusedError, match="--region us-east-1: the stack prod is in eu-west-1"):
        resolve(stack="prod", region="us-east-1")


@pytest.mark.parametrize(
    ("stacks", "asked", "region"),
    [("eu-west-1", "", "eu-west-1"), ("eu-west-1", "eu-west-1", "eu-west-1"), ("", "x", "x")],
)
def test_a_region_is_the_stacks_unless_it_has_none(stacks: str, asked: str, region: str) -> None:
    assert region_of("prod", stacks, asked) == region


def test_a_stack_without_the_engine_says_how_to_do_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RefusedError, match="--environment NAME"):
        resolve(stack="prod")


@pytest.mark.parametrize(
    ("stack", "complaint", "words"),
    [
        ("prd", "no stack named 'prd' found", "no stack prd; did you mean prod?"),
        ("", "no stack selected", "no stack is selected. Stacks of this project: dev, prod"),
    ],
)
def test_a_stack_that_is_not_there_is_answered_with_those_that_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, stack: str, complaint: str, words: str
) -> None:
    engine = tmp_path / "pulumi"
    engine.write_text(
        "#!/bin/sh\n"
        'if [ "$2" = ls ]; then echo \'[{"name": "dev"}, {"name": "prod"}]\'; exit 0; fi\n'
        f'echo "error: {complaint}" >&2; exit 255\n'
    )
    engine.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(RefusedError, match="--environment") as refusal:
        resolve(stack=stack)
    assert words in str(refusal.value)
