"""The way in to a running Airflow, as MWAA offers it: on a port of the loopback address.

It takes the service's tokens for the login, the CLI and the REST API, and passes everything else on
to Airflow's own web server, which nobody comes into without it.
https://docs.aws.amazon.com/mwaa/latest/userguide/call-mwaa-apis-web.html
"""

from __future__ import annotations

import base64
import http.client
import json
import shlex
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from rehearsal.airflow import tokens
from rehearsal.airflow.configuration import ADDRESS
from rehearsal.airflow.tokens import Token

ANSWER_SECONDS = 120
PREFIXES = ("/aws_mwaa", "/pluginsv2/aws_mwaa")
"""Where the login lies: of Airflow 2, of Airflow 3."""
_HOP = {"connection", "keep-alive", "transfer-encoding", "te", "upgrade", "content-length"}

# The token is in the fragment, which a browser sends to nobody.
_PAGE = b"""<!doctype html><title>Airflow</title><script>
const body = new URLSearchParams({token: location.hash.slice(1)});
fetch("login", {method: "POST", body}).then(
  answer => answer.ok ? location.replace("/") : document.write("The login was refused."));
</script>"""


@dataclass(frozen=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes


class Upstream:
    """Airflow's own web server, at ``port``. ``identify`` gives the headers that make it believe
    who comes: the door's secret for Airflow 2, a token of Airflow's own for 3."""

    def __init__(self, port: int, identify: Callable[[Token], Mapping[str, str]]) -> None:
        self._port = port
        self.identify = identify

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """One request. Raises ``OSError`` when nobody answers."""
        connection = http.client.HTTPConnection(ADDRESS, self._port, timeout=ANSWER_SECONDS)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheaders(), answer.read())
        except http.client.HTTPException as problem:
            raise OSError(str(problem)) from problem
        finally:
            connection.close()


class Door:
    """Listens on ``port``; ``run`` runs a command of Airflow's CLI."""

    def __init__(
        self,
        port: int,
        secret: str,
        upstream: Upstream,
        run: Callable[..., subprocess.CompletedProcess[bytes]],
        *,
        is_airflow_3: bool,
    ) -> None:
        door = self

        class Handler(BaseHTTPRequestHandler):
            """One request."""

            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                """Read, ask, write."""
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length) if length else b""
                headers = {k: v for k, v in self.headers.items() if k.lower() not in _HOP}
                try:
                    found = door.answer(self.command, self.path, headers, body)
                except OSError as problem:
                    found = _said(502, {"error": f"Airflow's web server: {problem}"})
                self.send_response(found.status)
                for name, value in found.headers:
                    if name.lower() not in _HOP:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(found.body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(found.body)

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

            def log_message(self, *_: object) -> None:
                """Nothing about a request with a token is logged."""

        self._secret = secret
        self._upstream = upstream
        self._run = run
        self._is_airflow_3 = is_airflow_3
        self._server = ThreadingHTTPServer((ADDRESS, port), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True, name="door").start()

    def close(self) -> None:
        """Listen no longer."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """What ``path`` answers. Raises ``OSError`` when Airflow does not."""
        place = urlsplit(path).path
        # Only the door says who comes.
        headers = {k: v for k, v in headers.items() if not k.lower().startswith("x-mwaa-")}
        bearer = headers.get("Authorization", "").removeprefix("Bearer ")
        if place == "/aws_mwaa/cli" and method == "POST":
            return self._cli(bearer, body.decode("utf-8", "replace"))
        for prefix in PREFIXES:
            if place == f"{prefix}/aws-console-sso":
                return Answer(200, [("Content-Type", "text/html")], _PAGE)
            if place == f"{prefix}/login" and method == "POST":
                given = parse_qs(body.decode("utf-8", "replace")).get("token", [""])[0]
                return self._login(given)
        token = tokens.read(bearer, "rest", self._secret) if "." in bearer else None
        if token:
            headers.pop("Authorization")
            headers.update(self._upstream.identify(token))
        return self._upstream.ask(method, path, headers, body)

    def _login(self, given: str) -> Answer:
        token = tokens.read(given, "web", self._secret)
        if token is None:
            return _said(403, {"error": "the token is not valid"})
        identity = self._upstream.identify(token)
        if self._is_airflow_3:
            jwt = identity["Authorization"].removeprefix("Bearer ")
            return Answer(200, [("Set-Cookie", f"_token={jwt}; Path=/; SameSite=Lax")], b"")
        found = self._upstream.ask("GET", "/login/", identity)
        cookies = [pair for pair in found.headers if pair[0].lower() == "set-cookie"]
        return Answer(200 if found.status < 400 else found.status, cookies, b"")

    def _cli(self, bearer: str, line: str) -> Answer:
        if tokens.read(bearer, "cli", self._secret) is None:
            return _said(403, {"error": "the token is not valid"})
        try:
            words = shlex.split(line)
        except ValueError as problem:
            return _said(400, {"stdout": "", "stderr": _encoded(f"{problem}\n".encode())})
        done = self._run(*words)
        printed = {"stdout": _encoded(done.stdout), "stderr": _encoded(done.stderr)}
        return _said(200 if done.returncode == 0 else 400, printed)


def _encoded(text: bytes) -> str:
    return base64.b64encode(text).decode()


def _said(status: int, document: Any) -> Answer:
    return Answer(status, [("Content-Type", "application/json")], json.dumps(document).encode())
