"""The members of an answer, by the model of its operation: what is there at any depth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.model import Shape


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
