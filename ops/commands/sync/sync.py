"""``mwaa sync``: bring DAGs to the bucket: incremental, parallel, safe to kill.

What must be sent is decided by content against the manifest of the last sync; the bucket is listed
only when there is no finished manifest, or with ``--verify``.
"""

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from mwaa.words import counted
from ops import options
from ops.commands.sync.manifest import Manifest, ManifestStore, Sent
from ops.commands.sync.transfer import Transfer
from ops.commands.sync.tree import LocalFile, dag_folder, require_keys, require_python, scan
from ops.errors import RefusedError
from ops.target import USABLE, resolve
from ops.terminal import Counter, Format, duration, emit

PERMISSIONS = (
    "airflow:GetEnvironment",
    "airflow:ListEnvironments",
    "s3:GetBucketVersioning",
    "s3:ListBucket",
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "kms:GenerateDataKey",
    "kms:Decrypt",
)
# DAGs may arrive while the environment is created or changed; it only has to have a bucket to keep.
STATUSES = USABLE | {"CREATING", "PENDING", "ROLLING_BACK"}
EXAMPLES = (
    "mwaa sync examples --stack dev --dry-run",
    "mwaa sync dags --environment prod",
    "mwaa sync dags --stack prod --verify --format json",
)


@dataclass(frozen=True)
class SyncPlan:
    """What a sync does: files to ``send``, objects to adopt as already equal, paths to delete.

    ``foreign`` are objects that no sync uploaded; they stay unless the caller says otherwise.
    """

    send: tuple[LocalFile, ...]
    adopt: dict[str, Sent]
    delete: tuple[str, ...]
    foreign: tuple[str, ...]
    unchanged: int

    @property
    def is_empty(self) -> bool:
        """Whether bucket and folder already agree."""
        return not (self.send or self.adopt or self.delete)


def run(
    source: Annotated[Path, typer.Argument(help="Folder with dags/, or the one of the DAGs.")],
    environment: options.Environment = "",
    stack: options.Stack = "",
    verify: Annotated[
        bool, typer.Option("--verify", help="List the bucket too, and repair what others changed.")
    ] = False,
    delete_foreign: Annotated[
        bool,
        typer.Option("--delete-foreign", help="Also delete objects that no sync uploaded."),
    ] = False,
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="Let an empty folder empty the bucket's.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check/--no-check", help="Refuse to send a file that is no Python.")
    ] = True,
    dry_run: options.DryRun = False,
    profile: options.Profile = "",
    region: options.Region = "",
    form: options.Form = Format.TEXT,
) -> None:
    """Sends what changed, in parallel; deletes only what an earlier sync sent. Modules arrive
    before the DAGs that import them. Killed anywhere, the next run continues. DAGs take effect
    within the scheduler's parse interval, without an update of the environment."""
    start = time.monotonic()
    folder = dag_folder(source)
    # The disk is read while AWS is asked.
    with ThreadPoolExecutor(1) as pool:
        scanning = pool.submit(scan, folder)
        target = resolve(
            environment=environment, stack=stack, profile=profile, region=region, statuses=STATUSES
        )
        owner = target.description["Arn"].split(":")[4]
        store = ManifestStore(target.aws.s3, target.bucket, owner, target.dag_prefix)
        transfer = Transfer(target.aws.s3, target.bucket, owner, target.dag_prefix)
        manifest = store.read(target.name)
        local = scanning.result()
    require_keys(local, target.dag_prefix)
    if not local and not allow_empty:
        raise RefusedError(
            f"{folder} holds no file to deliver, and an empty folder would delete "
            f"{counted(len(manifest.files), 'object')}: "
            "is it the right folder? --allow-empty if it is"
        )
    plan = plan_sync(local, manifest, transfer, list_bucket=verify or delete_foreign)
    if check:
        require_python(plan.send)
    extra = plan.foreign if delete_foreign else ()
    if not plan.is_empty or extra:
        _require_versioning(transfer)
    if not dry_run and (not plan.is_empty or extra):
        apply(plan, extra, local, manifest, store, transfer)
    _report(form, target.name, plan, extra, dry_run, time.monotonic() - start)


def plan_sync(
    local: dict[str, LocalFile], manifest: Manifest, transfer: Transfer, *, list_bucket: bool
) -> SyncPlan:
    """Compare folder and manifest, and the bucket where the manifest cannot be trusted."""
    if manifest.version and manifest.is_finished and not list_bucket:
        send = tuple(
            file
            for path, file in local.items()
            if (sent := manifest.files.get(path)) is None or sent.sha256 != file.sha256
        )
        delete = tuple(path for path in manifest.files if path not in local)
        return SyncPlan(send, {}, delete, (), len(local) - len(send))
    listed = transfer.listed()
    ours = set(manifest.files) | manifest.pending
    to_send: list[LocalFile] = []
    adopt: dict[str, Sent] = {}
    for path, file in local.items():
        sent, etag = manifest.files.get(path), listed.get(path)
        if sent and path not in manifest.pending and sent == Sent(file.sha256, etag or ""):
            continue
        if etag is not None and etag == _md5(file):
            adopt[path] = Sent(file.sha256, etag)
        else:
            to_send.append(file)
    return SyncPlan(
        tuple(to_send),
        adopt,
        tuple(path for path in sorted(ours) if path not in local and path in listed),
        tuple(path for path in listed if path not in local and path not in ours),
        len(local) - len(to_send),
    )


def apply(
    plan: SyncPlan,
    foreign: tuple[str, ...],
    local: dict[str, LocalFile],
    manifest: Manifest,
    store: ManifestStore,
    transfer: Transfer,
) -> None:
    """Write the intent, send, delete, write the result; a killed one is completed later."""
    manifest.pending |= {file.path for file in plan.send} | set(plan.delete) | set(foreign)
    if manifest.pending:
        store.write(manifest)
    counter = Counter("sent", len(plan.send))

    def sent(path: str, one: Sent) -> None:
        manifest.files[path] = one
        counter.step()

    transfer.upload(plan.send, sent)
    transfer.delete((*plan.delete, *foreign))
    manifest.files.update(plan.adopt)
    manifest.files = {path: one for path, one in manifest.files.items() if path in local}
    manifest.pending = set()
    store.write(manifest)


def _require_versioning(transfer: Transfer) -> None:
    answer = transfer.s3.get_bucket_versioning(
        Bucket=transfer.bucket, ExpectedBucketOwner=transfer.owner
    )
    if answer.get("Status") != "Enabled":
        raise RefusedError(
            f"versioning of the bucket {transfer.bucket} is {answer.get('Status', 'off')}; MWAA "
            "requires it, and without it nothing that is overwritten can be restored: switch it "
            f"on (aws s3api put-bucket-versioning --bucket {transfer.bucket} "
            "--versioning-configuration Status=Enabled)"
        )


def _md5(file: LocalFile) -> str:
    # The ETag of an object that is not encrypted with KMS; no security rests on it.
    return hashlib.md5(file.read(), usedforsecurity=False).hexdigest()


def _report(
    form: Format, name: str, plan: SyncPlan, extra: tuple[str, ...], dry_run: bool, seconds: float
) -> None:
    deleted = (*plan.delete, *extra)
    kept = [path for path in plan.foreign if path not in extra]
    document = {
        "environment": name,
        "dry_run": dry_run,
        "sent": [file.path for file in plan.send],
        "deleted": list(deleted),
        "unchanged": plan.unchanged,
        "foreign": kept,
        "seconds": round(seconds, 2),
    }

    def words() -> str:
        would = "would be " if dry_run else ""
        lines = [f"  send    {file.path}" for file in plan.send] if dry_run else []
        lines += [f"  delete  {path}" for path in deleted] if dry_run else []
        lines.append(
            f"{name}: {len(plan.send)} {would}sent, {len(deleted)} {would}deleted, "
            f"{plan.unchanged} unchanged in {duration(seconds)}"
        )
        if kept:
            lines.append(
                f"{counted(len(kept), 'object')} of others, kept (--delete-foreign deletes them): "
                f"{', '.join(kept[:5])}{' ...' if len(kept) > 5 else ''}"
            )
        return "\n".join(lines)

    emit(form, document, words)
