"""The `pulumi` of a rehearsal shell: the real engine, kept from writing into the checkout.

Commands that read a stack's configuration get `--config-file` with the stack's copy, and a stack
that has a file but no state yet is created. Commands that write it change the stack file itself, as
a person expects, but for secrets: they would be encrypted with the rehearsal's key. Everything else
reaches the engine as it was typed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from ops import project
from rehearsal.cli import stackfiles
from rehearsal.cli.workspace import ROOT, RehearsalError, Workspace, notice
from rehearsal.plugins.language.interpreter import DEBUG

WITH_CONFIGURATION = frozenset(
    ("up", "update", "preview", "pre", "refresh", "destroy", "down", "dn", "config", "cfg", "watch")
)
PROJECT_FLAGS = ("-C", "--cwd")
CONFIGURATION = ("config", "cfg")
# Commands of `config`; the second kind takes from, or writes for, the rehearsal alone.
WRITES = ("set", "set-all", "rm", "remove", "rm-all", "remove-all")
WRITES_HERE = ("refresh", "cp", "copy")


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
    file = prepare(workspace, stack, os.environ)
    command = words[1] if words[0] in CONFIGURATION and len(words) > 1 else ""
    if command in WRITES and not _is_secret(typed):
        file = stackfiles.source(workspace, stack)
    elif command in WRITES or command in WRITES_HERE:
        note(
            f"this changes the rehearsal's copy of Pulumi.{stack}.yaml alone, until that file "
            "changes: what is encrypted here is encrypted with the rehearsal's key. For your own "
            "backend set it in a shell without the rehearsal"
        )
    return [*typed, "--config-file", str(file)]


def _is_secret(typed: Sequence[str]) -> bool:
    return any(word == "--secret" or word.startswith("--secret=") for word in typed)


def note(words: str) -> None:
    """One line beside what the engine prints."""
    print(f"rehearsal: {words}", file=sys.stderr)


def prepare(workspace: Workspace, stack: str, environment: Mapping[str, str]) -> Path:
    """The stack's copy, up to date, its secrets encrypted; creates the stack when it is missing.

    A stack whose file is gone keeps its last copy, so that it can still be destroyed.
    """
    file = workspace.stacks / f"Pulumi.{stack}.yaml"
    is_orphan = file.is_file() and not (workspace.root / file.name).is_file()
    if not (is_orphan and workspace.has_stack(stack)):
        file = stackfiles.copy(workspace, stack)
    if not workspace.has_stack(stack):
        create(workspace, stack, environment)
    for path in stackfiles.placeholders(file):
        _engine(
            workspace,
            environment,
            *("config", "set", "--secret", "--path", path, stackfiles.PLACEHOLDER),
            *("--stack", stack, "--config-file", str(file)),
        )
    return file


def create(workspace: Workspace, stack: str, environment: Mapping[str, str]) -> None:
    """Create the stack in the file backend; its salt goes into the copy."""
    try:
        _engine(workspace, environment, "stack", "init", stack)
    except RehearsalError:
        if not workspace.has_stack(stack):
            raise


def _engine(workspace: Workspace, environment: Mapping[str, str], *command: str) -> None:
    done = subprocess.run(
        [str(workspace.engine), *command, "--non-interactive"],
        cwd=workspace.stacks,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise RehearsalError(f"pulumi {' '.join(command[:3])} failed: {reason}")


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
        given = arguments(workspace, typed) if project.root() == workspace.root else typed
    except RehearsalError as error:
        sys.exit(f"error: {error}")
    if "--config-file" in given and "--config-file" not in typed:
        print(notice(os.environ.get("AWS_ENDPOINT_URL", "no address")), file=sys.stderr)
    if {"-d", "--debug"} & set(typed):
        os.environ[DEBUG] = "1"
    os.execv(workspace.engine, [str(workspace.engine), *given])  # noqa: S606


if __name__ == "__main__":
    main()
