"""Pydantic's errors in the project's words: got, allowed, why, what to do."""

from collections.abc import Collection, Mapping
from typing import Any, Final, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from mwaa.settings.decode import kind_of
from mwaa.settings.problems import HIDDEN, Problem, listed, quoted

_TYPES: Final = {"array": "a list of texts", "object": "a mapping of text to text"}


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
    stated = _extra(field, "allowed")
    if stated:
        return stated
    words = _words(field.annotation)
    if words:
        return listed(words)
    limits = {
        name: getattr(rule, name)
        for rule in field.metadata
        for name in ("ge", "le", "max_length")
        if getattr(rule, name, None) is not None
    }
    if "max_length" in limits:
        return f"at most {limits['max_length']} entries"
    if "ge" in limits and "le" in limits:
        return f"{limits['ge']} to {limits['le']}"
    if "ge" in limits:
        return f"{limits['ge']} or more"
    return _TYPES.get(kind_of(field), "")


def _extra(field: FieldInfo, name: str) -> str:
    extra = field.json_schema_extra
    return str(extra.get(name, "")) if isinstance(extra, dict) else ""


def _words(annotation: Any) -> list[str]:
    """The words of a Literal, or of a tuple of Literals."""
    found: list[str] = []
    for part in get_args(annotation):
        found += [part] if isinstance(part, str) else _words(part)
    return found
