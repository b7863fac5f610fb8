"""Checks a request against the service model: required, length, range, pattern, enum.

botocore checks little of this before it sends (a minimum here and there), and other clients
nothing; the service answers all violations at once, in the words used here:
https://docs.aws.amazon.com/mwaa/latest/APIReference/API_CreateEnvironment.html for the
constraints, and for the wording any of its ValidationExceptions, such as
https://github.com/hashicorp/terraform-provider-aws/issues/19293.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from rehearsal.emulator.mwaa.exceptions import ValidationError

# Java's Unicode classes, which Python's re does not know, as they stand inside brackets.
_CLASSES = {
    r"\p{L}": r"\w",
    r"\p{N}": r"\d",
    r"\p{Z}": " \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000",
}


@cache
def pattern(text: str) -> re.Pattern[str]:
    """The service model's ``text`` as Python understands it; match it against a whole value."""
    for java, python in _CLASSES.items():
        text = text.replace(java, python)
    return re.compile(text)


def check(shape: StructureShape | None, values: Mapping[str, Any]) -> None:
    """Raise ValidationError naming every violation of ``shape`` in ``values``."""
    if shape is None:
        return
    problems = list(_structure(shape, values, ""))
    if problems:
        plural = "s" if len(problems) > 1 else ""
        raise ValidationError(
            f"{len(problems)} validation error{plural} detected: " + "; ".join(problems)
        )


def _fails(value: Any, at: str, constraint: str, shape: Shape | None = None) -> str:
    hidden = shape is not None and shape.metadata.get("sensitive")
    shown = "null" if value is None else "'***'" if hidden else f"'{_text(value)}'"
    return f"Value {shown} at '{at}' failed to satisfy constraint: {constraint}"


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_text(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}={_text(item)}" for name, item in value.items()) + "}"
    return str(value)


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _structure(shape: StructureShape, values: Any, at: str) -> Iterator[str]:
    if not isinstance(values, Mapping):
        yield _fails(values, at, "Member must be a structure")
        return
    if shape.serialization.get("document") or getattr(shape, "is_document_type", False):
        return
    for name in shape.required_members:
        if values.get(name) is None:
            yield _fails(None, f"{at}{_lower(name)}", "Member must not be null")
    for name, value in values.items():
        member = shape.members.get(name)
        # The service ignores what it does not know, and null means absent.
        if member is not None and value is not None:
            yield from _value(member, value, f"{at}{_lower(name)}")


def _value(shape: Shape, value: Any, at: str) -> Iterator[str]:
    match shape:
        case StructureShape():
            yield from _structure(shape, value, f"{at}.")
        case ListShape():
            if not isinstance(value, list):
                yield _fails(value, at, "Member must be a list")
                return
            yield from _size(shape, value, at)
            for number, item in enumerate(value, start=1):
                yield from _value(shape.member, item, f"{at}.{number}.member")
        case MapShape():
            if not isinstance(value, Mapping):
                yield _fails(value, at, "Member must be a map")
                return
            yield from _size(shape, value, at)
            for key, item in value.items():
                yield from _value(shape.key, key, f"{at}.key")
                yield from _value(shape.value, item, f"{at}.{key}.member")
        case StringShape():
            yield from _string(shape, value, at)
        case _ if shape.type_name in ("integer", "long"):
            yield from _integer(shape, value, at)
        case _ if shape.type_name == "boolean" and not isinstance(value, bool):
            yield _fails(value, at, "Member must be a boolean")


def _size(shape: Shape, value: Any, at: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and len(value) < low:
        limit = f"Member must have length greater than or equal to {low}"
        yield _fails(value, at, limit, shape)
    if high is not None and len(value) > high:
        yield _fails(value, at, f"Member must have length less than or equal to {high}", shape)


def _string(shape: StringShape, value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield _fails(value, at, "Member must be a string", shape)
        return
    yield from _size(shape, value, at)
    regex = shape.metadata.get("pattern")
    if regex and not pattern(regex).fullmatch(value):
        limit = f"Member must satisfy regular expression pattern: {regex}"
        yield _fails(value, at, limit, shape)
    if shape.enum and value not in shape.enum:
        limit = f"Member must satisfy enum value set: [{', '.join(shape.enum)}]"
        yield _fails(value, at, limit, shape)


def _integer(shape: Shape, value: Any, at: str) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, int):
        yield _fails(value, at, "Member must be an integer")
        return
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and value < low:
        yield _fails(value, at, f"Member must have value greater than or equal to {low}")
    if high is not None and value > high:
        yield _fails(value, at, f"Member must have value less than or equal to {high}")
