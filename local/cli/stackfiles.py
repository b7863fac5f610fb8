"""Copies of the stack files that a rehearsal may write to.

Creating a stack writes an `encryptionsalt` into its file, and a real stack's secrets are encrypted
with a key that a rehearsal does not have. Both stay out of the checkout: the copy drops the real
secrets provider and puts a placeholder, still a secret, in the place of each encrypted value.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from local.cli.workspace import PROJECT, STACK_NAME, RehearsalError, Workspace

PLACEHOLDER = "rehearsal-placeholder"
DEFAULT_REGION = "us-east-1"

# What binds a stack to its backend; only the rehearsal's own salt is kept.
BINDINGS = ("secretsprovider", "encryptedkey", "encryptionsalt")


def source(workspace: Workspace, stack: str) -> Path:
    """The stack's file in the checkout.

    Raises `RehearsalError` naming the stacks that exist when there is none of this name.
    """
    if not STACK_NAME.fullmatch(stack):
        raise RehearsalError(
            f"stack {stack!r} is not a name; allowed: letters, digits, '-', '_' and '.', at most "
            "100, as in STACK=dev"
        )
    file = workspace.root / f"Pulumi.{stack}.yaml"
    if not file.is_file():
        names = sorted(path.name.split(".")[1] for path in workspace.root.glob("Pulumi.*.yaml"))
        raise RehearsalError(
            f"stack {stack!r} has no file Pulumi.{stack}.yaml; existing stacks: "
            f"{', '.join(names) or 'none'}; write the file or choose one of them"
        )
    return file


def copy(workspace: Workspace, stack: str) -> Path:
    """Bring the stack's copy up to date and return it; a copy without a source is kept as it is."""
    target = workspace.stacks / f"Pulumi.{stack}.yaml"
    old = read(target) if target.is_file() else {}
    new = read(source(workspace, stack))
    for name in BINDINGS:
        new.pop(name, None)
    if "encryptionsalt" in old:
        new["encryptionsalt"] = old["encryptionsalt"]
    config = new.get("config") or {}
    new["config"] = {key: _without_ciphers(value) for key, value in config.items()}
    if new != old:
        workspace.stacks.mkdir(parents=True, exist_ok=True)
        target.write_text(yaml.safe_dump(new, sort_keys=False), encoding="utf-8")
    # `stack init` runs beside the copies and wants a project there.
    project = workspace.stacks / "Pulumi.yaml"
    if not project.is_file():
        project.write_text(f"name: {PROJECT}\nruntime: python\n", encoding="utf-8")
    return target


def region(workspace: Workspace, stack: str) -> str:
    """The stack's `aws:region`; us-east-1 when its file names none or is not there."""
    try:
        config = read(source(workspace, stack)).get("config")
    except RehearsalError:
        return DEFAULT_REGION
    value = config.get("aws:region") if isinstance(config, dict) else None
    return value if isinstance(value, str) and value else DEFAULT_REGION


def read(file: Path) -> dict[str, Any]:
    """A stack file as plain data. Raises `RehearsalError` when it is not a YAML mapping."""
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f" at line {where.line + 1}" if where is not None else ""
        raise RehearsalError(f"{file.name} is not valid YAML{line}; correct it") from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise RehearsalError(
            f"{file.name} holds a {type(content).__name__}; a stack file is a mapping with 'config'"
        )
    return content


def _without_ciphers(value: object) -> object:
    if isinstance(value, Mapping):
        if set(value) == {"secure"}:
            return PLACEHOLDER
        return {key: _without_ciphers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_ciphers(item) for item in value]
    return value
