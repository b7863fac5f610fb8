"""The settings of a stack, for the verbs: through the engine, or from the stack file alone."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ops import project
from ops.errors import FailedError, RefusedError
from ops.history import KINDS
from ops.target import MASKED, pulumi
from ops.terminal import say

PREFIX = "mwaa:"
"""Before the names of the program's settings; the others are the provider's."""


def file_of(stack: str) -> Path:
    """Where the settings of a stack stand."""
    return project.root() / f"Pulumi.{stack}.yaml"


def load(path: Path) -> dict[str, Any]:
    """A stack file as plain data. Raises ``RefusedError`` where it is not a YAML mapping."""
    import yaml

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f" at line {where.line + 1}" if where is not None else ""
        raise RefusedError(f"{path.name} is not valid YAML{line}; correct it") from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise RefusedError(
            f"{path.name} holds a {type(content).__name__}; a stack file is a mapping with 'config'"
        )
    config = content.get("config") or {}
    if not isinstance(config, dict):
        raise RefusedError(
            f"{path.name}: config holds a {type(config).__name__}. Allowed: a mapping of settings, "
            "each on a line of its own as `mwaa:maxWorkers: 3`. Correct it"
        )
    return content


def of_file(stack: str) -> dict[str, str]:
    """The settings in the file of ``stack``, each as the text that the engine would hand on.

    Without those that are secret: nothing that is judged before a create needs them.
    """
    path = file_of(stack)
    if not path.is_file():
        raise RefusedError(
            f"{path.name} is not in {path.parent}; stacks there: "
            f"{', '.join(project.stacks()) or 'none'}. Give one of them, or the project's folder "
            "with -C"
        )
    values = shared() | (load(path).get("config") or {})
    return {
        key: MASKED if _is_secret(value) else text_of(value)
        for key, value in values.items()
        if not (key.startswith(PREFIX) and _is_secret(value))
    }


def _is_secret(value: Any) -> bool:
    """Whether a value of a stack file is encrypted, or something within it."""
    if isinstance(value, Mapping):
        return set(value) == {"secure"} or any(map(_is_secret, value.values()))
    return isinstance(value, list) and any(map(_is_secret, value))


def shared(folder: Path | None = None) -> dict[str, Any]:
    """What the project file gives to every stack: defaults, and values of other namespaces.

    https://www.pulumi.com/docs/iac/concepts/config/ (project-level configuration, read 2026-11-27)
    """
    path = (folder or project.root()) / project.FILE
    if not path.is_file():
        return {}
    declared = load(path)
    found = {}
    for name, entry in (declared.get("config") or {}).items():
        value = entry.get("default", entry.get("value")) if isinstance(entry, Mapping) else entry
        if value is not None:
            found[name if ":" in name else f"{declared.get('name')}:{name}"] = value
    return found


def of_engine(stack: str, path: str = "") -> dict[str, str]:
    """The settings of ``stack`` (empty: the selected one), as the engine hands them on.

    ``path`` is the stack file where it has another name. Without secret ones, as ``of_file``.
    """
    file = ("--config-file", path) if path else ()
    raw: dict[str, Any] = json.loads(pulumi("config", "--json", *file, stack=stack) or "{}")
    return {
        key: text_of(item.get("objectValue", item.get("value", "")))
        for key, item in raw.items()
        if not item.get("secret")
    }


def of_program(values: Mapping[str, str]) -> dict[str, str]:
    """The program's own settings among ``values``, as it names them."""
    return {k.removeprefix(PREFIX): v for k, v in values.items() if k.startswith(PREFIX)}


def text_of(value: Any) -> str:
    """A value of a stack file as the text that the engine hands on (seen: 3.274.1).

    A setting without a value is an empty text, ``3.0`` is 3, and a date, which YAML makes of
    2026-01-01 without quotes, is text.
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    is_text = isinstance(value, str | date)
    return str(value) if is_text else json.dumps(value, default=str)


@dataclass
class StackFile:
    """The settings of ``stack``, through the engine; ``path`` where the file has another name."""

    stack: str
    path: str = ""
    _values: Mapping[str, str] | None = field(default=None, init=False)

    @property
    def values(self) -> Mapping[str, str]:
        """All settings, read at once (each run of the engine takes half a second) and again after
        a change."""
        if self._values is None:
            self._values = of_engine(self.stack, self.path)
        return self._values

    def get(self, name: str) -> str:
        """The value of the program's setting ``name``, empty when it is not set."""
        return self.values.get(PREFIX + name, "")

    def set(self, name: str, value: str) -> None:
        """Give ``name`` a value."""
        self._pulumi("config", "set", name, value)
        self._values = None

    def remove(self, name: str) -> None:
        """Take the setting away; a second time changes nothing."""
        self._pulumi("config", "rm", name)
        self._values = None

    def files(self) -> dict[str, bytes]:
        """Kind -> content of the file that the settings name, where there is one."""
        found: dict[str, bytes] = {}
        for kind in KINDS:
            path = self.get(f"{kind}File")
            file = project.root() / path
            if path and file.is_file():
                found[kind] = file.read_bytes()
        return found

    def resources(self) -> list[dict[str, Any]]:
        """The resources of the engine's state."""
        exported = json.loads(pulumi("stack", "export", stack=self.stack) or "{}")
        found: list[dict[str, Any]] = exported.get("deployment", {}).get("resources") or []
        return found

    def up(self) -> None:
        """Run ``pulumi up``; ``FailedError`` when it fails."""
        say("pulumi up: the environment takes the restored files")
        self._run(
            ("up", "--yes", "--skip-preview"),
            "the files are restored and pulumi up failed; correct what it names and run "
            "`mwaa rollback` again",
        )

    def refresh(self) -> None:
        """Run ``pulumi refresh``: the state learns what is in AWS, and AWS is not changed."""
        say("pulumi refresh: the state learns what the environment runs")
        self._run(
            ("refresh", "--yes", "--skip-preview"),
            "pulumi refresh failed; correct what it names and run the same command again",
        )

    def preview(self) -> str:
        """The output of ``pulumi preview --json``, of one that failed, too."""
        done = subprocess.run(
            [_program(), "preview", "--json", "--non-interactive", *self._chosen],
            capture_output=True,
            text=True,
            check=False,
        )
        if "{" not in done.stdout:
            raise FailedError(f"pulumi preview failed: {done.stderr.strip()}")
        return done.stdout

    def _run(self, arguments: Sequence[str], failed: str) -> None:
        # Progress goes to standard error: standard output holds the result alone.
        done = subprocess.run(
            [_program(), *arguments, "--non-interactive", *self._chosen],
            stdout=sys.stderr,
            check=False,
        )
        if done.returncode != 0:
            raise FailedError(failed)

    @property
    def _chosen(self) -> list[str]:
        return [*(["--stack", self.stack] if self.stack else []), *self._file]

    @property
    def _file(self) -> list[str]:
        return ["--config-file", self.path] if self.path else []

    def _pulumi(self, *arguments: str) -> str:
        return pulumi(*arguments, *self._file, stack=self.stack)


def _program() -> str:
    program = shutil.which("pulumi")
    assert program is not None  # the settings were read with it
    return program
