"""The real engine for tests: a workspace of its own, one server, stacks from plain mappings."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import boto3
import yaml
from botocore.config import Config

from local.cli import launcher
from local.cli.server import Server
from local.cli.workspace import Workspace

REGION = "us-east-1"
RUN_SECONDS = 300

# Every stack of the tests starts from this; small, and nothing that costs a test time.
BASE: Mapping[str, Any] = {
    "aws:region": REGION,
    "mwaa:airflowVersion": "2.10.3",
    "mwaa:environmentClass": "mw1.small",
    "mwaa:maxWorkers": 3,
    "mwaa:availabilityZones": ["us-east-1a", "us-east-1b"],
    "mwaa:protect": False,
    "mwaa:forceDestroy": True,
    "mwaa:keyDeletionWindowDays": 7,
    # Without anybody who may open the UI the program warns.
    "mwaa:webserverClientCidrs": ["10.64.0.0/16"],
}


@dataclass(frozen=True)
class Step:
    """One resource in a run: `op` is same, create, update, replace, delete, read or refresh."""

    op: str
    type: str
    name: str
    keys: tuple[str, ...]
    """What differs, where the engine says so."""


@dataclass(frozen=True)
class Outcome:
    """How a run of the engine ended."""

    code: int
    text: str
    """Standard output and error together, without colours."""
    changes: Mapping[str, int] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    errors: tuple[str, ...] = ()

    def touched(self, *unwanted: str) -> list[str]:
        """Every step that is not `same` or `read`, with what differs, in words."""
        skipped = {"same", "read", *unwanted}
        return [
            f"{step.op} {step.type} {step.name} {', '.join(step.keys)}".strip()
            for step in self.steps
            if step.op not in skipped
        ]

    def ops(self, *unwanted: str) -> set[tuple[str, str]]:
        """Operation and type of each step, without `same`, `read` and the operations given."""
        skipped = {"same", "read", *unwanted}
        return {(step.op, step.type) for step in self.steps if step.op not in skipped}


class Stack:
    """One stack of the program. `config` is the whole of its stack file."""

    def __init__(self, rehearsal: Rehearsal, name: str, config: Mapping[str, Any]) -> None:
        self.rehearsal = rehearsal
        self.name = name
        settings = {**BASE, "mwaa:environmentName": name, **config}
        self.config = {key: value for key, value in settings.items() if value is not None}
        self.environment = rehearsal.workspace.environment(
            rehearsal.server.port, str(self.config["aws:region"])
        )
        self._write({})
        launcher.create(rehearsal.workspace, name, self.environment)

    def set(self, **changes: Any) -> None:
        """Change settings of namespace `mwaa`; None takes one away."""
        for key, value in changes.items():
            self.config[f"mwaa:{key}"] = value
        self.config = {key: value for key, value in self.config.items() if value is not None}

    def up(self, *, policy: bool = True) -> Outcome:
        """`pulumi up` without the preview before it."""
        return self._run("up", "--yes", "--skip-preview", *_pack(policy))

    def preview(self, *, policy: bool = True) -> Outcome:
        """`pulumi preview`."""
        return self._run("preview", *_pack(policy))

    def refresh(self) -> Outcome:
        """`pulumi refresh`."""
        return self._run("refresh", "--yes", "--skip-preview")

    def destroy(self) -> Outcome:
        """`pulumi destroy`."""
        return self._run("destroy", "--yes", "--skip-preview")

    def outputs(self, *, secrets: bool = False) -> dict[str, Any]:
        """The stack's outputs."""
        show = ["--show-secrets"] if secrets else []
        text = self._engine("stack", "output", "--json", "--stack", self.name, *show).stdout
        outputs: dict[str, Any] = json.loads(text)
        return outputs

    def export(self) -> dict[str, Any]:
        """The stack's state, as `pulumi stack export` gives it."""
        text = self._engine("stack", "export", "--stack", self.name).stdout
        state: dict[str, Any] = json.loads(text)
        return state

    def remove(self) -> None:
        """Destroy what is left and forget the stack; for the end of a fixture."""
        self._engine("state", "unprotect", "--all", "--yes", "--stack", self.name)
        done = self.destroy()
        assert done.code == 0, done.text
        self._engine("stack", "rm", "--yes", "--preserve-config", "--stack", self.name)

    @property
    def file(self) -> Path:
        """The stack file; the engine adds its salt to it."""
        return self.rehearsal.workspace.stacks / f"Pulumi.{self.name}.yaml"

    def _write(self, kept: Mapping[str, Any]) -> None:
        text = yaml.safe_dump({**kept, "config": dict(self.config)}, sort_keys=False)
        self.file.write_text(text, encoding="utf-8")

    def _engine(self, *command: str) -> subprocess.CompletedProcess[str]:
        workspace = self.rehearsal.workspace
        return subprocess.run(
            [str(workspace.engine), *command, "--non-interactive"],
            cwd=workspace.root,
            env={**self.environment, "PULUMI_DEBUG_COMMANDS": "true", "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=RUN_SECONDS,
            check=False,
        )

    def _run(self, *command: str) -> Outcome:
        before = yaml.safe_load(self.file.read_text(encoding="utf-8"))
        self._write({k: v for k, v in before.items() if k != "config"})
        events = self.rehearsal.workspace.home / f"events-{self.name}.json"
        events.unlink(missing_ok=True)
        done = self._engine(
            *command,
            *("--stack", self.name, "--config-file", str(self.file)),
            *("--event-log", str(events), "--suppress-progress", "--color", "never"),
        )
        lines = events.read_text(encoding="utf-8").splitlines() if events.is_file() else []
        return _outcome(done, [json.loads(line) for line in lines])


@dataclass(frozen=True)
class Rehearsal:
    """One server and the stacks on it."""

    workspace: Workspace
    server: Server

    @property
    def url(self) -> str:
        """Where the emulated AWS answers."""
        return f"http://127.0.0.1:{self.server.port}"

    def stack(self, name: str, **settings: Any) -> Stack:
        """A new stack whose environment has its name; settings are those of namespace `mwaa`."""
        return Stack(self, name, {f"mwaa:{key}": value for key, value in settings.items()})

    def client(self, service: str, region: str = REGION) -> Any:
        """A boto3 client of the emulated account."""
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=self.url,
            region_name=region,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(inject_host_prefix=False, proxies={}),
        )

    def requests(self) -> list[dict[str, Any]]:
        """The emulated AWS's log of the requests since it was last forgotten."""
        entries: list[dict[str, Any]] = self._control("GET", "requests")["requests"]
        return entries

    def forget_requests(self) -> None:
        """Empty the request log."""
        self._control("DELETE", "requests")

    def _control(self, method: str, endpoint: str) -> dict[str, Any]:
        request = Request(f"{self.url}/_emulator/{endpoint}", method=method)
        with build_opener(ProxyHandler({})).open(request, timeout=30) as answer:
            document: dict[str, Any] = json.load(answer)
        return document


def _pack(policy: bool) -> tuple[str, ...]:
    return ("--policy-pack", "policy") if policy else ()


def _outcome(done: subprocess.CompletedProcess[str], events: list[dict[str, Any]]) -> Outcome:
    changes: dict[str, int] = {}
    steps: dict[str, Step] = {}
    errors: list[str] = []
    for event in events:
        if summary := event.get("summaryEvent"):
            changes = summary["resourceChanges"] or {}
        # A refresh learns what has changed only when it has read the resource.
        outcome = event.get("resOutputsEvent") or event.get("resourcePreEvent")
        if outcome:
            facts = outcome["metadata"]
            name = facts["urn"].rsplit("::", 1)[1]
            keys = tuple(sorted(facts.get("detailedDiff") or facts.get("diffs") or ()))
            steps[facts["urn"] + facts["op"]] = Step(facts["op"], facts["type"], name, keys)
        diagnostic = event.get("diagnosticEvent")
        if diagnostic and diagnostic["severity"] == "error":
            errors.append(diagnostic["message"])
        violation = event.get("policyEvent")
        if violation and violation["enforcementLevel"] == "mandatory":
            errors.append(f"{violation['policyName']}: {violation['message']}")
    return Outcome(
        done.returncode, done.stdout + done.stderr, changes, tuple(steps.values()), tuple(errors)
    )
