"""Sets of artifacts: which versions of requirements, plugins and startup script ran together, when.

The program uploads each artifact to one key, so S3 keeps its history, and the engine keeps when it
ran and how that ended (``pulumi stack history``). An upload belongs to the update during which it
happened; the two together are the history of the environment, without a journal of our own.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from mwaa.service.artifacts import EMPTY
from ops.target import Target, pulumi

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Kind of artifact -> the fields of GetEnvironment, and the name in outputs and settings.
KINDS = {
    "requirements": ("RequirementsS3Path", "RequirementsS3ObjectVersion"),
    "plugins": ("PluginsS3Path", "PluginsS3ObjectVersion"),
    "startupScript": ("StartupScriptS3Path", "StartupScriptS3ObjectVersion"),
}
# S3 states whole seconds, and two clocks are never quite equal.
TOLERANCE = timedelta(seconds=2)


@dataclass(frozen=True)
class Version:
    """One stored version of an artifact.

    ``is_empty`` where it stands in for a file that the settings no longer name: it counts as none.
    """

    kind: str
    key: str
    id: str
    uploaded: datetime
    size: int
    etag: str
    is_empty: bool = False


@dataclass(frozen=True)
class Update:
    """One ``pulumi up``: its number, from when to when, how it ended, what it was for.

    ``kinds`` are the artifacts that its settings named; None where nobody knows.
    """

    number: int
    began: datetime
    ended: datetime
    succeeded: bool
    message: str = ""
    commit: str = ""
    kinds: frozenset[str] | None = None


@dataclass(frozen=True)
class ArtifactSet:
    """The versions that one update left behind; ``update`` is None for uploads outside any."""

    versions: Mapping[str, Version]
    update: Update | None
    when: datetime
    uploads: tuple[str, ...] = field(default=())

    @property
    def number(self) -> int:
        """The update's number, which ``mwaa rollback --to`` takes; 0 without one."""
        return self.update.number if self.update else 0

    @property
    def ids(self) -> dict[str, str]:
        """Kind -> S3 version id."""
        return {kind: version.id for kind, version in self.versions.items()}


def artifact_keys(target: Target) -> dict[str, str]:
    """Kind -> object key, of the environment or, for one it no longer uses, of the stack."""
    described: Mapping[str, Any] = {**target.description}
    keys = {
        kind: str(described.get(path) or target.outputs.get(f"{kind}Key") or "")
        for kind, (path, _) in KINDS.items()
    }
    return {kind: key for kind, key in keys.items() if key}


def running(target: Target, versions: Iterable[Version]) -> dict[str, Version]:
    """Kind -> the one of ``versions`` that the environment uses now."""
    described: Mapping[str, Any] = {**target.description}
    return {
        one.kind: one
        for one in versions
        if not one.is_empty and described.get(KINDS[one.kind][1]) == one.id
    }


def stored(target: Target) -> list[Version]:
    """Every stored version of the artifacts, the oldest first."""
    found: list[Version] = []
    contents = Contents(target.aws.s3, target.bucket)
    for kind, key in artifact_keys(target).items():
        pages = target.aws.s3.get_paginator("list_object_versions").paginate(
            Bucket=target.bucket, Prefix=key
        )
        found += [
            Version(
                kind,
                key,
                one["VersionId"],
                one["LastModified"],
                one["Size"],
                one["ETag"].strip('"'),
            )
            for page in pages
            for one in page.get("Versions", [])
            if one["Key"] == key
        ]
    marked = [replace(one, is_empty=contents.is_bytes(one, EMPTY[one.kind])) for one in found]
    return sorted(marked, key=lambda one: one.uploaded)


def updates(stack: str) -> list[Update]:
    """The updates of ``stack``, the oldest first."""
    listed: Any = json.loads(
        pulumi("stack", "history", "--json", "--full-dates", "--page-size", "1000", stack=stack)
        or "[]"
    )
    found = [
        Update(
            number=int(one.get("version") or len(listed) - place),
            began=_time(one["startTime"]),
            ended=_time(one.get("endTime") or one["startTime"]),
            succeeded=one.get("result") == "succeeded",
            message=str(one.get("message") or "").splitlines()[0] if one.get("message") else "",
            commit=str((one.get("environment") or {}).get("git.head") or ""),
            kinds=_kinds(one.get("config")),
        )
        for place, one in enumerate(listed)
        if one.get("kind") == "update"
    ]
    return sorted(found, key=lambda one: one.began)


def sets(versions: Sequence[Version], ups: Iterable[Update]) -> list[ArtifactSet]:
    """The sets in order of time.

    Uploads outside every update (made by hand, or by an update that was killed) are listed one by
    one, because nobody knows which of them ran together.
    """
    known = list(ups)
    found: list[ArtifactSet] = []
    now: dict[str, Version] = {}
    for one in sorted(versions, key=lambda version: version.uploaded):
        update = _during(one.uploaded, known)
        now = {**now, one.kind: one}
        last = found[-1] if found else None
        if update is not None and last is not None and last.update == update:
            uploads = tuple(sorted({*last.uploads, one.kind}))
            found[-1] = ArtifactSet(now, update, update.began, uploads)
        else:
            when = update.began if update else one.uploaded
            found.append(ArtifactSet(now, update, when, (one.kind,)))
    return _as_used(found, known)


def _as_used(found: Sequence[ArtifactSet], ups: Iterable[Update]) -> list[ArtifactSet]:
    """The sets without stand-ins and without what their update's settings did not name, which an
    earlier stack may have left in the bucket.

    An update that uploaded nothing is a set where it took what a killed one had uploaded.
    """
    uploaded = {one.number for one in found if one.update}
    quiet = [ArtifactSet({}, up, up.began) for up in ups if up.number not in uploaded]
    kept: list[ArtifactSet] = []
    now: Mapping[str, Version] = {}
    for one in sorted([*found, *quiet], key=lambda one: one.when):
        now = {**now, **one.versions}
        kinds = one.update.kinds if one.update else None
        used = {
            kind: version
            for kind, version in now.items()
            if not version.is_empty and (kinds is None or kind in kinds)
        }
        if one.uploads or (kept and kept[-1].update is None):
            kept.append(replace(one, versions=used))
    return kept


def _kinds(config: Mapping[str, Any] | None) -> frozenset[str] | None:
    """The artifacts that the settings of an update name."""
    if config is None:
        return None
    values = {kind: (config.get(f"mwaa:{kind}File") or {}).get("value") for kind in KINDS}
    return frozenset(kind for kind, value in values.items() if value)


def _during(moment: datetime, ups: Iterable[Update]) -> Update | None:
    """The update during which something happened; the later one where two are that near."""
    fitting = [one for one in ups if one.began - TOLERANCE <= moment <= one.ended + TOLERANCE]
    inside = [one for one in fitting if one.began <= moment <= one.ended]
    return max(inside or fitting, key=lambda one: one.began, default=None)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


class Contents:
    """Whether two versions hold the same bytes; reads them only where nothing cheaper decides.

    Equal ETags are equal content; under KMS equal content has different ETags.
    """

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3, self._bucket = s3, bucket
        self._digests: dict[str, str] = {}

    def read(self, version: Version) -> bytes:
        """The bytes of a version."""
        answer = self._s3.get_object(Bucket=self._bucket, Key=version.key, VersionId=version.id)
        return answer["Body"].read()

    def same(self, one: Version | None, other: Version | None) -> bool:
        """Whether both are absent or hold the same bytes."""
        if one is None or other is None:
            return one is other
        if one.id == other.id or (one.etag == other.etag and one.size == other.size):
            return True
        return one.size == other.size and self._digest(one) == self._digest(other)

    def is_bytes(self, version: Version | None, content: bytes | None) -> bool:
        """Whether ``version`` holds ``content``; both absent is equal too."""
        if version is None or content is None:
            return version is None and content is None
        if version.size != len(content):
            return False
        return self._digest(version) == hashlib.sha256(content).hexdigest()

    def same_set(self, one: Mapping[str, Version], other: Mapping[str, Version]) -> bool:
        """Whether two sets hold the same artifacts."""
        return all(self.same(one.get(kind), other.get(kind)) for kind in KINDS)

    def _digest(self, version: Version) -> str:
        if version.id not in self._digests:
            self._digests[version.id] = hashlib.sha256(self.read(version)).hexdigest()
        return self._digests[version.id]
