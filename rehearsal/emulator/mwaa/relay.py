"""The REST API of the real Airflow behind an environment, for InvokeRestApi."""

import http.client
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from mwaa.service.versions import major
from rehearsal.airflow.tokens import Token, sign
from rehearsal.emulator import wire
from rehearsal.emulator.mwaa.environment import Runtime

ANSWER_SECONDS = 10
"""The service ends a call then:
https://docs.aws.amazon.com/mwaa/latest/userguide/access-mwaa-apache-airflow-rest-api.html
(read 2026-11-27)."""


def relay(runtime: Runtime, request: Mapping[str, Any], who: Token) -> wire.Response:
    """The answer of InvokeRestApi: Airflow's own, or that it does not answer."""
    version = "v1" if major(runtime.version) == 2 else "v2"
    query = urlencode(request.get("QueryParameters") or {}, doseq=True)
    path = f"/api/{version}{request['Path']}" + (f"?{query}" if query else "")
    headers = {"Authorization": f"Bearer {sign(who, runtime.secret)}"}
    body = request.get("Body")
    if body is not None:
        headers["Content-Type"] = "application/json"
    connection = http.client.HTTPConnection(runtime.address, timeout=ANSWER_SECONDS)
    try:
        content = json.dumps(body).encode() if body is not None else None
        connection.request(request["Method"], path, content, headers)
        answer = connection.getresponse()
        status, text = answer.status, answer.read()
    except (OSError, http.client.HTTPException) as problem:
        status, text = 502, json.dumps({"detail": f"no answer: {problem}"}).encode()
    finally:
        connection.close()
    return _response(status, _document(text))


def _document(text: bytes) -> Any:
    try:
        return json.loads(text) if text else {}
    except ValueError:
        return {"detail": text.decode("utf-8", "replace")}


def _response(status: int, document: Any) -> wire.Response:
    said = {"RestApiStatusCode": status, "RestApiResponse": document}
    headers = [("Content-Type", "application/json")]
    if status < 400:
        return wire.Response(200, headers, json.dumps(said).encode())
    kind = "RestApiClientException" if status < 500 else "RestApiServerException"
    said["message"] = f"The Airflow REST API answered {status}."
    headers.append(("x-amzn-ErrorType", kind))
    return wire.Response(400, headers, json.dumps(said).encode())
