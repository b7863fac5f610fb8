"""The manifest: what ``mwaa sync`` has put under a DAG path, kept in the bucket beside it.

It is the reason a sync need not list the bucket, deletes only what it once uploaded, and can be
killed anywhere: the paths it is about to touch are written down first (``pending``). Two syncs at
once cannot both win, because every write states the manifest it replaces (``If-Match``).
"""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ops.airflow.record import BucketRecord, RaceError
from ops.errors import FailedError, RefusedError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

FOLDER = "mwaa-sync/"
FORMAT = 1


@dataclass(frozen=True)
class Sent:
    """One delivered file: the SHA-256 of its content and the ETag that S3 gave it."""

    sha256: str
    etag: str


@dataclass
class Manifest:
    """What is known to be in the bucket.

    ``environment`` is the environment that the DAG path belongs to, ``files`` what was sent,
    ``pending`` the paths an unfinished sync may have uploaded or not. ``version`` is the ETag of
    the manifest object that was read; empty when there was none.
    """

    environment: str
    files: dict[str, Sent] = field(default_factory=dict)
    pending: set[str] = field(default_factory=set)
    version: str = ""

    @property
    def is_finished(self) -> bool:
        """Whether the last sync reached its end."""
        return not self.pending


@dataclass(frozen=True)
class ManifestStore:
    """Reads and writes the manifest of ``prefix`` (with its slash) in ``bucket``."""

    s3: "S3Client"
    bucket: str
    owner: str
    prefix: str

    @property
    def key(self) -> str:
        """Outside the DAG path, so that Airflow never downloads it."""
        return f"{FOLDER}{self.prefix.rstrip('/').replace('/', '.')}.json"

    @property
    def _record(self) -> BucketRecord:
        return BucketRecord(self.s3, self.bucket, self.owner, self.key)

    def read(self, environment: str) -> Manifest:
        """The manifest, empty if there is none; ``RefusedError`` if it is another environment's."""
        found = self._record.read()
        if found is None:
            return Manifest(environment)
        content, version = found
        document = self._parse(content)
        if document["environment"] != environment:
            raise RefusedError(
                f"s3://{self.bucket}/{self.prefix} holds the DAGs of environment "
                f"{document['environment']}, not of {environment}: sync to that environment, or "
                f"give {environment} its own dagS3Path. If {document['environment']} is gone, "
                f"delete s3://{self.bucket}/{self.key} and sync again"
            )
        files = {path: Sent(*sent) for path, sent in document["files"].items()}
        return Manifest(environment, files, set(document["pending"]), version)

    def write(self, manifest: Manifest) -> None:
        """Replace the manifest that was read; ``FailedError`` if another sync did so meanwhile."""
        document = {
            "format": FORMAT,
            "environment": manifest.environment,
            "files": {path: [sent.sha256, sent.etag] for path, sent in manifest.files.items()},
            "pending": sorted(manifest.pending),
        }
        try:
            manifest.version = self._record.write(document, manifest.version)
        except RaceError:
            raise FailedError(
                f"another sync to s3://{self.bucket}/{self.prefix} ran at the same time; run "
                "this one again with --verify"
            ) from None

    def _parse(self, body: bytes) -> dict[str, Any]:
        try:
            document: Any = json.loads(body)
            if document["format"] == FORMAT:
                return {**document}
        except (ValueError, KeyError, TypeError):
            pass
        raise RefusedError(
            f"s3://{self.bucket}/{self.key} is not a manifest this version reads: restore its "
            "previous version, or delete it and sync again (nothing is then deleted from the "
            "bucket)"
        )
