"""Pydantic's errors in the project's words: got, allowed, why, what to do."""

from collections.abc import Collection, Mapping
from typing import Any, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from mwaa.problems import HIDDEN, Problem, listed, quoted


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
        secret = key in secrets or key == "airflowConfigurationOptions"
        given = "nothing" if missing else HIDDEN if secret else quoted(typed[key])
        allowed = allowed_values(field) or "a value for every stack"
        problems.setdefault(
            key,
            Problem(
                key,
                given,
                allowed,
                why_of(field) or (field.description or "").rstrip("."),
                f"run: pulumi config set mwaa:{key} <value>" if missing else "correct the value",
            ),
        )
    return list(problems.values())


def why_of(field: FieldInfo) -> str:
    """The reason for a setting's limits, as its declaration states it."""
    extra = field.json_schema_extra
    return str(extra.get("why", "")) if isinstance(extra, dict) else ""


def allowed_values(field: FieldInfo) -> str:
    """What a setting may hold, from its declaration: words, a range, a pattern, or a type."""
    words = _words(field.annotation)
    if words:
        return listed(words)
    limits = {
        name: getattr(rule, name)
        for rule in field.metadata
        for name in ("ge", "le", "max_length", "pattern")
        if getattr(rule, name, None) is not None
    }
    if "pattern" in limits:
        return f"text like {limits['pattern']}"
    if "max_length" in limits:
        return f"at most {limits['max_length']} entries"
    if "ge" in limits and "le" in limits:
        return f"{limits['ge']} to {limits['le']}"
    if "ge" in limits:
        return f"{limits['ge']} or more"
    if field.annotation in (dict[str, str],):
        return "a mapping of text to text"
    if str(field.annotation).startswith("tuple[str"):
        return "a list of texts"
    return ""


def _words(annotation: Any) -> list[str]:
    """The words of a Literal, or of a tuple of Literals."""
    found: list[str] = []
    for part in get_args(annotation):
        found += [part] if isinstance(part, str) else _words(part)
    return found
