"""Clients that know nothing of this project: the AWS CLI, and Terraform's provider by its calls."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ops.artifacts import uv
from rehearsal.emulator.server import Emulator, RunningServer
from tests.rehearsal.emulator.platforms.customer import REGION, Customer
from tests.rehearsal.emulator.test_gateway import signed

CLI = "awscli==1.46.3"  # brings its own botocore, hence an environment of its own


@pytest.fixture
def server(emulator: Emulator) -> Iterator[RunningServer]:
    with RunningServer(emulator) as running:
        yield running


@pytest.fixture(scope="session")
def cli(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("awscli")
    for step in (("venv", "--quiet", home), ("pip", "install", "--quiet", "-p", home, CLI)):
        done = uv.run(*step)
        assert done.is_ok, done.errors
    return home / "bin" / "aws"


@pytest.mark.engine
def test_the_aws_cli_lives_through_an_environment(
    emulator: Emulator, server: RunningServer, customer: Customer, cli: Path, tmp_path: Path
) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "AWS_ENDPOINT_URL": server.url,
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
    }

    def aws(*arguments: str) -> Any:
        done = subprocess.run(
            [cli, "--output", "json", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout or "{}")

    wish = tmp_path / "wish.json"
    wish.write_text(json.dumps(customer.wish))
    arn = aws("mwaa", "create-environment", "--cli-input-json", wish.as_uri())["Arn"]
    assert arn == customer.names.environment_arn
    emulator.clock.advance(25 * 60)
    found = aws("mwaa", "get-environment", "--name", "etl")["Environment"]
    assert found["Status"] == "AVAILABLE", emulator.findings()
    assert aws("mwaa", "create-cli-token", "--name", "etl")["CliToken"]
    assert aws("mwaa", "create-web-login-token", "--name", "etl")["WebToken"]
    aws("mwaa", "update-environment", "--name", "etl", "--max-workers", "4")
    emulator.clock.advance(15 * 60)
    assert aws("mwaa", "get-environment", "--name", "etl")["Environment"]["MaxWorkers"] == 4
    assert aws("mwaa", "list-environments")["Environments"] == ["etl"]
    aws("mwaa", "delete-environment", "--name", "etl")
    emulator.clock.advance(10 * 60)
    assert aws("mwaa", "list-environments")["Environments"] == []


def test_the_calls_of_terraforms_provider(emulator: Emulator, customer: Customer) -> None:
    """PUT, GET until AVAILABLE, PATCH, DELETE, GET until 404: all that provider 5.x and 6.x send.

    https://github.com/hashicorp/terraform-provider-aws internal/service/mwaa/environment.go
    """
    from werkzeug.test import Client

    web = Client(emulator)
    headers = {**signed("airflow"), "Content-Type": "application/json"}

    def send(method: str, document: Any = None) -> tuple[int, Any]:
        body = None if document is None else json.dumps(document)
        answer = web.open("/environments/etl", method=method, data=body, headers=headers)
        return answer.status_code, answer.json

    wish = {name: value for name, value in customer.wish.items() if name != "Name"}
    wish["Tags"] = {"team": "data"}
    status, answer = send("PUT", wish)
    assert (status, answer) == (200, {"Arn": customer.names.environment_arn})
    seen = []
    for wait in (0, 60, 120, 240, 480, 960):
        emulator.clock.advance(wait)
        seen.append(send("GET")[1]["Environment"]["Status"])
    assert seen == ["CREATING"] * 5 + ["AVAILABLE"]
    environment = send("GET")[1]["Environment"]
    assert environment["Tags"] == {"team": "data"}
    assert isinstance(environment["CreatedAt"], int | float)
    assert set(environment["LastUpdate"]) == {"Status", "CreatedAt"}
    assert send("PATCH", {"MaxWorkers": 9})[0] == 200
    emulator.clock.advance(15 * 60)
    assert send("GET")[1]["Environment"]["MaxWorkers"] == 9
    assert send("DELETE") == (200, {})
    emulator.clock.advance(10 * 60)
    status, answer = send("GET")
    assert (status, answer["__type"]) == (404, "ResourceNotFoundException")
