"""What a delivery of DAGs would do: told from the bucket alone, and nothing is sent."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from ops.commands.impact.delivery import delivery
from ops.commands.impact.disruption import Disruption
from ops.commands.sync import sync
from ops.commands.sync.manifest import ManifestStore
from ops.commands.sync.transfer import Transfer
from ops.commands.sync.tree import scan
from ops.errors import RefusedError
from ops.target import Target
from tests.ops.conftest import OWNER

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass
class Session:
    """Stands in for a session of AWS: only the bucket is asked."""

    s3: "S3Client"


def target(s3: "S3Client", bucket: str) -> Target:
    description: Any = {
        "Arn": f"arn:aws:airflow:us-east-1:{OWNER}:environment/orders",
        "SourceBucketArn": f"arn:aws:s3:::{bucket}",
        "DagS3Path": "dags",
    }
    return Target(cast(Any, Session(s3)), "orders", description)


def write(folder: Path, **files: str) -> Path:
    """A source folder whose DAGs are exactly ``files``."""
    dags = folder / "dags"
    dags.mkdir(exist_ok=True)
    for old in dags.iterdir():
        old.unlink()
    for name, content in files.items():
        (dags / f"{name}.py").write_text(content)
    return folder


def send(folder: Path, s3: "S3Client", bucket: str) -> None:
    store = ManifestStore(s3, bucket, OWNER, "dags/")
    transfer = Transfer(s3, bucket, OWNER, "dags/", threads=2)
    manifest, local = store.read("orders"), scan(folder / "dags")
    plan = sync.plan_sync(local, manifest, transfer, list_bucket=False)
    sync.apply(plan, (), local, manifest, store, transfer)


def test_what_is_new_changed_and_deleted_is_told(
    tmp_path: Path, s3: "S3Client", bucket: str
) -> None:
    send(write(tmp_path, kept="a", edited="b", gone="c"), s3, bucket)
    before = s3.list_objects_v2(Bucket=bucket)["KeyCount"]
    found = delivery(write(tmp_path, kept="a", edited="x", fresh="d"), target(s3, bucket))
    assert found.new == ("fresh.py",)
    assert (found.changed, found.deleted, found.unchanged) == (("edited.py",), ("gone.py",), 1)
    assert found.document()["disruption"] == "in_place"
    for words in ("in place, without a restart", "new: fresh.py", "deleted: gone.py", "past runs"):
        assert words in found.text()
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == before


def test_a_delivery_of_the_same_does_nothing(tmp_path: Path, s3: "S3Client", bucket: str) -> None:
    send(write(tmp_path, kept="a"), s3, bucket)
    found = delivery(tmp_path, target(s3, bucket))
    assert found.disruption is Disruption.NOTHING
    assert found.text() == (
        "nothing for Airflow: DAGs of orders: 0 new, 0 changed, 0 deleted, 1 unchanged"
    )


def test_many_files_are_counted(tmp_path: Path, s3: "S3Client", bucket: str) -> None:
    write(tmp_path, **{f"dag_{number:02}": "x" for number in range(12)})
    lines = delivery(tmp_path, target(s3, bucket)).text().splitlines()
    assert "  new: 7 more files" in lines and len(lines) < 10


def test_a_folder_that_is_none_is_refused(tmp_path: Path, s3: "S3Client", bucket: str) -> None:
    with pytest.raises(RefusedError, match="not there"):
        delivery(tmp_path / "absent", target(s3, bucket))
