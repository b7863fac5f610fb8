"""Runs of the engine on one stack: what it prints is the user's, what it decides is ours."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.cli.workspace import RehearsalError, Workspace

POLICY_PACK = "policy"


@dataclass(frozen=True)
class Result:
    """How a run ended. `changes` counts resources by operation, `same` included."""

    code: int
    changes: Mapping[str, int] = field(default_factory=dict)

    @property
    def changed(self) -> int:
        """How many resources are not `same`; reads leave nothing to do."""
        return sum(n for op, n in self.changes.items() if op not in ("same", "read"))


@dataclass(frozen=True)
class Stack:
    """One stack of the workspace, run in `environment`."""

    workspace: Workspace
    name: str
    environment: Mapping[str, str]

    def operate(self, *command: str) -> Result:
        """Run `preview`, `up`, `refresh` or `destroy`, printing as the engine does."""
        with tempfile.TemporaryDirectory(prefix="events-", dir=self.workspace.home) as directory:
            events = Path(directory) / "events.json"
            # Without its debug commands the engine has no event log, the only machine-readable
            # account of a run that still prints for people.
            process = subprocess.Popen(
                [*self._command(*command), "--event-log", str(events)],
                cwd=self.workspace.root,
                env={**self.environment, "PULUMI_DEBUG_COMMANDS": "true"},
            )
            return Result(_wait(process), _changes(events))

    def quiet(self, *command: str) -> None:
        """Run a command without output; raises `RehearsalError` with the engine's last line."""
        done = subprocess.run(
            [str(self.workspace.engine), *command, "--stack", self.name, "--non-interactive"],
            cwd=self.workspace.root,
            env=dict(self.environment),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise RehearsalError(f"pulumi {' '.join(command)} failed: {reason}")

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, secrets masked as the engine masks them."""
        done = subprocess.run(
            [str(self.workspace.engine), "stack", "output", "--json", "--stack", self.name],
            cwd=self.workspace.root,
            env=dict(self.environment),
            capture_output=True,
            text=True,
            check=False,
        )
        try:
            outputs = json.loads(done.stdout or "{}")
        except ValueError:
            outputs = {}
        return outputs if isinstance(outputs, dict) else {}

    def _command(self, *command: str) -> Iterator[str]:
        file = self.workspace.stacks / f"Pulumi.{self.name}.yaml"
        yield str(self.workspace.engine)
        yield from (*command, "--stack", self.name, "--config-file", str(file))
        if command[0] in ("preview", "up") and (self.workspace.root / POLICY_PACK).is_dir():
            yield from ("--policy-pack", POLICY_PACK)


def _wait(process: subprocess.Popen[bytes]) -> int:
    """The exit code. An interrupt reaches the engine too: it ends in its own time, state saved."""
    interrupted = False
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            interrupted = True
            continue
        if interrupted:
            raise KeyboardInterrupt
        return code


def _changes(events: Path) -> dict[str, int]:
    """The summary of an event log: one JSON object per line."""
    changes: dict[str, int] = {}
    if events.is_file():
        for line in events.read_text(encoding="utf-8").splitlines():
            summary = json.loads(line).get("summaryEvent")
            if summary:
                changes = {str(k): int(v) for k, v in summary["resourceChanges"].items()}
    return changes
