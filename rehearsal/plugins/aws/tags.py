"""Tags in AWS's list form and in Pulumi's map form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def tag_list(tags: Mapping[str, str] | None) -> list[dict[str, str]]:
    """`[{"Key": ..., "Value": ...}]`, the form of most services."""
    return [{"Key": key, "Value": value} for key, value in (tags or {}).items()]


def tag_map(tags: Iterable[Mapping[str, Any]] | None) -> dict[str, str]:
    """The map of a list, whichever of AWS's two spellings the service uses."""
    pairs = ((t.get("Key", t.get("TagKey")), t.get("Value", t.get("TagValue"))) for t in tags or ())
    return {str(key): str(value) for key, value in pairs}


def own_tags(live: Mapping[str, str]) -> dict[str, str]:
    """The tags a program can hold: AWS keeps the prefix `aws:` for itself."""
    return {key: value for key, value in live.items() if not key.startswith("aws:")}
