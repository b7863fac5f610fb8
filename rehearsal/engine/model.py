"""The facts about an engine that the rest of rehearsal needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

# The newest release that the Go module proxy serves as a module; its SDKs are compatible upwards.
VERSION = "3.259.0"
# Resource hooks and policy packs behave as the program expects from here on.
MINIMUM = (3, 220, 0)


@dataclass(frozen=True)
class Engine:
    """A `pulumi` executable. `official`: it has the published language host beside it."""

    path: Path
    version: str
    official: bool
    source: str


def parse(text: str) -> tuple[int, int, int] | None:
    """The three numbers of `v3.259.0` or `3.260.0-alpha.1`; None when there are not three."""
    numbers = text.strip().removeprefix("v").split("+")[0].split("-")[0].split(".")
    if len(numbers) != 3 or not all(number.isdigit() for number in numbers):
        return None
    major, minor, patch = (int(number) for number in numbers)
    return major, minor, patch


def suitable(text: str) -> bool:
    """Whether version `text` can run the program: the same major version, new enough."""
    version = parse(text)
    return version is not None and version[0] == MINIMUM[0] and version >= MINIMUM
