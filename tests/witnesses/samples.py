"""Answers made from botocore's model: one with every member, and one with those required alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.model import OperationModel, Shape, StructureShape

WHEN = datetime(2026, 9, 1, tzinfo=UTC)
ACCOUNT = "123456789012"
DOCUMENT = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", '
    '"Action": "airflow:*", "Resource": "*"}]}'
)
# Members whose text has a form that readers rely on; any other member is its own name.
TEXTS = {
    "Account": ACCOUNT,
    "Arn": f"arn:aws:iam::{ACCOUNT}:role/caller",
    "AssumeRolePolicyDocument": DOCUMENT,
    "Document": DOCUMENT,
    "Policy": DOCUMENT,
    "PolicyDocument": DOCUMENT,
    "PrefixListId": "pl-0123456789abcdef0",
    "KmsKey": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/k",
    "ExecutionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/execution",
    "SourceBucketArn": "arn:aws:s3:::bucket",
    "AvailabilityZone": "us-east-1a",
    "CidrBlock": "10.0.0.0/16",
    "Cidr": "10.0.0.0/16",
}


@cache
def operation(service: str, name: str) -> OperationModel:
    """The model of an operation by boto's names."""
    model = botocore.session.get_session().get_service_model(service)
    return next(
        model.operation_model(one) for one in model.operation_names if xform_name(one) == name
    )


def output(service: str, name: str) -> StructureShape | None:
    """The shape of an operation's answer."""
    shape = operation(service, name).output_shape
    return shape if isinstance(shape, StructureShape) else None


def full(service: str, name: str) -> dict[str, Any]:
    """An answer with every member that the model knows, every list with one element."""
    shape = output(service, name)
    answer: dict[str, Any] = _value(shape, "", ()) if shape else {}
    return answer


def minimal(service: str, name: str) -> dict[str, Any]:
    """An answer with those members alone that the model requires."""
    shape = output(service, name)
    required = shape.required_members if shape else []
    return {key: value for key, value in full(service, name).items() if key in required}


def _value(shape: Shape, name: str, above: tuple[str, ...]) -> Any:
    if shape.name in above:  # a shape that holds itself
        return {} if shape.type_name == "structure" else []
    inside = (*above, shape.name)
    match shape.type_name:
        case "structure":
            members: Mapping[str, Shape] = shape.members  # type: ignore[attr-defined]
            return {key: _value(member, key, inside) for key, member in members.items()}
        case "list":
            return [_value(shape.member, name, inside)]  # type: ignore[attr-defined]
        case "map":
            return {name: _value(shape.value, name, inside)}  # type: ignore[attr-defined]
        case "boolean":
            return True
        case "integer" | "long":
            return 1
        case "float" | "double":
            return 1.0
        case "timestamp":
            return WHEN
        case "blob":
            return BytesIO()  # a body that is streamed
    choices = shape.metadata.get("enum") or []
    return TEXTS.get(name) or (choices[0] if choices else name)
