"""open, cli and api: what they send, what they print, and that no token is ever seen."""

import base64
import http.server
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import typer
from botocore.exceptions import ClientError

from ops import web_server
from ops.aws import AwsSession
from ops.commands import api, cli
from ops.commands import open as open_verb
from ops.errors import FailedError, RefusedError
from ops.target import Target
from ops.terminal import Format

TOKEN = "t0ken-that-nobody-may-see"


class Web:
    """A web server on the loopback address: remembers requests, gives the next answer."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        self.host = ""

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        """What the next request gets."""
        self.answers.append((status, headers, body))


@contextmanager
def serving() -> Iterator[Web]:
    web = Web()

    class Handler(http.server.BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            web.requests.append((self.command, self.path, dict(self.headers), body))
            status, headers, content = web.answers.pop(0)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = handle_any  # noqa: N815 - names of http.server

        def log_message(self, *_: object) -> None:
            """Silence."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web.host = f"127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as found:
        yield found


class Service:
    """The MWAA operations that give tokens."""

    def __init__(self, host: str) -> None:
        self.host = host

    def create_cli_token(self, **_: str) -> dict[str, str]:
        return {"WebServerHostname": self.host, "CliToken": TOKEN}

    def create_web_login_token(self, **_: str) -> dict[str, str]:
        return {"WebServerHostname": self.host, "WebToken": TOKEN}


def target(host: str, version: str = "2.10.3") -> Target:
    account = AwsSession()
    # A cached property: what stands in the instance's dictionary is used.
    account.__dict__["mwaa"] = Service(host)
    description: Any = {"AirflowVersion": version, "Arn": "arn:environment/prod"}
    return Target(account, "prod", description)


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch, web: Web) -> Target:
    """Every verb resolves to an environment on the loopback web server."""
    found = target(web.host)
    for module in (cli, api, open_verb):
        monkeypatch.setattr(module, "resolve", lambda **_: found)
    return found


def streams(stdout: str = "", stderr: str = "") -> bytes:
    return json.dumps(
        {
            "stdout": base64.b64encode(stdout.encode()).decode(),
            "stderr": base64.b64encode(stderr.encode()).decode(),
        }
    ).encode()


def command(*words: str) -> typer.Context:
    context: Any = type("Context", (), {"args": list(words)})()
    found: typer.Context = context
    return found


@pytest.mark.usefixtures("resolved")
def test_cli_behaves_like_a_local_command(web: Web, capsys: pytest.CaptureFixture[str]) -> None:
    web.answer(200, streams("dag list\n", "a warning\n"))
    cli.run(command("airflow", "dags", "trigger", "a b", "--conf", '{"x": 1}'))
    assert capsys.readouterr() == ("dag list\n", "a warning\n")
    method, path, headers, body = web.requests[0]
    assert (method, path) == ("POST", "/aws_mwaa/cli")
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert body.decode() == """dags trigger 'a b' --conf '{"x": 1}'"""


@pytest.mark.usefixtures("resolved")
def test_a_failed_command_fails_here_with_its_own_words(
    web: Web, capsys: pytest.CaptureFixture[str]
) -> None:
    web.answer(400, streams("", "no such dag\n"))
    with pytest.raises(FailedError):
        cli.run(command("dags", "trigger", "x"))
    assert capsys.readouterr().err == "no such dag\n"


@pytest.mark.usefixtures("resolved")
@pytest.mark.parametrize(
    ("status", "body", "words"),
    [(403, b"", "airflow:CreateCliToken"), (502, b"<html>Bad Gateway", "Bad Gateway")],
)
def test_what_is_no_cli_result_is_refused(web: Web, status: int, body: bytes, words: str) -> None:
    web.answer(status, body)
    with pytest.raises(RefusedError, match=words):
        cli.run(command("version"))


@pytest.mark.parametrize("words", [["scheduler"], ["db", "reset", "-y"], ["users", "create"]])
def test_unsupported_commands_are_refused_before_any_call(words: list[str]) -> None:
    with pytest.raises(RefusedError, match="Unsupported are"):
        cli.run(command(*words))


def test_a_private_web_server_that_does_not_answer_says_from_where_it_would() -> None:
    with pytest.raises(RefusedError, match="inside its VPC"):
        web_server.WebServer("127.0.0.1:9").request("GET", "/")


@pytest.mark.parametrize(
    ("version", "login", "cookie", "sent", "path"),
    [
        ("2.10.3", "/aws_mwaa/login", "session=s1; Path=/", ("Cookie", "session=s1"), "/api/v1"),
        (
            "3.0.6",
            "/pluginsv2/aws_mwaa/login",
            "_token=j1; HttpOnly",
            ("Authorization", "Bearer j1"),
            "/api/v2",
        ),
    ],
)
def test_a_session_logs_in_as_its_version_wants(
    web: Web,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    version: str,
    login: str,
    cookie: str,
    sent: tuple[str, str],
    path: str,
) -> None:
    monkeypatch.setattr(api, "resolve", lambda **_: target(web.host, version))
    web.answer(200, b"", Set_Cookie=cookie)
    web.answer(200, b'{"dags": []}')
    api.run("get", "/dags/" + "x" * 80, ["limit=5"], session=True)
    assert web.requests[0][1] == login
    assert web.requests[0][3] == f"token={TOKEN}".encode()
    assert web.requests[1][1] == f"{path}/dags/{'x' * 80}?limit=5"
    assert web.requests[1][2][sent[0]] == sent[1]
    printed = capsys.readouterr()
    assert json.loads(printed.out) == {"dags": []}
    assert TOKEN not in printed.out + printed.err


@pytest.mark.usefixtures("resolved")
def test_a_refused_login_names_the_permission(web: Web) -> None:
    web.answer(403)
    with pytest.raises(RefusedError, match="airflow:CreateWebLoginToken"):
        api.run("GET", "/dags", session=True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("HEAD", "/dags"), "not a method"),
        (("GET", "/dags/" + "x" * 60), r"66 characters.*--session"),
        (("GET", "/dags", ["limit"]), "NAME=VALUE"),
    ],
)
def test_api_refuses_what_cannot_work_before_any_call(
    arguments: tuple[Any, ...], words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        api.run(*arguments)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/dags", ("/dags", {})),
        ("dags", ("/dags", {})),
        ("/api/v1/dags?limit=5", ("/dags", {"limit": "5"})),
        ("/api/v2/monitor/health", ("/monitor/health", {})),
    ],
)
def test_paths_are_taken_as_people_copy_them(path: str, expected: tuple[str, Any]) -> None:
    assert api._request(path, []) == expected


@pytest.mark.parametrize(
    ("version", "folder"), [("2.11.0", "/aws_mwaa/"), ("3.0.6", "/pluginsv2/aws_mwaa/")]
)
def test_the_login_address_keeps_the_token_out_of_requests(version: str, folder: str) -> None:
    url = web_server.login_url(target("h", version), "h", TOKEN)
    assert url == f"https://h{folder}aws-console-sso?login=true#{TOKEN}"


@pytest.mark.usefixtures("resolved")
def test_open_gives_the_browser_an_address_without_the_token(
    web: Web, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    found: list[str] = []

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *arguments: Any) -> None:
            found.append(arguments[-1])

    def browser(url: str) -> bool:
        opened.append(url)

        def visit() -> None:
            with pytest.raises(urllib.error.HTTPError):
                urllib.request.build_opener(Stay, urllib.request.ProxyHandler({})).open(url)

        thread = threading.Thread(target=visit)
        thread.start()
        visits.append(thread)
        return True

    visits: list[threading.Thread] = []
    monkeypatch.setattr("webbrowser.open", browser)
    open_verb.run(form=Format.JSON)
    for thread in visits:
        thread.join()
    assert TOKEN not in opened[0]
    assert found[0].endswith(f"#{TOKEN}")
    printed = capsys.readouterr()
    assert TOKEN not in printed.out + printed.err


def test_no_browser_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _: False)
    with pytest.raises(RefusedError, match="--print"):
        open_verb.redirect("https://h/#x")


@pytest.mark.parametrize(("method", "sent"), [("POST", 1), ("PATCH", 1), ("GET", 3)])
def test_what_could_take_effect_twice_is_sent_once(
    method: str, sent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    with serving() as web:
        account = AwsSession("", "us-east-1", attempts=3)
        for name, value in {
            "AWS_ENDPOINT_URL": f"http://{web.host}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }.items():
            monkeypatch.setenv(name, value)
        for _ in range(sent):
            web.answer(503, b"{}")
        found = Target(account, "prod", {"Name": "prod"})
        with pytest.raises(FailedError if sent == 1 else ClientError) as failure:
            api._invoke(found, method, "/dags/hello/dagRuns", {}, {})
        assert len(web.requests) == sent
        assert sent > 1 or "look with GET" in str(failure.value)
