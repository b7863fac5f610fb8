"""The way in: tokens of the service, and what is passed on to Airflow's own web server."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterator, Mapping

import pytest

from rehearsal.airflow import tokens
from rehearsal.airflow.door import Answer, Door, Upstream
from rehearsal.airflow.tokens import Token
from rehearsal.cli import ports

SECRET = "s"
ADMIN = Token("rest", "Admin", "ana")


class Airflow(Upstream):
    """Stands in for the web server; remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(0, lambda token: {"X-Mwaa-Door": "d", "X-Mwaa-Role": token.role})
        self.asked: list[tuple[str, str, Mapping[str, str]]] = []

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        self.asked.append((method, path, headers))
        return Answer(302, [("Set-Cookie", "session=abc; Path=/")], b"")


@pytest.fixture
def airflow() -> Airflow:
    return Airflow()


@pytest.fixture
def door(airflow: Airflow) -> Iterator[Door]:
    def run(*words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess(words, int(words == ("fail",)), b"out", b"err")

    made = Door(ports.free(), SECRET, airflow, run, is_airflow_3=False)
    yield made
    made.close()


def test_a_token_is_good_for_its_purpose_and_for_a_minute() -> None:
    text = tokens.sign(ADMIN, SECRET, now=1000)
    assert tokens.read(text, "rest", SECRET, now=1059) == ADMIN
    assert tokens.read(text, "rest", SECRET, now=1061) is None
    assert tokens.read(text, "cli", SECRET, now=1000) is None
    assert tokens.read(text, "rest", "other", now=1000) is None
    assert tokens.read("rubbish", "rest", SECRET) is None


def test_a_request_with_a_token_goes_on_as_its_owner(door: Door, airflow: Airflow) -> None:
    token = tokens.sign(Token("rest", "Viewer", "eve"), SECRET)
    door.answer("GET", "/api/v1/dags", {"Authorization": f"Bearer {token}"}, b"")
    assert airflow.asked == [
        ("GET", "/api/v1/dags", {"X-Mwaa-Door": "d", "X-Mwaa-Role": "Viewer"}),
    ]


def test_nobody_names_an_identity_but_the_door(door: Door, airflow: Airflow) -> None:
    door.answer("GET", "/api/v1/dags", {"X-Mwaa-Door": "guess", "X-MWAA-Role": "Admin"}, b"")
    assert airflow.asked == [("GET", "/api/v1/dags", {})]


def test_a_login_gives_the_session_of_airflow(door: Door) -> None:
    token = tokens.sign(Token("web", "Op", "ana"), SECRET)
    answer = door.answer("POST", "/aws_mwaa/login", {}, f"token={token}".encode())
    assert (answer.status, answer.headers) == (200, [("Set-Cookie", "session=abc; Path=/")])
    assert door.answer("POST", "/aws_mwaa/login", {}, b"token=guess").status == 403


@pytest.mark.parametrize(("line", "status"), [("dags list", 200), ("fail", 400)])
def test_a_command_of_the_cli_is_run(door: Door, line: str, status: int) -> None:
    bearer = {"Authorization": f"Bearer {tokens.sign(Token('cli', 'Admin', 'ana'), SECRET)}"}
    answer = door.answer("POST", "/aws_mwaa/cli", bearer, line.encode())
    printed = {k: base64.b64decode(v) for k, v in json.loads(answer.body).items()}
    assert (answer.status, printed) == (status, {"stdout": b"out", "stderr": b"err"})
    assert door.answer("POST", "/aws_mwaa/cli", {}, line.encode()).status == 403
