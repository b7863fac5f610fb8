"""The facts about an engine that the rest of rehearsal needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

# A release that the Go module proxy serves as a module, not older than the SDK (a test holds it).
VERSION = "3.274.1"
# The SDK's own version: an engine is compatible with older SDKs, not with newer ones.
MINIMUM = (3, 272, 0)


@dataclass(frozen=True)
class Engine:
    """A `pulumi` executable. `official`: it has the published language host beside it."""

    path: Path
    version: str
    official: bool
    source: str


def parse(text: str) -> tuple[int, int, int] | None:
    """The three numbers of `v3.274.1` or `3.260.0-alpha.1`; None when there are not three."""
    numbers = text.strip().removeprefix("v").split("+")[0].split("-")[0].split(".")
    if len(numbers) != 3 or not all(number.isdigit() for number in numbers):
        return None
    major, minor, patch = (int(number) for number in numbers)
    return major, minor, patch


def suitable(text: str) -> bool:
    """Whether version `text` can run the program: the same major version, new enough."""
    version = parse(text)
    return version is not None and version[0] == MINIMUM[0] and version >= MINIMUM
