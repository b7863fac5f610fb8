"""The objects that an environment uses: its artifacts, and a sign of life below the DAG prefix."""

from collections.abc import Mapping
from typing import Any

from mwaa.model.platform import UNKNOWN, Maybe, ObjectVersion, known
from ops.live.reader import AwsReader, member

NO_OBJECT = ("404", "NoSuchKey", "NoSuchVersion", "400")


def objects(
    aws: AwsReader, name: str, environment: Mapping[str, Any]
) -> Maybe[tuple[ObjectVersion, ...]]:
    """The artifacts in the pinned version, and one object below the DAG prefix."""
    found: list[ObjectVersion] = []
    for kind in ("Requirements", "Plugins", "StartupScript"):
        key = environment.get(f"{kind}S3Path")
        version = environment.get(f"{kind}S3ObjectVersion")
        if not key:
            continue
        newest = aws.call("s3", "head_object", NO_OBJECT, Bucket=name, Key=key)
        if not known(newest):
            return UNKNOWN
        latest = member(newest, "VersionId")
        head: Any = newest
        if version and version != latest:
            request = {"Bucket": name, "Key": key, "VersionId": version}
            head = aws.call("s3", "head_object", NO_OBJECT, **request)
            if not known(head):
                return UNKNOWN
        if head is not None:
            found.append(
                ObjectVersion(
                    key=key,
                    version=version or latest,
                    is_latest=version in (None, latest),
                    size=head["ContentLength"],
                )
            )
    prefix = str(environment.get("DagS3Path", "dags")).strip("/") + "/"
    # One page is enough to know that there is something.
    listed = aws.call(
        *("s3", "list_objects_v2"), all_pages=False, Bucket=name, Prefix=prefix, MaxKeys=1
    )
    if not known(listed):
        return UNKNOWN
    below = member(listed, "Contents") or ()
    # A listing does not tell versions.
    found += [ObjectVersion(key=one["Key"], version=UNKNOWN, size=one["Size"]) for one in below]
    return tuple(found)
