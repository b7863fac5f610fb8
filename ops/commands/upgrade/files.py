"""Files that go with an update: requirements, plugins and startup script as the project has them.

A version often needs other requirements than the one before, and neither runs with the other's:
they must reach the environment in the update that changes the version.
"""

from collections.abc import Mapping
from typing import Any

from mwaa.service.artifacts import KEYS
from ops.history import KINDS
from ops.target import Target
from ops.terminal import say


def deliver(target: Target, files: Mapping[str, bytes]) -> dict[str, str]:
    """Upload what differs from what the environment runs; the members of UpdateEnvironment for it.

    ``files`` maps the kinds of ``ops.history.KINDS`` to contents. Done again after a kill, it makes
    one more version of an object, and nothing else.
    """
    owner = target.description["Arn"].split(":")[4]
    described = {**target.description}
    members: dict[str, str] = {}
    for kind, content in files.items():
        path, version = KINDS[kind]
        key = str(described.get(path) or KEYS[kind])
        if described.get(path) and _runs(target, key, str(described.get(version) or ""), content):
            continue
        say(f"{key} goes with the update")
        answer = target.aws.s3.put_object(
            Bucket=target.bucket, Key=key, Body=content, ExpectedBucketOwner=owner
        )
        members |= {path: key, version: answer["VersionId"]}
    return members


def _runs(target: Target, key: str, version: str, content: bytes) -> bool:
    which: dict[str, Any] = {"VersionId": version} if version else {}
    answer = target.aws.s3.get_object(Bucket=target.bucket, Key=key, **which)
    return answer["Body"].read() == content
