"""`upgrade`: try the upgrade of an environment on a copy; `mwaa upgrade --rehearse` starts it."""

from __future__ import annotations

import json
from pathlib import Path

from rehearsal.cli.console import Console


def run(folder: Path, to: str, console: Console) -> None:
    """Print the report as JSON; `RehearsalError` where the copy cannot be built."""
    # Late: no other verb needs them.
    from rehearsal.copies.copy import Copy
    from rehearsal.copies.upgrade import rehearse

    print(json.dumps(rehearse(Copy(folder), to, console).data()))
