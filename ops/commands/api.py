"""``mwaa api``: send a request to Airflow's REST API."""

import json
import sys
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode

import typer

from mwaa.service.airflow_objects import PATH_LENGTH
from ops import options
from ops.errors import FailedError, RefusedError
from ops.target import USABLE, Target, resolve
from ops.web_server import Answer, api_path, document, session_server

PERMISSIONS = (
    "airflow:GetEnvironment",
    "airflow:ListEnvironments",
    "airflow:InvokeRestApi",
    "airflow:CreateWebLoginToken",
)
STATUSES = USABLE
EXAMPLES = (
    "mwaa api GET /dags --query limit=5 --stack prod",
    "mwaa api POST /dags/hello/dagRuns --data '{}' --environment prod",
    "mwaa api GET /dags/a-very-long-name/dagRuns/scheduled__2026-01-01 --session -s prod",
)
METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE")
# A lost answer to one of these may hide an effect, and a second request would have it again.
ONCE = ("POST", "PATCH")


def run(
    method: Annotated[str, typer.Argument(help="GET, PUT, POST, PATCH or DELETE.")],
    path: Annotated[str, typer.Argument(help="Path below /api/v1 or /api/v2, such as /dags.")],
    query: Annotated[
        list[str] | None, typer.Option("--query", "-q", help="NAME=VALUE; may be repeated.")
    ] = None,
    data: Annotated[str, typer.Option("--data", "-d", help="JSON body, or @FILE.")] = "",
    session: Annotated[
        bool,
        typer.Option("--session", help="Speak to the web server itself; paths of any length."),
    ] = False,
    environment: options.Environment = "",
    stack: options.Stack = "",
    profile: options.Profile = "",
    region: options.Region = "",
) -> None:
    """Prints the answer as JSON. Exit 1 when Airflow answers with an error. InvokeRestApi takes
    paths of up to 64 characters; --session logs in to the web server, which must be reachable from
    here, and takes any."""
    verb = method.upper()
    if verb not in METHODS:
        raise RefusedError(f"{method} is not a method; allowed: {', '.join(METHODS)}")
    short, parameters = _request(path, query or [])
    body = document(data) if data else None
    if len(short) > PATH_LENGTH and not session:
        raise RefusedError(
            f"{short} has {len(short)} characters and InvokeRestApi takes {PATH_LENGTH}: use "
            "--session (from where the web server can be reached), or a shorter path such as "
            "/dags/~/dagRuns with --query"
        )
    target = resolve(
        environment=environment, stack=stack, profile=profile, region=region, statuses=STATUSES
    )
    status, answer = (
        _session(target, verb, short, parameters, body)
        if session
        else _invoke(target, verb, short, parameters, body)
    )
    if answer is not None:
        print(json.dumps(answer, indent=2, default=str))
    if status >= 400:
        raise FailedError(f"Airflow answered {status}")


def _request(path: str, query: list[str]) -> tuple[str, dict[str, str]]:
    """The path as InvokeRestApi wants it, and the parameters of both notations."""
    bare, _, text = path.partition("?")
    for prefix in ("/api/v1", "/api/v2"):
        if bare == prefix or bare.startswith(prefix + "/"):
            bare = bare.removeprefix(prefix)
    if not bare.startswith("/"):
        bare = "/" + bare
    wrong = [one for one in query if "=" not in one]
    if wrong:
        raise RefusedError(f"--query {wrong[0]}: give NAME=VALUE")
    return bare, {
        **dict(parse_qsl(text, keep_blank_values=True)),
        **dict(one.split("=", 1) for one in query),
    }


def _invoke(
    target: Target, method: str, path: str, parameters: dict[str, str], body: Any
) -> tuple[int, Any]:
    from botocore.exceptions import ClientError, EndpointConnectionError, HTTPClientError

    request: dict[str, Any] = {"Name": target.name, "Path": path, "Method": method}
    if parameters:
        request["QueryParameters"] = parameters
    if body is not None:
        request["Body"] = body
    aws = replace(target.aws, attempts=1) if method in ONCE else target.aws
    try:
        answer = aws.mwaa.invoke_rest_api(**request)
    except ClientError as error:
        # Airflow's own refusal, with its document; everything else is AWS's.
        refused: Any = error.response
        if "RestApiStatusCode" in refused:
            return int(refused["RestApiStatusCode"]), refused.get("RestApiResponse")
        if method in ONCE and refused["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            raise _unanswered(method, path, error) from None
        raise
    except HTTPClientError as error:
        if method not in ONCE or isinstance(error, EndpointConnectionError):
            raise
        raise _unanswered(method, path, error) from None
    return int(answer["RestApiStatusCode"]), answer.get("RestApiResponse")


def _unanswered(method: str, path: str, error: Exception) -> FailedError:
    return FailedError(
        f"{method} {path} got no answer ({error}), and Airflow may have done it: look with GET "
        "before it is sent again. It was sent once, because a second one could take effect twice"
    )


def _session(
    target: Target, method: str, path: str, parameters: dict[str, str], body: Any
) -> tuple[int, Any]:
    server = session_server(target)
    question = f"?{urlencode(parameters)}" if parameters else ""
    content = b"" if body is None else json.dumps(body).encode()
    answer = server.request(
        method,
        api_path(target) + path + question,
        content,
        {"Content-Type": "application/json"} if content else {},
    )
    return answer.status, _json(answer)


def _json(answer: Answer) -> Any:
    if not answer.body:
        return None
    try:
        return json.loads(answer.body)
    except ValueError:
        sys.stderr.write(answer.body.decode("utf-8", "replace")[:2000] + "\n")
        return None
