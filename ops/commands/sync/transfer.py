"""Uploads and deletions in parallel, in an order that never shows Airflow half of a change.

A single S3 write is atomic, so no file is ever half visible; across files, modules arrive before
the DAGs that import them, and what is removed goes last, DAGs first.
"""

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from mwaa.words import counted
from ops.commands.sync.manifest import Sent
from ops.commands.sync.tree import LocalFile, is_dag
from ops.errors import FailedError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DELETE_BATCH = 1000  # https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html


@dataclass(frozen=True)
class Transfer:
    """Writes to ``prefix`` of ``bucket``, which must belong to the account ``owner``."""

    s3: "S3Client"
    bucket: str
    owner: str
    prefix: str
    threads: int = 16

    def upload(self, files: Iterable[LocalFile], done: Callable[[str, Sent], None]) -> None:
        """Send ``files``, modules first; ``done`` is called in this thread for each."""
        waves: tuple[list[LocalFile], list[LocalFile]] = ([], [])
        for file in files:
            waves[is_dag(file.path, file.read())].append(file)
        for wave in waves:
            with ThreadPoolExecutor(max(1, min(self.threads, len(wave)))) as pool:
                sending = {pool.submit(self._put, file): file for file in wave}
                try:
                    for future in as_completed(sending):
                        done(sending[future].path, future.result())
                except BaseException:
                    # What has not begun must not begin: the manifest knows it as pending.
                    pool.shutdown(wait=True, cancel_futures=True)
                    raise

    def delete(self, paths: Iterable[str]) -> None:
        """Remove ``paths``; on a versioned bucket their versions stay. ``FailedError`` if not."""
        for batch in _batches(paths, DELETE_BATCH):
            answer = self.s3.delete_objects(
                Bucket=self.bucket,
                Delete={
                    "Objects": [{"Key": self.prefix + path} for path in batch],
                    "Quiet": True,
                },
                ExpectedBucketOwner=self.owner,
            )
            errors = answer.get("Errors", [])
            if errors:
                first = errors[0]
                raise FailedError(
                    f"not deleted: {len(errors)} of {counted(len(batch), 'object')}, the first "
                    f"{first.get('Key')}: {first.get('Code')} {first.get('Message')}"
                )

    def listed(self) -> dict[str, str]:
        """Path -> ETag of every object under the prefix."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=self.prefix, ExpectedBucketOwner=self.owner
        )
        return {
            item["Key"].removeprefix(self.prefix): item["ETag"].strip('"')
            for page in pages
            for item in page.get("Contents", [])
            # The console shows a folder by an empty object whose key ends in a slash.
            if not item["Key"].endswith("/")
        }

    def _put(self, file: LocalFile) -> Sent:
        content = file.read()
        digest = hashlib.sha256(content)
        answer = self.s3.put_object(
            Bucket=self.bucket,
            Key=self.prefix + file.path,
            Body=content,
            # S3 refuses content that was damaged on the way.
            ChecksumSHA256=base64.b64encode(digest.digest()).decode(),
            ExpectedBucketOwner=self.owner,
        )
        return Sent(digest.hexdigest(), answer["ETag"].strip('"'))


def _batches(items: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
