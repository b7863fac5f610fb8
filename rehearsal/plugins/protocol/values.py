"""The engine's property values in Python: plain JSON values and the few kinds JSON does not have.

Plain values are None, bool, int, float, str, lists and dicts with string keys. Whole numbers are
`int`, because AWS refuses `5.0` where it wants `5`; on the wire every number is a double.
Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/properties.go
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

Value = Any
"""A plain value, or a tree of them whose leaves may be the kinds below."""

Path = tuple[str | int, ...]
"""Where a value stands in a tree: keys of dicts and indices of lists, from the root."""


class Unknown:
    """A value that does not exist before an update; there is one instance, `UNKNOWN`."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


@dataclass(frozen=True)
class Secret:
    """A value that state, diffs and logs must encrypt or hide."""

    value: Value

    def __repr__(self) -> str:
        return "Secret(...)"


@dataclass(frozen=True)
class OutputValue:
    """A value with what is known about it; `dependencies` are URNs."""

    value: Value
    secret: bool = False
    dependencies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reference:
    """Another resource as a value; `id` is None for components."""

    urn: str
    id: Value = None
    version: str = ""


@dataclass(frozen=True)
class Asset:
    """A file (`path`, relative to the program) or a text; `hash` is SHA-256 in hexadecimal."""

    path: str | None = None
    text: str | None = None
    uri: str | None = None
    hash: str | None = None

    def content(self) -> bytes:
        """The bytes. Raises ValueError for a remote asset, OSError for a missing file."""
        if self.text is not None:
            return self.text.encode()
        if self.path is not None:
            return FilePath(self.path).read_bytes()
        raise ValueError(
            f"The asset {self.uri!r} is remote. Rehearsal reads no network but the emulated AWS: "
            "use a FileAsset or a StringAsset."
        )

    def fingerprint(self) -> str:
        """The hash the engine computed, or else the hash of the content."""
        return self.hash or hashlib.sha256(self.content()).hexdigest()


@dataclass(frozen=True)
class Archive:
    """A folder or archive file. Carried through unchanged: no rehearsed resource packs one."""

    path: str | None = None
    uri: str | None = None
    assets: Mapping[str, Value] | None = None
    hash: str | None = None


def reveal(value: Value) -> Value:
    """The tree without secret and output marks; what was unknown stays `UNKNOWN`."""
    if isinstance(value, Secret | OutputValue):
        return reveal(value.value)
    if isinstance(value, dict):
        return {key: reveal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [reveal(item) for item in value]
    return value


def secret_paths(value: Value, at: Path = ()) -> Iterator[Path]:
    """Where secrets stand in the tree, outermost first."""
    if isinstance(value, Secret) or (isinstance(value, OutputValue) and value.secret):
        yield at
    elif isinstance(value, OutputValue):
        yield from secret_paths(value.value, at)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from secret_paths(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from secret_paths(item, (*at, index))


def conceal(value: Value, paths: Iterable[Path]) -> Value:
    """The plain tree with secrets at `paths`.

    Where a path no longer exists its deepest remaining ancestor becomes the secret: a value may
    have moved within it, and hiding too much is the safe mistake. The root is never one.
    """
    for path in paths:
        if path and isinstance(value, dict) and path[0] in value:
            value = {**value, path[0]: _conceal_at(value[path[0]], path[1:])}
    return value


def _conceal_at(value: Value, path: Path) -> Value:
    if isinstance(value, Secret):
        return value
    if path and isinstance(value, dict) and path[0] in value:
        return {**value, path[0]: _conceal_at(value[path[0]], path[1:])}
    if path and isinstance(value, list) and isinstance(path[0], int) and path[0] < len(value):
        item = _conceal_at(value[path[0]], path[1:])
        return [*value[: path[0]], item, *value[path[0] + 1 :]]
    return Secret(value)


def contains_unknown(value: Value) -> bool:
    """Whether any part of the tree is unknown."""
    if isinstance(value, Secret | OutputValue):
        return contains_unknown(value.value)
    if isinstance(value, dict):
        return any(contains_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(contains_unknown(item) for item in value)
    return value is UNKNOWN
