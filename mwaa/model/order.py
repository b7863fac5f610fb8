"""One order of records, whatever order they were answered in: findings follow it."""

from dataclasses import fields, is_dataclass, replace
from operator import attrgetter
from typing import Any, Final, TypeVar

T = TypeVar("T")
IN_ORDER: Final = "in_order"
"""In the metadata of a field: its records have an order that means something."""


def ordered(record: T) -> T:
    """``record`` with every collection of records in it, at any depth, by what stands in them.

    Lists of texts keep their order: resolvers, subnets and lines of a log have one.
    """
    if not is_dataclass(record) or isinstance(record, type):
        return record
    changed: dict[str, Any] = {}
    for one in fields(record):
        value = getattr(record, one.name)
        if isinstance(value, tuple) and value and all(map(is_dataclass, value)):
            parts = [ordered(part) for part in value]
            found: Any = tuple(parts if IN_ORDER in one.metadata else _sorted(parts))
        else:
            found = ordered(value)
        if found is not value and found != value:
            changed[one.name] = found
    return replace(record, **changed)


def _sorted(parts: list[Any]) -> list[Any]:
    """By their ids where each has one of its own: all that stands in a policy is long."""
    ids = {getattr(part, "id", None) for part in parts}
    return sorted(parts, key=repr if None in ids or len(ids) < len(parts) else attrgetter("id"))
