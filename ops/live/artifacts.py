"""Reads what is delivered into an environment from its bucket: the pinned artifacts and the DAGs.

The twin of ``policy/plan/artifacts.py``. What is large stays where it is: of plugins.zip only the
blocks are fetched that hold its names and small texts, of the DAGs so many as a check can read.
"""

import io
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any

from mwaa.model.platform import ObjectVersion
from mwaa.model.unknown import UNKNOWN, Maybe, known
from ops.live.reader import AwsReader, member
from policy.analysis.artifacts.archive import Archive, read_archive, with_archive
from policy.analysis.artifacts.text import TEXTS, decoded

NO_OBJECT = ("404", "NoSuchKey", "NoSuchVersion", "400")
KINDS = ("Requirements", "Plugins", "StartupScript")
MOST_BYTES = 1_000_000
MOST_DAG_FILES = 300
BLOCK_BYTES = 4 * 1024 * 1024
MOST_BLOCKS = 16


def objects(
    aws: AwsReader, bucket: str, environment: Mapping[str, Any], pool: Executor
) -> tuple[Maybe[tuple[ObjectVersion, ...]], bool]:
    """The artifacts in the pinned version and the objects below the DAG prefix; and whether there
    may be more of these than one page of a listing names."""
    found: list[ObjectVersion] = []
    for kind in KINDS:
        key = environment.get(f"{kind}S3Path")
        if not key:
            continue
        one = _pinned(aws, bucket, str(key), environment.get(f"{kind}S3ObjectVersion"))
        if not known(one):
            return UNKNOWN, False
        if one is not None:
            found.append(_with_content(aws, bucket, kind, one) if known(one.size) else one)
    prefix = str(environment.get("DagS3Path", "dags")).strip("/") + "/"
    listed = aws.call("s3", "list_objects_v2", all_pages=False, Bucket=bucket, Prefix=prefix)
    if not known(listed):
        return UNKNOWN, False
    below = [
        # A listing does not tell versions.
        ObjectVersion(key=one["Key"], version=UNKNOWN, size=one["Size"])
        for one in member(listed, "Contents") or ()
    ]
    chosen = [one for one in below if _is_text(one)][:MOST_DAG_FILES]
    read_later = {one.key: pool.submit(_text, aws, bucket, one) for one in chosen}
    found += [
        replace(one, text=read_later[one.key].result()) if one.key in read_later else one
        for one in below
    ]
    return tuple(found), bool(member(listed, "IsTruncated"))


def _is_text(one: ObjectVersion) -> bool:
    return one.key.endswith(TEXTS) and known(one.size) and one.size <= MOST_BYTES


def _pinned(aws: AwsReader, bucket: str, key: str, version: Any) -> Maybe[ObjectVersion | None]:
    """The object in the version that the environment pins, or only what the newest one is where
    that version is gone; None without any."""
    newest = aws.call("s3", "head_object", NO_OBJECT, Bucket=bucket, Key=key)
    if not known(newest):
        return UNKNOWN
    latest = member(newest, "VersionId")
    head: Any = newest
    if version and version != latest:
        head = aws.call(
            *("s3", "head_object", NO_OBJECT), Bucket=bucket, Key=key, VersionId=version
        )
        if not known(head):
            return UNKNOWN
    if head is None:
        # What is pinned is gone; the newest is no substitute, but it says what there is.
        return None if newest is None else ObjectVersion(key=key, version=latest, is_latest=True)
    return ObjectVersion(
        key=key,
        version=version or latest,
        is_latest=version in (None, latest),
        size=head["ContentLength"],
    )


def _with_content(aws: AwsReader, bucket: str, kind: str, one: ObjectVersion) -> ObjectVersion:
    if kind == "Plugins":
        return with_archive(one, _archive(aws, bucket, one))
    return replace(one, text=_text(aws, bucket, one))


def _text(aws: AwsReader, bucket: str, one: ObjectVersion) -> Maybe[str]:
    if known(one.size) and one.size > MOST_BYTES:
        return UNKNOWN
    content = _bytes(aws, bucket, one)
    return content if not known(content) else decoded(content, one.key)


def _bytes(aws: AwsReader, bucket: str, one: ObjectVersion, part: str = "") -> Maybe[bytes]:
    """The content of an object, or a part of it; ``UNKNOWN`` where it cannot be read."""
    from botocore.exceptions import BotoCoreError

    wanted: dict[str, Any] = {"Bucket": bucket, "Key": one.key}
    if known(one.version) and one.version:
        wanted["VersionId"] = one.version
    if part:
        wanted["Range"] = part
    answer = aws.call("s3", "get_object", NO_OBJECT, **wanted)
    if not known(answer) or answer is None:
        return UNKNOWN
    try:
        content: bytes = answer["Body"].read()
    except (BotoCoreError, OSError):
        return UNKNOWN
    return content


class _UnreadError(Exception):
    """A block of an object could not be fetched."""


class _Remote(io.RawIOBase):
    """An object of S3 as a file that is read in blocks, each fetched once."""

    def __init__(self, aws: AwsReader, bucket: str, one: ObjectVersion, size: int) -> None:
        self._from = (aws, bucket, one)
        self._size = size
        self._place = 0
        self._blocks: dict[int, bytes] = {}

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(0, start + offset)
        return self._place

    def readinto(self, buffer: Any) -> int:
        number, inside = divmod(self._place, BLOCK_BYTES)
        if self._place >= self._size:
            return 0
        content = self._block(number)[inside : inside + len(buffer)]
        buffer[: len(content)] = content
        self._place += len(content)
        return len(content)

    def _block(self, number: int) -> bytes:
        if number not in self._blocks:
            if len(self._blocks) >= MOST_BLOCKS:
                raise _UnreadError
            first = number * BLOCK_BYTES
            last = min(first + BLOCK_BYTES, self._size) - 1
            content = _bytes(*self._from, f"bytes={first}-{last}")
            if not known(content):
                raise _UnreadError
            self._blocks[number] = content
        return self._blocks[number]


def _archive(aws: AwsReader, bucket: str, one: ObjectVersion) -> Maybe[Archive | None]:
    if not known(one.size):
        return UNKNOWN
    try:
        return read_archive(io.BufferedReader(_Remote(aws, bucket, one, one.size)), whole=False)
    except _UnreadError:
        return UNKNOWN
