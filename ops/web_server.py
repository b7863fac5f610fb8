"""The environment's web server: its address, its login, requests with a short-lived token.

Tokens live 60 seconds, sessions 12 hours; neither is ever printed, logged or put on a command line.
Sources: https://docs.aws.amazon.com/mwaa/latest/userguide/call-mwaa-apis-web.html,
https://docs.aws.amazon.com/mwaa/latest/userguide/access-mwaa-apache-airflow-rest-api.html
"""

import http.client
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from ops.errors import RefusedError
from ops.target import Target

ANSWER_SECONDS = 60.0


def is_airflow_3(target: Target) -> bool:
    """Whether the environment runs Airflow 3, whose login and API live under other paths."""
    return not str(target.description.get("AirflowVersion", "2")).startswith(("1.", "2."))


def login_url(target: Target, host: str, token: str) -> str:
    """Where a browser logs in; the token is in the fragment, which no server ever logs."""
    folder = "/pluginsv2/aws_mwaa" if is_airflow_3(target) else "/aws_mwaa"
    scheme = "http" if is_loopback(host) else "https"
    return f"{scheme}://{host}{folder}/aws-console-sso?login=true#{token}"


def is_loopback(host: str) -> bool:
    """Whether ``host``, which may carry a port, is this machine: a rehearsal, without TLS."""
    return host.split(":")[0] == "127.0.0.1"


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: its status, its headers as they came, its body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass
class WebServer:
    """Requests to the web server ``host``; ``access`` is the environment's access mode.

    ``host`` may carry a port. Plain HTTP is used for a loopback address only.
    """

    host: str
    access: str = "PRIVATE_ONLY"
    headers: dict[str, str] = field(default_factory=dict)

    def request(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request. Raises ``RefusedError`` when the web server cannot be reached."""
        connection: http.client.HTTPConnection
        if is_loopback(self.host):
            connection = http.client.HTTPConnection(self.host, timeout=ANSWER_SECONDS)
        else:
            context = ssl.create_default_context()
            connection = http.client.HTTPSConnection(
                self.host, timeout=ANSWER_SECONDS, context=context
            )
        try:
            connection.request(method, path, body, {**self.headers, **(headers or {})})
            answer = connection.getresponse()
            return Answer(answer.status, tuple(answer.getheaders()), answer.read())
        except (OSError, http.client.HTTPException) as error:
            advice = (
                "its access is PRIVATE_ONLY, so run this from inside its VPC, a VPN or a bastion"
                if self.access == "PRIVATE_ONLY"
                else "check the network and proxies"
            )
            raise RefusedError(
                f"the web server {self.host} did not answer ({error}): {advice}"
            ) from None
        finally:
            connection.close()


def cli_server(target: Target) -> WebServer:
    """The web server with a token for the Airflow CLI."""
    answer = target.aws.mwaa.create_cli_token(Name=target.name)
    return WebServer(
        answer["WebServerHostname"],
        str(target.description.get("WebserverAccessMode", "PRIVATE_ONLY")),
        {"Authorization": f"Bearer {answer['CliToken']}"},
    )


def session_server(target: Target) -> WebServer:
    """The web server with a session, for REST requests that InvokeRestApi cannot carry."""
    answer = target.aws.mwaa.create_web_login_token(Name=target.name)
    server = WebServer(
        answer["WebServerHostname"],
        str(target.description.get("WebserverAccessMode", "PRIVATE_ONLY")),
    )
    newer = is_airflow_3(target)
    login = server.request(
        "POST",
        "/pluginsv2/aws_mwaa/login" if newer else "/aws_mwaa/login",
        urlencode({"token": answer["WebToken"]}).encode(),
        {"Content-Type": "application/x-www-form-urlencoded"},
    )
    cookie = _cookie(login, "_token" if newer else "session")
    if login.status >= 400 or not cookie:
        raise RefusedError(
            f"the web server refused the login ({login.status}): the identity needs "
            f"airflow:CreateWebLoginToken for an Airflow role of {target.name}"
        )
    if newer:
        server.headers = {"Authorization": f"Bearer {cookie}"}
    else:
        server.headers = {"Cookie": f"session={cookie}"}
    return server


def api_path(target: Target) -> str:
    """Where the REST API stands: 2.x serves version 1, 3.x version 2."""
    return "/api/v2" if is_airflow_3(target) else "/api/v1"


def _cookie(answer: Answer, name: str) -> str:
    from http.cookies import SimpleCookie

    for header, value in answer.headers:
        if header.lower() == "set-cookie":
            cookies: SimpleCookie = SimpleCookie(value)
            if name in cookies:
                return cookies[name].value
    return ""


def document(text: str) -> Any:
    """``--data``: JSON, or ``@file`` that holds it. Raises ``RefusedError`` for anything else."""
    import json
    from pathlib import Path

    content = Path(text[1:]).read_text() if text.startswith("@") else text
    try:
        return json.loads(content)
    except ValueError as error:
        raise RefusedError(f"--data is not JSON ({error}): give JSON, or @FILE with it") from None
