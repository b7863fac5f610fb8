"""The accounts as they were: what a read sees that is answered before the last write has arrived.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html (eventual consistency)
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rehearsal.emulator import state


def keep() -> bytes:
    """All accounts as they are now."""
    return state.dump(0.0)


@contextmanager
def visit(kept: bytes) -> Iterator[None]:
    """Answer from the accounts that were ``kept``; what is changed meanwhile is forgotten."""
    from moto.core.base_backend import BackendDict
    from moto.s3.models import s3_backends

    instances: list[Any] = list(BackendDict._instances)  # type: ignore[misc]
    now = [(backends, dict(backends)) for backends in instances]
    owners = s3_backends.bucket_accounts
    try:
        for backends in instances:
            backends.clear()
        s3_backends.bucket_accounts = {}
        state.restore(kept)
        yield
    finally:
        for backends in list(BackendDict._instances):  # type: ignore[misc]
            backends.clear()
        for backends, accounts in now:
            backends.update(accounts)
        BackendDict._instances[:] = instances  # type: ignore[misc]
        s3_backends.bucket_accounts = owners


@contextmanager
def unversioned(bucket_name: str) -> Iterator[None]:
    """Take an upload as if the bucket's versioning, though enabled, had not arrived everywhere.

    "We recommend that you wait for 15 minutes after enabling versioning before issuing write
    operations": https://docs.aws.amazon.com/AmazonS3/latest/userguide/manage-versioning-examples.html
    """
    from moto.s3.models import s3_backends

    owner = s3_backends.bucket_accounts.get(bucket_name)
    if owner is None:
        yield
        return
    partition, account = owner
    bucket = s3_backends[account][partition].get_bucket(bucket_name)
    status = bucket.versioning_status
    bucket.versioning_status = "Suspended" if status == "Enabled" else status
    try:
        yield
    finally:
        bucket.versioning_status = status
