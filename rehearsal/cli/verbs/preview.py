"""`preview`: what `up` would do, judged by the policy pack; changes nothing."""

from __future__ import annotations

from rehearsal.cli.console import Console
from rehearsal.cli.session import open_stack
from rehearsal.cli.workspace import RehearsalError, Workspace


def run(workspace: Workspace, stack: str, console: Console) -> None:
    """Preview the stack; raises `RehearsalError` when the plan breaks a rule or is not possible."""
    result = open_stack(workspace, stack, console).operate("preview")
    if result.code != 0:
        raise RehearsalError(f"the preview of stack {stack} failed: nothing was changed")
