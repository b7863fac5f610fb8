"""Servers of tests end with the tests, also when the tests are killed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from local.cli import server
from local.cli.workspace import ROOT, Workspace

# Its input ends when the process that holds the other side does, for whatever reason.
_GUARD = """
import sys
from pathlib import Path
from local.cli import server
from local.cli.workspace import ROOT, Workspace
sys.stdin.read()
server.stop(Workspace(ROOT, Path(sys.argv[1])))
"""


@contextmanager
def none_left(workspace: Workspace) -> Iterator[None]:
    """Whatever server this workspace has is stopped at the end of the block, or of this process."""
    guard = subprocess.Popen(
        [sys.executable, "-c", _GUARD, str(workspace.home)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        # A terminal's interrupt must not reach it.
        start_new_session=True,
    )
    try:
        yield
    finally:
        server.stop(workspace)
        guard.communicate()
