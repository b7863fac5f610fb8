"""`preview`: what `up` would do, judged by the policy pack, and what it means; changes nothing."""

from __future__ import annotations

from rehearsal.cli import impact, stackfiles
from rehearsal.cli.console import Console
from rehearsal.cli.session import open_stack
from rehearsal.cli.workspace import RehearsalError, Workspace


def run(workspace: Workspace, stack: str, console: Console) -> None:
    """Preview the stack; raises `RehearsalError` when the plan breaks a rule or is not possible."""
    stackfiles.judge(workspace, stack)
    opened = open_stack(workspace, stack, console)
    result = opened.operate("preview")
    plan = result.summary
    # A preview that is not whole has counted nothing.
    if plan.has_work and plan.changes:
        console.say("impact:")
        for line in impact.lines(plan, workspace.root, opened.environment, fails=result.code != 0):
            console.say(f"  {line}")
    if result.code != 0:
        raise RehearsalError(f"the preview of stack {stack} failed: nothing was changed")
