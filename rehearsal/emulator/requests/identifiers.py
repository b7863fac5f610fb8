"""Which resources a request names: ids, names and ARNs among its members, never anything else.

The members come from botocore's model of the operation, so that maps (configuration options),
documents, bodies and what AWS marks as sensitive stay out of the request log.
"""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any, TypeAlias

from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol

Named: TypeAlias = dict[str, str | list[str]]

_IDENTIFIER = re.compile(r"(?i:^name)$|(?:^|[a-z])(?:Id|Arn|ARN|Name|NamePrefix)s?$")
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTags.html names them so.
_OTHERS = frozenset({"Bucket", "Key", "KmsKey", "Namespace", "QueueUrl", "Resources"})


def read(
    model: Any, operation: Any, environ: Mapping[str, Any], body: bytes, url: Mapping[str, Any]
) -> tuple[Named, dict[str, str]]:
    """The identifiers of a request, and the tags that an EC2 request gives to what it creates.

    ``url`` holds what a REST path names. What cannot be parsed names nothing: moto will answer
    such a request with its own error.
    """
    shape = operation.input_shape
    if shape is None:
        return {}, {}
    if model.service_name == "s3":  # the body is an object's, or a document
        return _named(shape, {**url}), {}
    request = Request({**environ, "wsgi.input": BytesIO(body)})
    try:
        protocol = determine_request_protocol(model, request.content_type)
        parsed = PROTOCOL_PARSERS[protocol](operation).parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": body,
                "url_path": request.path,
                "url_params": dict(url),
            }
        )
    except Exception:  # a malformed body fails in many ways, and moto is to say which
        return {}, {}
    return _named(shape, parsed), dict(_tags(parsed))


def _named(shape: Any, values: Mapping[str, Any]) -> Named:
    found: Named = {}
    for name, member in shape.members.items():
        value = values.get(name)
        if value is None or member.metadata.get("sensitive"):
            continue
        if member.type_name == "structure" and isinstance(value, Mapping):
            found |= _named(member, value)
        elif name in _OTHERS or _IDENTIFIER.search(name):
            if isinstance(value, str):
                found[name] = value
            elif isinstance(value, list) and all(isinstance(one, str) for one in value):
                found[name] = list(value)
    return found


def _tags(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for specification in values.get("TagSpecifications") or ():
        for tag in specification.get("Tags") or ():
            yield str(tag.get("Key")), str(tag.get("Value", ""))
