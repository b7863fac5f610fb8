"""Copies of a record with one field made unknown, for tests that no unknown flips a verdict."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from mwaa.model.platform import UNKNOWN, Unknown


@cache
def may_be_unknown(cls: type, name: str) -> bool:
    """Whether the type of a field of ``cls`` has ``Unknown`` among its alternatives."""
    hint = get_type_hints(cls)[name]
    return get_origin(hint) in (Union, UnionType) and Unknown in get_args(hint)


def hidden(record: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """(path, copy) for each place below ``record`` that may be unknown, one unknown at a time.

    Members of tuples and everything inside policy documents count as places.
    """
    if is_dataclass(record) and not isinstance(record, type):
        for item in fields(record):
            value = getattr(record, item.name)
            here = f"{path}.{item.name}"
            if may_be_unknown(type(record), item.name) and value is not UNKNOWN:
                yield here, replace(record, **{item.name: UNKNOWN})
            for place, copy in hidden(value, here):
                yield place, replace(record, **{item.name: copy})
    elif isinstance(record, tuple):
        for index, member in enumerate(record):
            label = getattr(member, "id", index)
            for place, copy in hidden(member, f"{path}[{label}]"):
                yield place, (*record[:index], copy, *record[index + 1 :])
    elif isinstance(record, Mapping):
        for key, value in record.items():
            yield f"{path}.{key}", {**record, key: UNKNOWN}
            for place, copy in hidden(value, f"{path}.{key}"):
                yield place, {**record, key: copy}
    elif isinstance(record, list):
        for index, member in enumerate(record):
            yield f"{path}[{index}]", [*record[:index], UNKNOWN, *record[index + 1 :]]
            for place, copy in hidden(member, f"{path}[{index}]"):
                yield place, [*record[:index], copy, *record[index + 1 :]]
