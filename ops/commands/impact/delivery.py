"""What a delivery of DAGs would do to the running environment: no plan of Pulumi's is asked.

Compared is what ``mwaa sync`` compares: the folder with the manifest of the last delivery, or with
the bucket where there is none. Airflow takes DAGs without an update of the environment:
https://docs.aws.amazon.com/mwaa/latest/userguide/configuring-dag-folder.html (read 2026-11-27)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mwaa.words import counted
from ops.commands.impact.disruption import WORDS, Disruption
from ops.commands.sync.manifest import ManifestStore
from ops.commands.sync.sync import plan_sync
from ops.commands.sync.transfer import Transfer
from ops.commands.sync.tree import dag_folder, require_keys, scan
from ops.target import USABLE, Target

PERMISSIONS = ("airflow:GetEnvironment", "s3:GetObject", "s3:ListBucket", "kms:Decrypt")
STATUSES = USABLE | {"CREATING", "PENDING", "ROLLING_BACK"}
SHOWN = 5


@dataclass(frozen=True)
class Delivery:
    """The files that a sync would bring to one environment, and take away."""

    environment: str
    new: tuple[str, ...]
    changed: tuple[str, ...]
    deleted: tuple[str, ...]
    unchanged: int

    @property
    def disruption(self) -> Disruption:
        """DAGs never restart anything."""
        moves = self.new or self.changed or self.deleted
        return Disruption.IN_PLACE if moves else Disruption.NOTHING

    def document(self) -> Mapping[str, Any]:
        """Plain data."""
        return {
            "environment": self.environment,
            "disruption": self.disruption.name.lower(),
            "new": list(self.new),
            "changed": list(self.changed),
            "deleted": list(self.deleted),
            "unchanged": self.unchanged,
        }

    def text(self) -> str:
        """For people."""
        lines = [
            f"{WORDS[self.disruption]}: DAGs of {self.environment}: {len(self.new)} new, "
            f"{len(self.changed)} changed, {len(self.deleted)} deleted, {self.unchanged} unchanged"
        ]
        if self.new or self.changed:
            lines.append("  tasks that start from then on run the new code, running ones the old")
        for what, paths in (
            ("new", self.new),
            ("changed", self.changed),
            ("deleted", self.deleted),
        ):
            lines += _listed(what, paths)
        if self.deleted:
            lines.append("  a DAG without its file is scheduled no more; its past runs are kept")
        return "\n".join(lines)


def _listed(what: str, paths: Iterable[str]) -> list[str]:
    found = list(paths)
    more = len(found) - SHOWN
    shown = [f"  {what}: {path}" for path in found[:SHOWN]]
    return [*shown, f"  {what}: {counted(more, 'more file')}"] if more > 0 else shown


def delivery(source: Path, target: Target) -> Delivery:
    """What ``mwaa sync`` would do with ``source``; nothing is sent."""
    local = scan(dag_folder(source))
    require_keys(local, target.dag_prefix)
    owner = target.description["Arn"].split(":")[4]
    store = ManifestStore(target.aws.s3, target.bucket, owner, target.dag_prefix)
    transfer = Transfer(target.aws.s3, target.bucket, owner, target.dag_prefix)
    manifest = store.read(target.name)
    plan = plan_sync(local, manifest, transfer, list_bucket=False)
    sent = [file.path for file in plan.send]
    return Delivery(
        target.name,
        tuple(path for path in sent if path not in manifest.files),
        tuple(path for path in sent if path in manifest.files),
        plan.delete,
        plan.unchanged,
    )
