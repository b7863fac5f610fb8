"""Smithy's RPC v2 with CBOR, which newer SDKs of other languages speak to CloudWatch.

moto 5.2.5 does not: such a request is put as JSON, and its answer back into CBOR, both with
botocore's own readers and writers. https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
(read 2026-11-27)
"""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from botocore.model import ShapeResolver
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from moto.core.utils import get_service_model

from rehearsal.emulator import wire

PROTOCOL = "smithy-rpc-v2-cbor"
HEADER = "rpc-v2-cbor"
_PATH = re.compile(r"/service/[^/]+/operation/([^/]+)")
_SHAPES: dict[str, Any] = {
    "Text": {"type": "string"},
    "Error": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}},
}
_ERROR = ShapeResolver(_SHAPES).get_shape_by_name("Error")


def is_spoken(environ: Mapping[str, Any]) -> bool:
    """Whether a request is of this protocol."""
    return bool(environ.get("HTTP_SMITHY_PROTOCOL") == HEADER)


def as_json(environ: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    """The same request in the JSON protocol; as it is where it cannot be read."""
    service = wire.read(environ, body).service
    found = _PATH.fullmatch(environ.get("PATH_INFO", ""))
    if service is None or found is None or found[1] not in wire.operations(service):
        return environ, body
    operation: Any = get_service_model(service).operation_model(found[1])
    try:
        given = _parsed(PROTOCOL, 200, body, operation.input_shape) if body else {}
    except Exception:  # whatever bytes a client sends, moto is to say what is wrong with them
        return environ, body
    put = create_serializer("json", include_validation=False).serialize_to_request(given, operation)
    text = put["body"] if isinstance(put["body"], bytes) else put["body"].encode()
    changed = {
        "PATH_INFO": put["url_path"],
        "HTTP_X_AMZ_TARGET": put["headers"]["X-Amz-Target"],
        "CONTENT_TYPE": put["headers"]["Content-Type"],
        "CONTENT_LENGTH": str(len(text)),
        "wsgi.input": BytesIO(text),
    }
    return {**environ, **changed}, text


def as_cbor(answer: wire.Response, service: str | None, operation: str | None) -> wire.Response:
    """``answer``, which is JSON, in CBOR."""
    shape = None
    if service and operation in wire.operations(service):
        model: Any = get_service_model(service)
        shape = model.operation_model(operation).output_shape
    said = _parsed("json", answer.status, answer.body, shape)
    writer: Any = create_serializer(PROTOCOL, include_validation=False)
    if answer.status >= 300:
        error = {"__type": said["Error"]["Code"], "message": said["Error"]["Message"]}
        body = writer._serialize_body_params(error, _ERROR)
    else:
        body = writer._serialize_body_params(said, shape) if shape else b""
    replaced = ("content-type", "content-length")
    headers = [pair for pair in answer.headers if pair[0].lower() not in replaced]
    headers += [
        ("smithy-protocol", HEADER),
        ("Content-Type", "application/cbor"),
        ("Content-Length", str(len(body))),
    ]
    return wire.Response(answer.status, headers, body)


def _parsed(protocol: str, status: int, body: bytes, shape: Any) -> dict[str, Any]:
    response = {"status_code": status, "headers": {}, "body": body}
    found: dict[str, Any] = create_parser(protocol).parse(response, shape)
    found.pop("ResponseMetadata", None)
    return found
