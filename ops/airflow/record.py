"""A small JSON document in the environment's bucket that outlives the machine of whoever wrote it.

Every write states the version that it replaces (``If-Match``), so that of two writers at once one
is refused. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

import json
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ops.errors import RefusedError, code
from ops.target import Target

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

T = TypeVar("T")

FORMAT: Final = 1
_LOST_RACE = {"PreconditionFailed", "ConditionalRequestConflict", "412"}


class RaceError(Exception):
    """Somebody else wrote the record since it was read."""


@dataclass(frozen=True)
class BucketRecord:
    """The object ``key`` of ``bucket``, whose owner must be ``owner``."""

    s3: "S3Client"
    bucket: str
    owner: str
    key: str

    @property
    def uri(self) -> str:
        """Where it stands, for people."""
        return f"s3://{self.bucket}/{self.key}"

    def read(self) -> tuple[bytes, str] | None:
        """Its content and version, or None where there is none."""
        from botocore.exceptions import ClientError

        try:
            answer = self.s3.get_object(
                Bucket=self.bucket, Key=self.key, ExpectedBucketOwner=self.owner
            )
        except ClientError as error:
            if code(error) in {"NoSuchKey", "404"}:
                return None
            raise
        return answer["Body"].read(), answer["ETag"]

    def write(self, document: dict[str, Any], version: str) -> str:
        """Replace ``version`` (empty: there is none yet); returns the new one.

        Raises ``RaceError`` where the record is of another version by now.
        """
        from botocore.exceptions import ClientError

        run = uuid.uuid4().hex
        only_if: dict[str, Any] = {"IfMatch": version} if version else {"IfNoneMatch": "*"}
        try:
            answer = self.s3.put_object(
                Bucket=self.bucket,
                Key=self.key,
                Body=json.dumps({**document, "run": run}, sort_keys=True).encode(),
                ContentType="application/json",
                ExpectedBucketOwner=self.owner,
                **only_if,
            )
            return answer["ETag"]
        except ClientError as error:
            if code(error) not in _LOST_RACE:
                raise
            # The answer to a write that succeeded may be lost, and its retry then meets itself.
            found = self.read()
            if found is None or json.loads(found[0]).get("run") != run:
                raise RaceError from None
            return found[1]


@dataclass(frozen=True)
class Remembered:
    """A list that a verb remembers of one environment, as ``FOLDER/NAME.json`` in its bucket.

    ``name`` is the list's in the document; ``repair`` says what to do with a document that cannot
    be read.
    """

    target: Target
    folder: str
    name: str
    repair: str

    @cached_property
    def record(self) -> BucketRecord:
        """Outside the DAG path, so that Airflow never downloads it."""
        owner = self.target.description["Arn"].split(":")[4]
        key = f"{self.folder}{self.target.name}.json"
        return BucketRecord(self.target.aws.s3, self.target.bucket, owner, key)

    def read(self, make: Callable[[Any], T]) -> tuple[T, str]:
        """The list as ``make`` makes it, and its version; an empty one where there is no record.

        ``RefusedError`` for a record that this version cannot read.
        """
        found = self.record.read()
        if found is None:
            return make(()), ""
        try:
            document: dict[str, Any] = json.loads(found[0])
            if document["format"] != FORMAT:
                raise ValueError
            return make(document[self.name]), found[1]
        except (ValueError, KeyError, TypeError):
            raise RefusedError(
                f"{self.record.uri} is not a record that this version reads: {self.repair}"
            ) from None

    def write(self, items: Collection[Any], version: str) -> str:
        """Replace ``version``; returns the new one. ``RaceError`` as ``BucketRecord.write``."""
        document = {"format": FORMAT, "environment": self.target.name, self.name: list(items)}
        return self.record.write(document, version)
