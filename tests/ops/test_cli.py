"""The command line as a whole: every verb keeps its contract, every mistake is one message."""

import ast
import importlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from botocore import exceptions as aws

from ops.aws import AwsSession
from ops.cli import VERBS, help_text
from ops.errors import RefusedError, explain
from ops.target import ANY_STATUS, access_of, describe, region_of, resolve
from tests.ops.wheels import ROOT, mwaa, mwaa_here


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


def test_every_verb_is_tested() -> None:
    used = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        if path != Path(__file__)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _used(node)
    }
    untested = [name for name, verb in VERBS.items() if not {name, verb.module} & used]
    assert not untested, [f"tests/ops/commands/test_{name}.py is missing" for name in untested]


def _used(node: ast.AST) -> list[str]:
    """The modules that an import names, and the verb that a call of the command line gives."""
    match node:
        case ast.ImportFrom(module=str(module), names=names):
            return [module, *(f"{module}.{one.name}" for one in names)]
        case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=module)]):
            return [str(module)]
        case ast.Call(func=ast.Name(id="mwaa" | "verb"), args=arguments):
            return [str(one.value) for one in arguments if isinstance(one, ast.Constant)]
    return []


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
    ran = mwaa_here(given)
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
    ran = mwaa_here("doctor", *arguments)
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
        (
            aws.EndpointConnectionError(
                endpoint_url="https://api.airflow.eu-centrl-1.amazonaws.com"
            ),
            ["not offered in eu-centrl-1 (did you mean eu-central-1?)", "AWS_ENDPOINT_URL"],
        ),
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
    ("arguments", "words"),
    [
        (["doctor", "--rules", "no-intrnet"], "(did you mean no-internet?)"),
        (["doctor", "--format", "sariff"], "(did you mean sarif?)"),
        (["wait", "--for", "availble"], "(did you mean available?)"),
        (["wait", "--for", "x"], "'x' is not one of 'available', 'deleted'."),
        (["permissions", "docter"], "(did you mean doctor?)"),
        (["permissions", "user", "--role", "Viewr"], "(did you mean Viewer?)"),
        (["wait", "--timeout", "soon"], "Invalid value for '--timeout': Input should be"),
    ],
)
def test_a_value_that_an_option_does_not_take_is_answered_with_the_nearest(
    arguments: list[str], words: str
) -> None:
    ran = mwaa_here(*arguments)
    assert ran.returncode == 2
    assert words in " ".join(ran.stderr.split())
    assert "Traceback" not in ran.stderr and "Value error" not in ran.stderr


@pytest.mark.parametrize(
    ("stacks", "asked", "region"),
    [("eu-west-1", "", "eu-west-1"), ("eu-west-1", "eu-west-1", "eu-west-1"), ("", "x", "x")],
)
def test_a_region_is_the_stacks_unless_it_has_none(stacks: str, asked: str, region: str) -> None:
    assert region_of("prod", stacks, asked) == region


@pytest.mark.parametrize(
    ("item", "token"),
    [
        ({"value": '[{"roleArn": "arn:aws:iam::1:role/deployer"}]'}, ""),
        ({"objectValue": [{"roleArn": "arn:aws:iam::1:role/deployer"}]}, "from the provider"),
    ],
)
def test_a_stack_is_asked_as_its_provider_asks(
    monkeypatch: pytest.MonkeyPatch, item: dict[str, Any], token: str
) -> None:
    def pulumi(*arguments: str, stack: str = "") -> str:
        secret = {"secret": True} | ({"value": token} if "--show-secrets" in arguments else {})
        return json.dumps({"aws:assumeRoles": item} | ({"aws:token": secret} if token else {}))

    monkeypatch.setattr("ops.target.pulumi", pulumi)
    found = access_of("prod", place="eu-west-1").provider
    assert found is not None
    assert (found.roles[0].arn, found.token) == ("arn:aws:iam::1:role/deployer", token)
    named = access_of("prod", place="eu-west-1", profile="mine")
    assert (named.profile, named.provider) == ("mine", None)


def test_a_provider_that_cannot_be_followed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = json.dumps({"aws:endpoints": {"value": "[]"}})
    monkeypatch.setattr("ops.target.pulumi", lambda *_, **__: settings)
    with pytest.raises(RefusedError, match=r"sets aws:endpoints.*Give --profile"):
        access_of("prod", place="eu-west-1")


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


@pytest.mark.parametrize("arguments", [["-h"], ["sync", "-h"], ["doctor", "-h"]])
def test_help_has_a_short_name(arguments: list[str]) -> None:
    ran = mwaa_here(*arguments)
    assert (ran.returncode, ran.stdout) == (0, mwaa_here(*arguments[:-1], "--help").stdout)


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert mwaa_here("--version").stdout == f"mwaa {project['version']}\n"


@pytest.mark.parametrize(
    ("words", "place", "offered"),
    [("mwaa sy", 1, "sync"), ("mwaa wait --stack d", 3, "dev"), ("mwaa wait --reg", 2, "--region")],
)
def test_the_shell_completes_verbs_options_and_stacks(
    monkeypatch: pytest.MonkeyPatch, words: str, place: int, offered: str
) -> None:
    monkeypatch.setenv("_MWAA_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(place))
    code = "import sys; sys.argv[0] = 'mwaa'; from ops.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert offered in done.stdout.split()


@pytest.mark.parametrize("before_the_verb", [True, False])
def test_a_verb_works_from_any_folder(tmp_path: Path, before_the_verb: bool) -> None:
    (tmp_path / "Pulumi.yaml").touch()
    (tmp_path / "Pulumi.mine.yaml").write_text("config: {'mwaa:airflowVersion': '9.9.9'}")
    sources = tmp_path / "team" / "sources"
    (sources / "dags").mkdir(parents=True)
    folder = ["-C", str(tmp_path / "team")]
    verb = ["preflight", "sources", "--stack", "mine"]
    # The folder of sources is found from FOLDER, the stack's file from there upwards.
    ran = mwaa(*folder, *verb) if before_the_verb else mwaa(*verb, *folder)
    assert (ran.returncode, "9.9.9" in ran.stderr) == (2, True)
    assert "No such file" in mwaa("wait", "-C", "/absent").stderr
    ran = mwaa("preflight", ".", "--stack", "other", cwd=sources)
    assert f"Pulumi.other.yaml is not in {tmp_path}; stacks there: mine" in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["wait", "--environment", "a", "--stack", "b"], "exclude each other"),
        (["wait", "--absent"], "No such option: --absent"),
        (["impact", "--preview", "/absent"], "file not found: /absent"),
        (["sync", "/absent"], "/absent is not there"),
    ],
)
def test_whoever_asks_for_json_gets_one_document_also_when_it_fails(
    arguments: list[str], words: str
) -> None:
    ran = mwaa(*arguments, "--format", "json")
    error = json.loads(ran.stdout)["error"]
    assert (ran.returncode, error["exit_code"], error["kind"]) == (2, 2, "refused")
    assert words in error["message"] and words in ran.stderr


def test_a_result_in_json_is_the_only_document(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    environment = "urn:pulumi:x::mwaa::aws:mwaa/environment:Environment::x"
    step = {"op": "delete", "urn": environment}
    plan.write_text(json.dumps({"steps": [step], "changeSummary": {"delete": 1}}))
    ran = mwaa("impact", "--preview", plan, "--format=json")
    assert (ran.returncode, json.loads(ran.stdout)["counts"]) == (1, {"delete": 1})
