"""From the raw strings of Pulumi's configuration to typed values; structured fields are JSON.

The engine hands every value over as a string. Only arrays and objects are decoded, so that a
version such as ``2.10.3`` stays text. Unknown keys are refused with the nearest known one.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal, TypeAlias, get_args, get_origin

from pydantic.fields import FieldInfo

from mwaa.settings.problems import HIDDEN, Problem, listed, quoted
from mwaa.words import nearest

Kind: TypeAlias = Literal["string", "integer", "boolean", "array", "object"]

_EXAMPLES: dict[Kind, str] = {
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a YAML list",
    "object": "a YAML mapping",
}


def kind_of(field: FieldInfo) -> Kind:
    """The JSON type of a setting, from its annotation."""
    annotation = field.annotation
    origin = get_origin(annotation)
    if origin is dict:
        return "object"
    if origin is tuple:
        return "array"
    if annotation is bool:
        return "boolean"
    if annotation is int:
        return "integer"
    assert annotation is str or isinstance(get_args(annotation)[0], str), annotation
    return "string"


def entries_of(field: FieldInfo) -> Kind:
    """The JSON type of the entries of an array, from its annotation."""
    return "object" if get_origin(get_args(field.annotation)[0]) is dict else "string"


def decode(
    values: Mapping[str, str], fields: Mapping[str, FieldInfo], secrets: Collection[str]
) -> tuple[dict[str, Any], list[Problem]]:
    """Typed values by YAML name, and what could not be read.

    ``fields`` maps YAML names to their declaration; ``secrets`` are names whose value no message
    may show.
    """
    decoded: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, raw in values.items():
        field = fields.get(key)
        if field is None:
            problems.append(_unknown(key, fields))
            continue
        if field.is_required() and not raw.strip():
            continue  # as Pulumi.yaml declares it, so that the program can say what is missing
        kind = kind_of(field)
        try:
            decoded[key] = _decode(raw, kind)
            if get_args(field.annotation) == (str, str):
                decoded[key] = _texts(decoded[key])
        except ValueError:
            got = HIDDEN if key in secrets else _given(raw)
            remove = "" if field.is_required() else ", or remove the line"
            problems.append(
                Problem(
                    key,
                    got,
                    _EXAMPLES[kind],
                    f"the setting is of type {kind}",
                    f"write {_EXAMPLES[kind]} in the stack file{remove}",
                )
            )
    return decoded, problems


def _decode(raw: str, kind: Kind) -> Any:
    text = raw.strip()
    if kind == "string":
        if _is_structured(text):
            raise ValueError(raw)
        return raw
    if kind == "integer":
        if not re.fullmatch(r"-?\d{1,9}", text):
            raise ValueError(raw)
        return int(text)
    if kind == "boolean":
        if text.lower() not in ("true", "false"):
            raise ValueError(raw)
        return text.lower() == "true"
    # An empty text is how a setting without a value arrives.
    value: Any = json.loads(text) if text else {"array": [], "object": {}}[kind]
    if not isinstance(value, list if kind == "array" else dict):
        raise ValueError(raw)
    return value


def _is_structured(text: str) -> bool:
    """Whether a YAML list or mapping was given: the engine hands both over as JSON."""
    if text[:1] not in ("[", "{"):
        return False
    try:
        return isinstance(json.loads(text), list | dict)
    except ValueError:
        return False


def _given(raw: str) -> str:
    """A raw value as the stack file shows it."""
    text = raw.strip()
    return (text if _is_structured(text) else quoted(raw)) if text else "nothing"


def _texts(value: dict[str, Any]) -> dict[str, Any]:
    """Scalars of a mapping as text: YAML reads ``64``, ``true`` and ``off`` as more than text.

    Airflow writes booleans as True and False, so they become that.
    """
    return {
        key: str(item) if isinstance(item, bool | int | float) else item
        for key, item in value.items()
    }


def leaves(value: Any) -> Iterator[str]:
    """Every text inside a decoded value."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield str(value)


def _unknown(key: str, known: Collection[str]) -> Problem:
    close = nearest(key, known)
    allowed = f'"{close}" is the nearest known setting' if close else listed(sorted(known))
    return Problem(
        key,
        "an unknown setting",
        allowed,
        "a misspelled setting would silently leave the default in force",
        f"rename it to mwaa:{close}" if close else "remove it (docs/reference/settings.md)",
    )
