"""A rollback that is disturbed at each effect: requests, files, settings, and the update itself.

The program is replaced by what it does to S3 and to the environment; its own interruptions are the
engine's to survive, and here every moment of it is a point at which all ends.
"""

import contextlib
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mwaa.service.artifacts import EMPTY, KEYS
from ops.aws import AwsSession
from ops.commands.rollback import go_back
from ops.history import KINDS, Update, Version, stored
from ops.stack import StackFile
from ops.target import Target
from tests.ops.drill.effects import Effects, killed_at
from tests.ops.faults import Fault, Killed, faulty

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

KILLED = "killed at a file, a setting or the update"
MOST = 60
START = datetime(2026, 1, 1, tzinfo=UTC)
OLD = {"requirements": b"one==1\n", "plugins": b"archive"}
NEW = {"requirements": b"two==2\n", "startupScript": b"#!/bin/sh\n"}


@dataclass
class World:
    """A project in the working folder, its bucket, its settings and its environment."""

    s3: "S3Client"
    bucket: str
    effects: Effects = field(default_factory=Effects)
    settings: dict[str, str] = field(default_factory=dict)
    deployed: dict[str, str] = field(default_factory=dict)
    delivered: set[str] = field(default_factory=set)
    ups: list[Update] = field(default_factory=list)
    uploaded: dict[str, datetime] = field(default_factory=dict)
    minutes: int = 0
    asked: datetime = START

    def target(self) -> Target:
        """The environment as it is described now."""
        account = AwsSession()
        account.__dict__["s3"] = self.s3
        facts: dict[str, Any] = {"SourceBucketArn": f"arn:aws:s3:::{self.bucket}"}
        for kind, (path, version) in KINDS.items():
            if kind in self.deployed:
                facts |= {path: KEYS[kind], version: self.deployed[kind]}
        keys = {f"{kind}Key": KEYS[kind] for kind in KINDS}
        described: Any = facts
        return Target(account, "prod", described, keys)

    def versions(self) -> list[Version]:
        """What the bucket keeps, at the times of this world."""
        found = [
            # An upload whose answer never came happened when it was asked for.
            replace(one, uploaded=self.uploaded.setdefault(one.id, self.asked))
            for one in stored(self.target())
        ]
        return sorted(found, key=lambda one: one.uploaded)

    def now(self) -> datetime:
        """Later than ever before."""
        self.minutes += 1
        return START + timedelta(minutes=self.minutes)

    def read(self, kind: str) -> bytes:
        """The bytes that the environment runs."""
        answer = self.s3.get_object(
            Bucket=self.bucket, Key=KEYS[kind], VersionId=self.deployed[kind]
        )
        return answer["Body"].read()

    def running(self) -> dict[str, bytes]:
        """Kind -> those bytes, without what only stands in for nothing."""
        found = {kind: self.read(kind) for kind in self.deployed}
        return {kind: content for kind, content in found.items() if content != EMPTY[kind]}

    def up(self) -> None:
        """What the program does: objects for changed files, then one update, then its record."""
        began, wanted = self.now(), dict[str, str]()
        running = {kind: self.read(kind) for kind in self.deployed}
        for kind in KINDS:
            name = self.settings.get(f"{kind}File")
            if not name and kind not in self.delivered:
                continue
            content = Path(name).read_bytes() if name else EMPTY[kind]
            wanted[kind] = self.deployed.get(kind, "")
            if running.get(kind) != content:
                self.effects.point()
                self.asked = self.now()
                answer = self.s3.put_object(Bucket=self.bucket, Key=KEYS[kind], Body=content)
                wanted[kind] = answer["VersionId"]
                self.uploaded[wanted[kind]] = self.asked
        self.effects.point()
        self.deployed = wanted
        self.effects.point()
        self.delivered |= wanted.keys()
        number, kinds = (
            len(self.ups) + 1,
            frozenset(k for k in KINDS if f"{k}File" in self.settings),
        )
        self.ups.append(Update(number, began, self.now(), True, kinds=kinds))


@dataclass
class Settings(StackFile):
    """The stack's settings in memory; each change may be the last thing that happens."""

    world: World = field(kw_only=True)

    def get(self, name: str) -> str:
        return self.world.settings.get(name, "")

    def set(self, name: str, value: str) -> None:
        self.world.effects.point()
        self.world.settings[name] = value
        self.world.effects.point()

    def remove(self, name: str) -> None:
        self.world.effects.point()
        self.world.settings.pop(name, None)
        self.world.effects.point()

    def up(self) -> None:
        self.world.up()


def attempt(world: World) -> object:
    """One run of the verb; the set it went to, or None."""
    goal, _ = go_back(world.target(), world.versions(), world.ups, Settings("prod", world=world))
    return goal


@contextmanager
def _world(s3: "S3Client") -> Iterator[World]:
    """Two updates: OLD, then NEW, which drops the plugins and brings a startup script."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        world = World(s3, f"drill-{uuid.uuid4().hex[:12]}")
        s3.create_bucket(Bucket=world.bucket)
        s3.put_bucket_versioning(Bucket=world.bucket, VersioningConfiguration={"Status": "Enabled"})
        Path("notes.txt").write_text("mine")
        for contents in (OLD, NEW):
            world.settings = {f"{kind}File": KEYS[kind] for kind in contents}
            for kind, content in contents.items():
                Path(KEYS[kind]).write_bytes(content)
            if "plugins" not in contents:
                Path(KEYS["plugins"]).unlink()
            world.up()
        yield world


def _converged(world: World) -> bool:
    files = {kind: Path(world.settings[f"{kind}File"]).read_bytes() for kind in OLD}
    return (
        world.running() == OLD
        and files == OLD
        and "startupScriptFile" not in world.settings
        and Path("notes.txt").read_text() == "mine"
        and not list(Path().rglob("*.part"))
        # Once more: nothing, and certainly not forward again.
        and attempt(world) is None
    )


def drill_requests(s3: "S3Client", fault: Fault) -> tuple[int, int]:
    """Fault points of its requests, and how many were survived."""
    survived = 0
    for at in range(1, MOST):
        with _world(s3) as world:
            with faulty(s3, fault, at) as wire, suppress(Killed):
                attempt(world)
            if wire.count < at:
                return at - 1, survived
            if world.running() != OLD:
                attempt(world)
            survived += _converged(world)
    raise RuntimeError("a rollback needs fewer requests than this")


def drill_effects(s3: "S3Client") -> tuple[int, int]:
    """Fault points of files, settings and the update, and how many were survived."""
    survived = 0
    for at in range(1, MOST):
        with _world(s3) as world:
            world.effects = Effects(at)
            with killed_at(world.effects):
                attempt(world)
            if world.effects.count < at:
                return at - 1, survived
            world.effects = Effects()
            attempt(world)
            survived += _converged(world)
    raise RuntimeError("a rollback has fewer effects than this")
