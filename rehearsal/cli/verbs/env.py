"""`env`: shell exports that make pulumi, the AWS CLI, boto3 and mwaa talk to the emulated AWS."""

from __future__ import annotations

import os
import shlex

from rehearsal.cli import server, stackfiles
from rehearsal.cli.console import Console
from rehearsal.cli.session import get_engine
from rehearsal.cli.workspace import UNSET, Workspace, no_proxy


def run(workspace: Workspace, stack: str, console: Console) -> None:
    """Print the exports on standard output; starts the server when it is not running."""
    get_engine(workspace, console)
    running = server.ensure(workspace, console.progress)
    variables = workspace.variables(running.port, stackfiles.region(workspace, stack))
    variables |= no_proxy(os.environ)
    variables["PATH"] = workspace.path(os.environ.get("PATH", ""))
    print(f"unset {' '.join(UNSET)}")
    for name, value in variables.items():
        print(f"export {name}={shlex.quote(value)}")
