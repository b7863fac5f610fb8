"""The folder that describes an environment: what AWS says of it, what Airflow holds, its files.

``mwaa upgrade --rehearse`` writes it (``ops/commands/upgrade/rehearsed.py``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rehearsal.cli.workspace import RehearsalError


@dataclass(frozen=True)
class Copy:
    """``description`` is GetEnvironment's answer, ``objects`` a file of ``mwaa export``, ``bucket``
    has the objects of the source bucket by their keys, and ``new`` the artifacts of the project by
    their kinds, which shall go with the change."""

    folder: Path

    @property
    def objects(self) -> Path:
        return self.folder / "objects.json"

    @property
    def bucket(self) -> Path:
        return self.folder / "bucket"

    @property
    def description(self) -> dict[str, Any]:
        """GetEnvironment's answer; ``RehearsalError`` where the folder is none of these."""
        file = self.folder / "environment.json"
        try:
            found: dict[str, Any] = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError):
            raise RehearsalError(
                f"{self.folder} is no copy of an environment: `mwaa upgrade --rehearse` makes one"
            ) from None
        return found

    @property
    def new(self) -> dict[str, bytes]:
        """Kind of artifact -> content."""
        folder = self.folder / "new"
        return {file.name: file.read_bytes() for file in sorted(folder.glob("*"))}
