"""The real engine for tests: a workspace of its own, one server, stacks from plain mappings."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

import boto3
import yaml
from botocore.config import Config

from rehearsal.cli import events
from rehearsal.cli.server import ServerProcess
from rehearsal.cli.workspace import ROOT, Workspace
from tests.e2e.stacks import keys

REGION = "us-east-1"
RUN_SECONDS = 300
# The engine writes the whole state after every resource: half of its work in a create. Here it
# writes it at the end, when a run fails, too. (Both are variables of the engine; the second needs
# the first: https://www.pulumi.com/docs/iac/cli/environment-variables/, read 2026-11-27.)
ONE_CHECKPOINT = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}

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


# For a stack whose test is about something else: a tenth of the resources.
UNWATCHED: Mapping[str, Any] = {"alarms": False, "dashboard": False}
# And a third of a create or an update, which is the reading of the account before it.
UNPROVED: Mapping[str, Any] = {**UNWATCHED, "lastLook": False}


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
    """Standard output and error together, without colors."""
    changes: Mapping[str, int] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    errors: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    """Mandatory rules of the policy pack that the run breaks, sorted."""
    outputs_differ: bool = False

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
        self.environment |= keys.variables()
        self.call_as(rehearsal)
        self._initialize()

    def _initialize(self) -> None:
        """`pulumi stack init`; after the first stack what it wrote then, with another name."""
        workspace, own = self.rehearsal.workspace, self.rehearsal.workspace.state_of(self.name)
        first = workspace.home / "initialized.json"
        if own.is_file() or not first.is_file():
            self.write({})
            asked = ("stack", "init", self.name, "--secrets-provider", keys.PROVIDER)
            done = self._engine(*asked, folder=workspace.stacks)
            assert done.returncode == 0, done.stderr
            written = json.loads(own.read_text("utf-8"))
            first.write_text(json.dumps({"state": written, "stack_file": self._kept()}), "utf-8")
            return
        known = json.loads(first.read_text("utf-8"))
        state = known["state"]
        organization = state["checkpoint"]["stack"].rpartition("/")[0]
        state["checkpoint"]["stack"] = f"{organization}/{self.name}"
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(json.dumps(state), "utf-8")
        self.write(known["stack_file"])

    def call_as(self, rehearsal: Rehearsal) -> None:
        """Run the engine with the credentials of ``rehearsal`` from here on."""
        given = rehearsal.credentials.items()
        self.environment |= {name.upper(): value for name, value in given}

    def set(self, **changes: Any) -> None:
        """Change settings of namespace `mwaa`; None takes one away."""
        for key, value in changes.items():
            self.config[f"mwaa:{key}"] = value
        self.config = {key: value for key, value in self.config.items() if value is not None}

    def up(self, *flags: str, policy: bool = True) -> Outcome:
        """`pulumi up` without the preview before it."""
        return self._run("up", "--yes", "--skip-preview", *_pack(policy), *flags)

    def preview(self, *flags: str, policy: bool = True) -> Outcome:
        """`pulumi preview`."""
        return self._run("preview", *_pack(policy), *flags)

    def encrypt(self, setting: str, key: str, value: str) -> None:
        """Make one value of an object setting a secret, as `pulumi config set --secret` does."""
        self.encrypt_at(f'{setting}["{key}"]', value)

    def encrypt_at(self, path: str, value: str) -> None:
        """The same of a value anywhere in a setting."""
        self.write()
        done = self._engine(
            *("config", "set", "--secret", "--path", f"mwaa:{path}", value),
            *("--stack", self.name, "--config-file", str(self.file)),
        )
        assert done.returncode == 0, done.stderr
        self.config = yaml.safe_load(self.file.read_text(encoding="utf-8"))["config"]

    def refresh(self) -> Outcome:
        """`pulumi refresh`."""
        return self._run("refresh", "--yes", "--skip-preview")

    def destroy(self) -> Outcome:
        """`pulumi destroy`."""
        return self._run("destroy", "--yes", "--skip-preview")

    def import_from(self, file: Path) -> None:
        """`pulumi import --file`."""
        done = self._run("import", "--yes", "--file", str(file), "--generate-code=false")
        assert done.code == 0, done.errors or done.text

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs; those that are secret are of no use here."""
        resources = self.export()["deployment"]["resources"]
        (stack,) = (one for one in resources if one["type"] == "pulumi:pulumi:Stack")
        outputs: dict[str, Any] = stack["outputs"]
        return outputs

    def export(self) -> dict[str, Any]:
        """The stack's state in the form of `pulumi stack export`, read where the engine keeps it:
        to start the engine takes a while."""
        state = json.loads(self.rehearsal.workspace.state_of(self.name).read_text("utf-8"))
        return {"version": state["version"], "deployment": state["checkpoint"]["latest"]}

    def print(self, *command: str) -> str:
        """All that another command of the engine prints about this stack."""
        done = self._engine(*command, "--stack", self.name)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def verb(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """A verb of `mwaa` in the shell of the rehearsal."""
        return subprocess.run(
            [sys.executable, "-m", "ops", *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            env=self.environment,
            timeout=RUN_SECONDS,
        )

    def remove(self) -> None:
        """Destroy what is left and forget the stack; for the end of a fixture."""
        if self.export()["deployment"].get("resources"):
            self._engine("state", "unprotect", "--all", "--yes", "--stack", self.name)
            done = self.destroy()
            assert done.code == 0, done.text
        self.rehearsal.workspace.state_of(self.name).unlink()

    @property
    def file(self) -> Path:
        """The stack file; the engine adds where its key is kept."""
        return self.rehearsal.workspace.stacks / f"Pulumi.{self.name}.yaml"

    @property
    def events(self) -> Path:
        """The event log of the last run."""
        return self.rehearsal.workspace.home / f"events-{self.name}.json"

    def _kept(self) -> dict[str, Any]:
        """What the engine wrote into the stack file."""
        content: dict[str, Any] = yaml.safe_load(self.file.read_text(encoding="utf-8"))
        return {key: value for key, value in content.items() if key != "config"}

    def write(self, kept: Mapping[str, Any] | None = None) -> None:
        """Write the stack file, as each run does; ``kept`` is what the engine wrote into it."""
        found = self._kept() if kept is None else kept
        text = yaml.safe_dump({**found, "config": dict(self.config)}, sort_keys=False)
        self.file.write_text(text, encoding="utf-8")

    def _engine(
        self, *command: str, folder: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        workspace = self.rehearsal.workspace
        return subprocess.run(
            [str(workspace.engine), *command, "--non-interactive"],
            cwd=folder or workspace.root,
            # A run of the engine lives for seconds: its garbage may end with it.
            env={
                **self.environment,
                "PULUMI_DEBUG_COMMANDS": "true",
                "NO_COLOR": "1",
                "GOGC": "400",
                **ONE_CHECKPOINT,
            },
            capture_output=True,
            text=True,
            timeout=RUN_SECONDS,
            check=False,
        )

    def _run(self, *command: str) -> Outcome:
        self.write()
        self.events.unlink(missing_ok=True)
        done = self._engine(
            *command,
            *("--stack", self.name, "--config-file", str(self.file)),
            *("--event-log", str(self.events), "--suppress-progress", "--color", "never"),
        )
        return _outcome(done, self.events)


@dataclass(frozen=True)
class Rehearsal:
    """One server and the stacks on it; ``credentials`` are whose account and rights are asked."""

    workspace: Workspace
    server: ServerProcess
    credentials: Mapping[str, str] = field(
        default_factory=lambda: {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    )

    @property
    def url(self) -> str:
        """Where the emulated AWS answers."""
        return f"http://127.0.0.1:{self.server.port}"

    def stack(self, name: str, **settings: Any) -> Stack:
        """A new stack whose environment has its name; settings are those of namespace `mwaa`."""
        return Stack(self, name, {f"mwaa:{key}": value for key, value in settings.items()})

    def assume(self, role: str) -> Rehearsal:
        """The same server, asked by a session of a role, in the role's account."""
        answer = self.client("sts").assume_role(RoleArn=role, RoleSessionName="rehearsal")
        given = answer["Credentials"]
        return replace(
            self,
            credentials={
                "aws_access_key_id": given["AccessKeyId"],
                "aws_secret_access_key": given["SecretAccessKey"],
                "aws_session_token": given["SessionToken"],
            },
        )

    def client(self, service: str, region: str = REGION) -> Any:
        """A boto3 client of the emulated account."""
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=self.url,
            region_name=region,
            **self.credentials,
            config=Config(inject_host_prefix=False, proxies={}),
        )

    def requests(self, **fields: str) -> list[dict[str, Any]]:
        """The emulated AWS's log of the requests since it was last forgotten, by its fields."""
        query = f"requests?{urlencode(fields)}"
        entries: list[dict[str, Any]] = self._control("GET", query)["requests"]
        return entries

    def forget_requests(self) -> None:
        """Empty the request log."""
        self._control("DELETE", "requests")

    def empty(self) -> None:
        """Every account and every stack is gone at once: for the end of a module whose tests do
        not ask what a destroy does, which takes the engine seconds."""
        self._control("POST", "reset")
        workspace = self.workspace
        shutil.rmtree(workspace.state / ".pulumi" / "stacks", ignore_errors=True)
        for file in workspace.stacks.glob("Pulumi.*.yaml"):
            file.unlink()

    def _control(self, method: str, endpoint: str) -> dict[str, Any]:
        request = Request(f"{self.url}/_emulator/{endpoint}", method=method)
        with build_opener(ProxyHandler({})).open(request, timeout=30) as answer:
            document: dict[str, Any] = json.load(answer)
        return document


def _pack(policy: bool) -> tuple[str, ...]:
    return ("--policy-pack", "policy") if policy else ()


def _outcome(done: subprocess.CompletedProcess[str], log: Path) -> Outcome:
    lines = log.read_text(encoding="utf-8").splitlines() if log.is_file() else []
    steps: dict[str, Step] = {}
    errors: list[str] = []
    broken: set[str] = set()
    for event in map(json.loads, lines):
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
            broken.add(violation["policyName"])
    summary = events.read_summary(log)
    return Outcome(
        code=done.returncode,
        text=done.stdout + done.stderr,
        changes=summary.changes,
        steps=tuple(steps.values()),
        errors=tuple(errors),
        broken=tuple(sorted(broken)),
        outputs_differ=summary.outputs_differ,
    )
