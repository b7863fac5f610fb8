"""``python -m tests.ops.drills``: disturb a verb at each of its AWS requests, and run it again.

Prints verb, fault, fault points and how many of them the verb survived: the rerun converges to the
same state, a user's own file stays, nothing is left behind. Exit 1 if one did not.
"""

import logging
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import botocore.endpoint
from botocore.config import Config
from moto.server import ThreadedMotoServer

from tests.ops.commands.test_sync import DAG, Room, before
from tests.ops.drill import build, carry, pause, rollback, upgrade
from tests.ops.faults import Fault, Killed, faulty

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MOST_REQUESTS = 40
DRILLED = ("sync", "rollback", "build", "pause", "resume", "export", "import", "upgrade")
# Why a verb has no drill.
NOT_DRILLED = {
    **dict.fromkeys(("impact", "versions", "wait", "doctor", "drift", "list", "logs"), "reads"),
    "preflight": "reads; its cached virtual environment has its name only when it is finished",
    "permissions": "writes nothing but local documents, which the same command writes again",
    "open": "mints a token that ends by itself",
    "cli": "one request, of which the caller decides what it does; it is never repeated",
    "api": "one request as well; what could take effect twice is sent once",
}


@contextmanager
def emulated() -> Iterator["S3Client"]:
    """A client of an emulated S3 that ends with the block."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{host}:{port}",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"mode": "standard", "total_max_attempts": 8}),
    )
    try:
        yield client
    finally:
        client.close()
        server.stop()


def drill_sync(s3: "S3Client", fault: Fault) -> tuple[int, int]:
    """Fault points of one sync, and how many were survived."""
    survived = 0
    for at in range(1, MOST_REQUESTS):
        with tempfile.TemporaryDirectory() as folder:
            room = Room(Path(folder), s3, f"drill-{uuid.uuid4().hex[:12]}")
            s3.create_bucket(Bucket=room.bucket)
            s3.put_bucket_versioning(
                Bucket=room.bucket, VersioningConfiguration={"Status": "Enabled"}
            )
            before(room)
            with faulty(s3, fault, at) as wire, suppress(Killed):
                room.sync()
            if wire.count < at:
                return at - 1, survived
            room.sync()
            remote = room.remote()
            mine = remote.pop("by_hand.py", "")
            expected = {
                path.relative_to(room.folder).as_posix(): path.read_text()
                for path in room.folder.rglob("*.py")
            }
            survived += mine == "mine" and remote == expected and DAG in remote["changed.py"]
    raise RuntimeError("a sync of a few files needs fewer requests than this")


def rounds(s3: "S3Client") -> Iterator[tuple[str, str, int, int]]:
    """Verb, fault, fault points, survived; every verb that writes more than one request."""
    for fault in Fault:
        yield ("sync", fault, *drill_sync(s3, fault))
    for fault in Fault:
        yield ("rollback", fault, *rollback.drill_requests(s3, fault))
    for fault in Fault:
        yield ("pause", fault, *pause.drill_pause(s3, fault))
        yield ("resume", fault, *pause.drill_resume(s3, fault))
    for fault in Fault:
        for api in (1, 2):
            yield ("import", f"Airflow {api + 1}: {fault}", *carry.drill_import(api, fault))
    yield ("upgrade", upgrade.KILLED, *upgrade.drill(s3))
    yield ("export", carry.KILLED, *carry.drill_export())
    yield ("rollback", rollback.KILLED, *rollback.drill_effects(s3))
    yield ("build", build.FAULT, *build.drill())


def main() -> int:
    """Run every drill."""
    # Back-off is the SDK's own and needs no drill.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    botocore.endpoint.time.sleep = lambda _: None  # type: ignore[attr-defined]
    lost = 0
    with emulated() as s3:
        for verb, fault, points, survived in rounds(s3):
            lost += points - survived
            print(f"{verb:<11} {fault:<42} {points:>3} fault points  {survived:>3} survived")
    for verb, why in NOT_DRILLED.items():
        print(f"{verb:<11} no drill: {why}")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
