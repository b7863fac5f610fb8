"""Runs of the engine on one stack: what it prints is the user's, what it decides is ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rehearsal.cli import events
from rehearsal.cli.events import RunSummary
from rehearsal.cli.workspace import RehearsalError, Workspace

POLICY_PACK = "policy"


@dataclass(frozen=True)
class Result:
    """How a run ended, and what it says of itself."""

    code: int
    summary: RunSummary = field(default_factory=RunSummary)


@dataclass(frozen=True)
class Stack:
    """One stack of the workspace, run in `environment`."""

    workspace: Workspace
    name: str
    environment: Mapping[str, str]

    def operate(self, *command: str, silenced: Sequence[str] = ()) -> Result:
        """Run `preview`, `up`, `refresh` or `destroy`, printing as the engine does.

        `silenced` names advisory rules whose findings have been printed already.
        """
        with self._scratch() as scratch:
            if command[0] in ("preview", "up"):
                command = (*command, *self._configured(silenced, scratch))
            # In a log the engine's dots of progress are noise; a terminal shows them as motion.
            if not sys.stdout.isatty():
                command = (*command, "--suppress-progress")
            process = self._start(command, scratch)
            return _ended(_wait(process), events.read_summary(scratch / "events.json"))

    def look(self, progress: Callable[[str], object]) -> Result:
        """Run `preview` without printing it, unless it fails: then all that the engine says."""
        with self._scratch() as scratch:
            file = scratch / "printed"
            color = "always" if sys.stdout.isatty() and "NO_COLOR" not in os.environ else "never"
            with file.open("wb") as printed:
                process = self._start(
                    (
                        *("preview", "--suppress-outputs", "--suppress-progress"),
                        *("--color", color, *self._configured((), scratch)),
                    ),
                    scratch,
                    stdout=printed,
                    stderr=subprocess.STDOUT,
                )
                log = scratch / "events.json"
                code = _wait(process, lambda: progress(_looking(events.steps(log))))
            if code != 0:
                sys.stdout.write(file.read_text(encoding="utf-8", errors="replace"))
                sys.stdout.flush()
            return _ended(code, events.read_summary(log))

    def quiet(self, *command: str) -> None:
        """Run a command without output; raises `RehearsalError` with the engine's last line."""
        done = self._captured(*command, "--non-interactive")
        if done.returncode != 0:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise RehearsalError(f"pulumi {' '.join(command)} failed: {reason}")

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, secrets masked as the engine masks them."""
        done = self._captured("stack", "output", "--json")
        try:
            outputs = json.loads(done.stdout or "{}")
        except ValueError:
            outputs = {}
        return outputs if isinstance(outputs, dict) else {}

    def exported(self) -> str:
        """The stack's state as JSON text, secrets encrypted; empty where there is none."""
        return self._captured("stack", "export").stdout

    def _captured(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.workspace.engine), *command, "--stack", self.name],
            cwd=self.workspace.root,
            env=dict(self.environment),
            capture_output=True,
            text=True,
            check=False,
        )

    def _configured(self, silenced: Sequence[str], scratch: Path) -> tuple[str, ...]:
        """The user's configuration of the pack, with the `silenced` rules off."""
        given = self.workspace.policy_config
        content = policy_config(given) if given else {}
        content |= dict.fromkeys(silenced, "disabled")
        if not content:
            return ()
        file = scratch / "policy.json"
        file.write_text(json.dumps(content), encoding="utf-8")
        return ("--policy-pack-config", str(file))

    @contextmanager
    def _scratch(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix="run-", dir=self.workspace.home) as directory:
            yield Path(directory)

    def _start(
        self, command: Sequence[str], scratch: Path, **streams: Any
    ) -> subprocess.Popen[bytes]:
        # Without its debug commands the engine has no event log.
        return subprocess.Popen(
            [*self._command(*command), "--event-log", str(scratch / "events.json")],
            cwd=self.workspace.root,
            env={**self.environment, "PULUMI_DEBUG_COMMANDS": "true"},
            **streams,
        )

    def _command(self, *command: str) -> Iterator[str]:
        file = self.workspace.stacks / f"Pulumi.{self.name}.yaml"
        yield str(self.workspace.engine)
        yield from (*command, "--stack", self.name, "--config-file", str(file))
        if command[0] in ("preview", "up") and (self.workspace.root / POLICY_PACK).is_dir():
            yield from ("--policy-pack", POLICY_PACK)


def policy_config(file: Path) -> dict[str, Any]:
    """A configuration of the policy pack: rule to enforcement, or to a mapping with it.

    Raises `RehearsalError` where the file holds none.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RehearsalError(f"POLICY_CONFIG={file}: {error}; {_FORM}") from None
    if not isinstance(content, dict):
        raise RehearsalError(f"POLICY_CONFIG={file}: holds a {type(content).__name__}; {_FORM}")
    return content


_FORM = (
    "give a JSON file of rule to enforcement, such as policy/profiles/no-internet.json "
    "(docs/guides/policy-pack.md)"
)


def _looking(steps: int) -> str:
    return f"preview: {steps} resources" if steps else "preview: reading the program"


def _ended(code: int, summary: RunSummary) -> Result:
    """The result, or `KeyboardInterrupt` where the engine alone got the signal."""
    if code != 0 and summary.canceled:
        raise KeyboardInterrupt
    return Result(code, summary)


def _wait(process: subprocess.Popen[bytes], tick: Callable[[], object] | None = None) -> int:
    """The exit code. An interrupt reaches the engine too: it ends in its own time, state saved."""
    interrupted = False
    while True:
        try:
            code = process.wait(timeout=None if tick is None else 0.5)
        except subprocess.TimeoutExpired:
            if tick is not None:
                tick()
            continue
        except KeyboardInterrupt:
            interrupted = True
            continue
        if interrupted:
            raise KeyboardInterrupt
        return code
