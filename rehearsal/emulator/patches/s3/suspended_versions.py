"""S3: a bucket whose versioning is suspended keeps its versions, and new objects are null versions.

moto 5.2.5 treats it as never versioned: an upload or a deletion takes all versions of the object,
and a delete marker among them is an error, so that a bucket that was synced could not be emptied.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/VersionSuspendedBehavior.html
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto.s3.models import S3Backend

from rehearsal.emulator.patches.seam import around

NULL = "null"


@contextmanager
def _versioned(bucket: Any) -> Iterator[None]:
    bucket.versioning_status = "Enabled"
    try:
        yield
    finally:
        bucket.versioning_status = "Suspended"


def _supersede(bucket: Any, key: str) -> None:
    """What was just added is the null version, and takes the place of the one before."""
    *before, newest = bucket.keys.getlist(key)
    newest._version_id = NULL
    bucket.keys.setlist(key, [*(one for one in before if one.version_id != NULL), newest])


def apply() -> None:
    """Wrap the making and the deletion of an object."""

    @around(S3Backend, "put_object")
    def put(original: Any, backend: Any, bucket_name: str, key_name: str, *a: Any, **m: Any) -> Any:
        bucket = backend.get_bucket(bucket_name)
        if bucket.versioning_status != "Suspended":
            return original(backend, bucket_name, key_name, *a, **m)
        with _versioned(bucket):
            made = original(backend, bucket_name, key_name, *a, **m)
            _supersede(bucket, key_name)
        return made

    @around(S3Backend, "delete_object")
    def delete(
        original: Any,
        backend: Any,
        bucket_name: str,
        key_name: str,
        version_id: str | None = None,
        bypass: bool = False,
    ) -> Any:
        bucket = backend.get_bucket(bucket_name)
        if bucket.versioning_status != "Suspended":
            return original(backend, bucket_name, key_name, version_id, bypass)
        with _versioned(bucket):
            answer = original(backend, bucket_name, key_name, version_id, bypass)
            if version_id is None and answer[0]:
                _supersede(bucket, key_name)
                answer[1]["version-id"] = NULL
        return answer
