"""The members of an answer, by the model of its operation: what is there at any depth, and what
came over the wire that the model does not know. botocore drops that: no parsed answer shows it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree

from botocore.model import OperationModel, Shape

# What surrounds the answer of the XML protocols.
ENVELOPE = frozenset({"ResponseMetadata", "requestId", "RequestId"})


def members(shape: Shape, value: Any, path: str = "") -> Iterator[str]:
    """``SecurityGroups[].IpPermissions[].IpProtocol``; what a map holds is the user's own."""
    match shape.type_name:
        case "structure" if isinstance(value, Mapping):
            for name, inner in value.items():
                if name in shape.members:  # type: ignore[attr-defined]
                    below = f"{path}.{name}".lstrip(".")
                    yield below
                    yield from members(shape.members[name], inner, below)  # type: ignore[attr-defined]
        case "list" if isinstance(value, list):
            for one in value:
                yield from members(shape.member, one, f"{path}[]")  # type: ignore[attr-defined]


def strange(operation: OperationModel, body: bytes) -> Iterator[str]:
    """Paths of members that the output's shape has not, by their names on the wire."""
    shape = operation.output_shape
    if shape is None or not body.strip():
        return
    if body.lstrip().startswith(b"<"):
        root = ElementTree.fromstring(body)  # noqa: S314 - the emulator's own answer
        yield from _xml(*_root(operation, shape, root), "")
    elif operation.service_model.resolved_protocol in ("json", "rest-json"):
        yield from _json(shape, json.loads(body), "")


def _root(
    operation: OperationModel, shape: Shape, root: ElementTree.Element
) -> tuple[Shape, ElementTree.Element]:
    """The shape and the element that hold the members."""
    wrapper = shape.serialization.get("resultWrapper")
    if wrapper:
        inside = [child for child in root if _name(child) == wrapper]
        return shape, inside[0] if inside else ElementTree.Element(wrapper)
    payload = shape.serialization.get("payload")
    return (shape.members[payload] if payload else shape), root  # type: ignore[attr-defined]


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _wire_names(shape: Shape) -> dict[str, Shape]:
    members: Mapping[str, Shape] = shape.members  # type: ignore[attr-defined]
    found = {}
    for name, member in members.items():
        flat = member.serialization.get("flattened") and member.type_name == "list"
        inner = member.member.serialization.get("name") if flat else None  # type: ignore[attr-defined]
        found[inner or member.serialization.get("name", name)] = member
    return found


def _xml(shape: Shape, element: ElementTree.Element, path: str) -> Iterator[str]:
    match shape.type_name:
        case "structure":
            known = _wire_names(shape)
            for child in element:
                below = f"{path}.{_name(child)}".lstrip(".")
                if _name(child) in known:
                    member = known[_name(child)]
                    if member.type_name == "list" and member.serialization.get("flattened"):
                        member = member.member  # type: ignore[attr-defined]
                    yield from _xml(member, child, below)
                elif path or _name(child) not in ENVELOPE:
                    yield below
        case "list":
            inner = shape.member  # type: ignore[attr-defined]
            wanted = inner.serialization.get("name", "member")
            for child in element:
                if _name(child) == wanted:
                    yield from _xml(inner, child, f"{path}[]")
                else:
                    yield f"{path}[].{_name(child)}"


def _json(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if shape.type_name == "structure" and isinstance(value, Mapping):
        known = _wire_names(shape)
        for name, inner in value.items():
            below = f"{path}.{name}".lstrip(".")
            if name in known:
                yield from _json(known[name], inner, below)
            else:
                yield below
    elif shape.type_name == "list" and isinstance(value, list):
        for one in value:
            yield from _json(shape.member, one, f"{path}[]")  # type: ignore[attr-defined]
