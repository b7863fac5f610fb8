"""`clean`: stops the emulated AWS and discards everything that rehearsal wrote in the checkout."""

from __future__ import annotations

import shutil

from rehearsal.airflow import record
from rehearsal.cli import server
from rehearsal.cli.console import Console
from rehearsal.cli.workspace import Workspace


def run(workspace: Workspace, console: Console) -> None:
    """Discard stacks, account and logs without a destroy; the engine's cache stays."""
    for place in record.places(workspace):
        record.stop(place)
        record.discard(place)
    server.stop(workspace)
    shutil.rmtree(workspace.home, ignore_errors=True)
    console.say("the rehearsal's state is discarded")
