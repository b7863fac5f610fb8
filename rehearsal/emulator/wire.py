"""Reads from a raw request which service and operation it is, and writes errors as AWS does.

Both come from botocore's service models, through moto's router and serializers; unknown services
get the JSON form. Nothing here knows what an operation does.
"""

import json
import re
import warnings
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs

import botocore.session
from botocore.exceptions import UnknownServiceError
from moto.core.exceptions import ServiceException
from moto.core.model import OperationModel
from moto.core.request import Request as MotoRequest
from moto.core.request import determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model

from rehearsal.emulator.requests import identifiers

# Signing names that differ from botocore's name of the service.
BY_SIGNING_NAME = {
    "airflow": "mwaa",
    "monitoring": "cloudwatch",
    "elasticloadbalancing": "elbv2",
    "tagging": "resourcegroupstaggingapi",
}

_SCOPE = re.compile(r"Credential=([^/,\s]*)/(\d+)/([^/,\s]*)/([^/,\s]*)/aws4_request")
_XML_PROTOCOLS = {"ec2", "query", "rest-xml"}
_KNOWN_PROTOCOLS = ("ec2", "json", "rest-json", "rest-xml", "query")
_ROUTED_PROTOCOLS = {"rest-json", "rest-xml"}


@dataclass(frozen=True)
class Request:
    """One request: signing scope, service by botocore's name, operation where known."""

    service: str | None
    region: str | None
    access_key: str | None
    operation: str | None
    method: str
    path: str
    names: identifiers.Named = field(default_factory=dict)
    """Ids, names and ARNs that it names, by the members of the operation's input."""
    tags: dict[str, str] = field(default_factory=dict)
    """Tags that an EC2 request gives to what it creates."""


@cache
def regions() -> frozenset[str]:
    """Every region that botocore knows, in all partitions."""
    session = botocore.session.get_session()
    return frozenset(
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("ec2", partition, allow_non_regional=False)
    )


def body_of(environ: dict[str, Any]) -> bytes:
    """The request's body, left readable for whoever comes next."""
    if environ.get("wsgi.input_terminated") or environ.get("HTTP_TRANSFER_ENCODING"):
        body: bytes = environ["wsgi.input"].read()
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
    else:
        try:
            length = int(environ.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        body = environ["wsgi.input"].read(length) if length > 0 else b""
    environ["wsgi.input"] = BytesIO(body)
    return body


def read(environ: dict[str, Any], body: bytes) -> Request:
    """What ``environ`` asks for; an unsigned or foreign request leaves fields None."""
    scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    key, _, region, signing = scope.groups() if scope else (None, None, None, None)
    service = BY_SIGNING_NAME.get(signing, signing) if signing else None
    if service == "s3" and _is_control(environ):
        service = "s3control"
    operation, url = _operation(environ, service, body)
    names: identifiers.Named = {}
    tags: dict[str, str] = {}
    if service and operation in operations(service):
        model = _model(service)
        found = model.operation_model(operation)
        names, tags = identifiers.read(model, found, environ, body, url)
    return Request(
        service=service,
        region=region,
        access_key=key,
        operation=operation,
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO", "/"),
        names=names,
        tags=tags,
    )


def _is_control(environ: dict[str, Any]) -> bool:
    """Whether a request signed for S3 is one of S3 Control: by its host, which begins with the
    account, or where the host is the loopback address by the path of its only version."""
    host, path = environ.get("HTTP_HOST", ""), environ.get("PATH_INFO", "")
    return ".s3-control." in f".{host}" or path.startswith("/v20180820/")


def _operation(
    environ: dict[str, Any], service: str | None, body: bytes
) -> tuple[str | None, dict[str, Any]]:
    """The operation, and what a REST path names."""
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        return str(target).rpartition(".")[2], {}
    query = environ.get("QUERY_STRING", "")
    form = body if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form") else b""
    for text in (query, form.decode("utf-8", "replace")):
        if "Action=" in text:
            return next(iter(parse_qs(text).get("Action", [])), None), {}
    # Only REST services are recognized by method and path; routing another one would be a guess.
    if service is None or _model(service) is None:
        return None, {}
    if _model(service).metadata.get("protocol") not in _ROUTED_PROTOCOLS:
        return None, {}
    try:
        operation, url = get_service_router(service).match(MotoRequest(dict(environ)))
    except Exception:  # moto's router raises several kinds for a path that is no operation
        return None, {}
    return str(operation.name), dict(url)


@cache
def _model(service: str) -> Any:
    try:
        return get_service_model(service)
    except UnknownServiceError:
        return None


def operations(service: str) -> frozenset[str]:
    """All operations of ``service`` in botocore's model; empty for an unknown service."""
    model = _model(service)
    return frozenset(model.operation_names) if model else frozenset()


@dataclass(frozen=True)
class Response:
    """A finished HTTP answer."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def _protocol(model: Any, content_type: str) -> str:
    """The protocol a client with this content type reads, else the service's first known one."""
    with suppress(NotImplementedError):
        chosen = determine_request_protocol(model, content_type)
        if chosen in _KNOWN_PROTOCOLS:
            return chosen
    return next(name for name in _KNOWN_PROTOCOLS if name in model.metadata["protocols"])


class _AnswerError(ServiceException):
    """An error of this module: moto looks for the model of its own exceptions' packages."""


def error(
    service: str | None, status: int, code: str, message: str, content_type: str = ""
) -> Response:
    """``code`` and ``message`` in the protocol of ``service``, with exactly ``status``."""
    model = _model(service) if service else None
    if model is None:
        body = json.dumps({"__type": code, "message": message}).encode()
        return Response(status, [("Content-Type", "application/x-amz-json-1.1")], body)
    protocol = _protocol(model, content_type)
    serializer = get_serializer_class(model.service_name, protocol)(OperationModel({}, model))
    with warnings.catch_warnings():
        # moto warns of codes that the model does not list, as AWS's common errors are not.
        warnings.simplefilter("ignore")
        written = serializer.serialize(_AnswerError(code, message))
    headers = {name: str(value) for name, value in written["headers"].items()}
    if protocol in _XML_PROTOCOLS:
        headers.setdefault("Content-Type", "text/xml")
    elif "x-amzn-errortype" not in {name.lower() for name in headers}:
        # Given twice it reaches a client as "A, A", a code that no SDK knows and retries.
        headers["x-amzn-ErrorType"] = code
    text = written["body"]
    body = text.encode() if isinstance(text, str) else text
    return Response(status, list(headers.items()), body)
