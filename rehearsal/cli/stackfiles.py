"""Copies of the stack files that a rehearsal may write to.

Creating a stack writes an `encryptionsalt` into its file, and a real stack's secrets are encrypted
with a key that a rehearsal does not have. Both stay out of the checkout: the copy drops the real
secrets provider and puts a placeholder in the place of each encrypted value. `launcher.prepare`
then encrypts it with the rehearsal's own key, so that a secret setting is rehearsed as a secret.
What is set in a copy stays until the stack file itself changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from ops import stack as stack_file
from ops.errors import RefusedError
from rehearsal.cli.published import CONFIGURATION
from rehearsal.cli.workspace import PROJECT, STACK_NAME, RehearsalError, Workspace

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
    """Bring the stack's copy up to date with its source and return it."""
    given = source(workspace, stack)
    target = workspace.stacks / f"Pulumi.{stack}.yaml"
    # Beside the copy, not in it: the engine refuses keys that it does not know.
    more = CONFIGURATION if workspace.published else {}
    mark = target.with_suffix(".source")
    digest = hashlib.sha256(given.read_bytes() + "".join(more).encode()).hexdigest()
    if target.is_file() and mark.is_file() and mark.read_text(encoding="utf-8") == digest:
        return target
    old = read(target) if target.is_file() else {}
    new = read(given)
    for name in BINDINGS:
        new.pop(name, None)
    if "encryptionsalt" in old:
        new["encryptionsalt"] = old["encryptionsalt"]
    given_config = {**(new.get("config") or {}), **more}
    new["config"] = _without_ciphers(given_config, old.get("config") or {})
    workspace.stacks.mkdir(parents=True, exist_ok=True)
    target.write_text(yaml.safe_dump(new, sort_keys=False), encoding="utf-8")
    mark.write_text(digest, encoding="utf-8")
    # `stack init` runs beside the copies and wants a project there.
    project = workspace.stacks / "Pulumi.yaml"
    if not project.is_file():
        project.write_text(f"name: {PROJECT}\nruntime: python\n", encoding="utf-8")
    return target


def judge(workspace: Workspace, stack: str) -> None:
    """Refuses the settings of the stack's file that the program would refuse, in its words.

    Before the engine and the emulated AWS are started, which takes longer. Raises `RehearsalError`
    with every problem. A stack whose file is gone is not judged.
    """
    # Here, because it takes longer than all else that each `pulumi` of a rehearsal shell does.
    from mwaa.settings.load import Settings
    from mwaa.settings.problems import SettingsError

    if not (workspace.root / f"Pulumi.{stack}.yaml").is_file() and workspace.has_stack(stack):
        return
    config = stack_file.shared(workspace.root) | (
        read(source(workspace, stack)).get("config") or {}
    )
    clear = {key: _without_ciphers(value, None) for key, value in config.items()}
    values = {key: stack_file.text_of(value) for key, value in clear.items()}
    encrypted = {key: "" for key, value in clear.items() if value != config[key]}
    try:
        Settings.load(
            stack_file.of_program(values),
            region=values.get("aws:region", ""),
            base=workspace.root,
            secrets=list(stack_file.of_program(encrypted)),
        )
    except SettingsError as problem:
        raise RehearsalError(f"Pulumi.{stack}.yaml: {problem}") from None


def placeholders(file: Path) -> list[str]:
    """Where a copy still holds a placeholder in clear, as paths for `pulumi config set --path`."""
    config = read(file).get("config") or {}
    return [
        f"{key}{rest}" for key, value in config.items() for rest in _paths_to_placeholders(value)
    ]


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
        return stack_file.load(file)
    except RefusedError as problem:
        raise RehearsalError(str(problem)) from problem


def _without_ciphers(value: object, old: object) -> object:
    """`value` with a placeholder for each cipher, or what `old` holds encrypted in its place."""
    if isinstance(value, Mapping):
        before = old if isinstance(old, Mapping) else {}
        if set(value) == {"secure"}:
            return dict(before) if set(before) == {"secure"} else PLACEHOLDER
        return {key: _without_ciphers(item, before.get(key)) for key, item in value.items()}
    if isinstance(value, list):
        earlier = old if isinstance(old, list) and len(old) == len(value) else [None] * len(value)
        return [_without_ciphers(*pair) for pair in zip(value, earlier, strict=True)]
    return value


def _paths_to_placeholders(value: object) -> Iterator[str]:
    if value == PLACEHOLDER:
        yield ""
    elif isinstance(value, Mapping):
        for key, item in value.items():
            name = str(key).replace("\\", "\\\\").replace('"', '\\"')
            yield from (f'["{name}"]{rest}' for rest in _paths_to_placeholders(item))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from (f"[{index}]{rest}" for rest in _paths_to_placeholders(item))
