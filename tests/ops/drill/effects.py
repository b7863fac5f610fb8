"""Faults at effects on this machine: a kill before, within or after each write of a file."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.ops.faults import Killed


@dataclass
class Effects:
    """Counts the points at which a process may end, and ends it at point ``at`` (from 1)."""

    at: int = 0
    count: int = 0

    def point(self) -> None:
        """A moment between two effects."""
        self.count += 1
        if self.count == self.at:
            raise Killed


@contextmanager
def killed_at(effects: Effects) -> Iterator[None]:
    """Every write of a file has three points, every move of one has two."""
    write, move, remove = Path.write_bytes, Path.replace, Path.unlink

    def write_bytes(path: Path, data: bytes) -> int:
        effects.point()
        write(path, data[: len(data) // 2])
        effects.point()
        done = write(path, data)
        effects.point()
        return done

    def replace(path: Path, target: Any) -> Path:
        effects.point()
        done = move(path, target)
        effects.point()
        return done

    def unlink(path: Path, missing_ok: bool = False) -> None:
        effects.point()
        remove(path, missing_ok=missing_ok)

    with (
        patch.object(Path, "write_bytes", write_bytes),
        patch.object(Path, "replace", replace),
        patch.object(Path, "unlink", unlink),
        patch.object(shutil, "copymode", lambda *_: effects.point()),
        suppress(Killed),
    ):
        yield
