"""The `pulumi` of a rehearsal shell: the real engine, kept from writing into the checkout.

Commands that read a stack's configuration get `--config-file` with the stack's copy, and a stack
that has a file but no state yet is created. Everything else reaches the engine as it was typed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from local.cli import stackfiles
from local.cli.workspace import ROOT, RehearsalError, Workspace

WITH_CONFIGURATION = frozenset(
    ("up", "update", "preview", "pre", "refresh", "destroy", "down", "dn", "config", "cfg", "watch")
)
PROJECT_FLAGS = ("-C", "--cwd")


def arguments(workspace: Workspace, typed: Sequence[str]) -> list[str]:
    """What the engine is given for what the user typed; creates the stack when it is missing."""
    words = [word for word in typed if not word.startswith("-")]
    elsewhere = any(word.split("=")[0] in PROJECT_FLAGS for word in typed)
    if not words or words[0] not in WITH_CONFIGURATION or elsewhere or "--help" in typed:
        return list(typed)
    stack = option(typed, "-s", "--stack") or selected(workspace)
    if stack is None or option(typed, "--config-file"):
        return list(typed)
    stack = stack.rsplit("/", 1)[-1]
    file = stackfiles.copy(workspace, stack)
    if not workspace.has_stack(stack):
        create(workspace, stack, os.environ)
    return [*typed, "--config-file", str(file)]


def create(workspace: Workspace, stack: str, environment: Mapping[str, str]) -> None:
    """Create the stack in the file backend; its salt goes into the copy."""
    done = subprocess.run(
        [str(workspace.engine), "stack", "init", stack, "--non-interactive"],
        cwd=workspace.stacks,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0 and not workspace.has_stack(stack):
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise RehearsalError(f"stack {stack!r} could not be created: {reason}")


def option(typed: Sequence[str], *names: str) -> str | None:
    """The value of an option written as `-s x`, `--stack x` or `--stack=x`."""
    for index, word in enumerate(typed):
        name, equals, value = word.partition("=")
        if name in names:
            return value if equals else next(iter(typed[index + 1 :]), None)
    return None


def selected(workspace: Workspace) -> str | None:
    """The stack that `pulumi stack select` chose for this checkout; None without one."""
    for file in (workspace.pulumi_home / "workspaces").glob("*-workspace.json"):
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(content, dict) and isinstance(stack := content.get("stack"), str):
            return stack
    return None


def main() -> None:
    """Replace this process with the engine."""
    workspace = Workspace(ROOT, Path(sys.argv[1]))
    typed = sys.argv[2:]
    try:
        given = arguments(workspace, typed) if Path.cwd() == workspace.root else typed
    except RehearsalError as error:
        sys.exit(f"error: {error}")
    os.execv(workspace.engine, [str(workspace.engine), *given])  # noqa: S606


if __name__ == "__main__":
    main()
