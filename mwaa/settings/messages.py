"""Pydantic's errors in the project's words: got, allowed, why, what to do."""

from collections.abc import Collection, Mapping
from typing import Any, Final, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from mwaa.settings.decode import Kind, entries_of, kind_of
from mwaa.settings.problems import HIDDEN, Problem, listed, quoted

_TYPES: Final[dict[Kind, str]] = {
    "array": "list of texts",
    "object": "mapping of text to text",
    "string": "text",
}


def refusals(
    error: ValidationError,
    fields: Mapping[str, FieldInfo],
    typed: Mapping[str, Any],
    secrets: Collection[str],
) -> list[Problem]:
    """One problem per refused setting; ``typed`` are the values that were validated."""
    problems: dict[str, Problem] = {}
    for detail in error.errors(include_input=False, include_url=False):
        key = str(detail["loc"][0])
        field = fields[key]
        missing = detail["type"] == "missing"
        allowed = allowed_values(field) or "a value"
        problems.setdefault(
            key,
            Problem(
                key,
                "nothing" if missing else _given(key, detail["loc"], typed[key], secrets),
                allowed,
                why_of(field) or (field.description or "").rstrip("."),
                f"run: pulumi config set mwaa:{key} <value>" if missing else "correct the value",
            ),
        )
    return list(problems.values())


def _given(key: str, place: tuple[int | str, ...], value: Any, secrets: Collection[str]) -> str:
    if isinstance(value, dict):
        return f'entry "{place[1]}"'  # a mapping may hold secrets: only the name is shown
    return HIDDEN if key in secrets else quoted(value)


def why_of(field: FieldInfo) -> str:
    """The reason for a setting's limits, as its declaration states it."""
    return _extra(field, "why")


def allowed_values(field: FieldInfo) -> str:
    """What a setting may hold, from its declaration: words, a range, or a type."""
    return limits(field) or (
        f"a {type_words(field)}" if kind_of(field) in ("array", "object") else ""
    )


def type_words(field: FieldInfo) -> str:
    """The type of a setting in words, with that of a list's entries."""
    kind = kind_of(field)
    if kind == "array" and entries_of(field) == "object":
        return "list of mappings"
    if kind == "object" and get_args(field.annotation) != (str, str):
        return "mapping"
    return _TYPES.get(kind, kind)


def limits(field: FieldInfo) -> str:
    """What limits a setting within its type, or nothing."""
    stated = _extra(field, "allowed")
    if stated:
        return stated
    words = _words(field.annotation)
    if words:
        return listed(words)
    bounds = {
        name: getattr(rule, name)
        for rule in field.metadata
        for name in ("ge", "le", "max_length")
        if getattr(rule, name, None) is not None
    }
    if "max_length" in bounds:
        return f"at most {bounds['max_length']} entries"
    if "ge" in bounds and "le" in bounds:
        return f"{bounds['ge']} to {bounds['le']}"
    return f"{bounds['ge']} or more" if "ge" in bounds else ""


def _extra(field: FieldInfo, name: str) -> str:
    extra = field.json_schema_extra
    return str(extra.get(name, "")) if isinstance(extra, dict) else ""


def _words(annotation: Any) -> list[str]:
    """The words of a Literal, or of a tuple of Literals."""
    found: list[str] = []
    for part in get_args(annotation):
        found += [part] if isinstance(part, str) else _words(part)
    return found
