"""Faults of time: a read that does not see the last write, an upload before versioning arrived."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import Client

from rehearsal.emulator.server import Emulator
from tests.rehearsal.emulator.patches.test_patches import code
from tests.rehearsal.emulator.platforms.customer import Customer


@pytest.fixture
def web(emulator: Emulator) -> Client:
    return Client(emulator)


def _fault(web: Client, **rule: Any) -> dict[str, Any]:
    answer = web.post("/_emulator/faults", json=rule)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json["faults"][-1]  # type: ignore[index]
    return found


def test_a_stale_read_sees_the_account_as_it_was(web: Client, customer: Customer) -> None:
    iam, s3 = customer.client("iam"), customer.client("s3")
    rule = _fault(web, kind="stale", service="iam", times=2)
    assert "kept" not in rule
    _fault(web, kind="stale", service="s3", operation="GetBucketVersioning")
    iam.create_role(RoleName="new", AssumeRolePolicyDocument='{"Statement": []}')
    s3.create_bucket(Bucket="later")
    s3.put_bucket_versioning(Bucket="later", VersioningConfiguration={"Status": "Enabled"})
    for _ in range(2):
        assert code(lambda: iam.get_role(RoleName="new")) == "NoSuchEntity"
    assert iam.get_role(RoleName="new")["Role"]["RoleName"] == "new"
    assert code(lambda: s3.get_bucket_versioning(Bucket="later")) == "NoSuchBucket"
    assert s3.get_bucket_versioning(Bucket="later")["Status"] == "Enabled"


def test_a_write_is_never_stale(web: Client, customer: Customer) -> None:
    iam = customer.client("iam")
    _fault(web, kind="stale", service="iam", times=9)
    iam.create_role(RoleName="new", AssumeRolePolicyDocument='{"Statement": []}')
    web.delete("/_emulator/faults")
    assert iam.get_role(RoleName="new")["Role"]["RoleName"] == "new"


def test_what_a_stale_read_did_not_see_is_there_afterwards(web: Client, customer: Customer) -> None:
    s3, bucket = customer.client("s3"), customer.names.bucket
    _fault(web, kind="stale", service="s3", operation="GetObject")
    s3.put_object(Bucket=bucket, Key="k", Body=b"v")
    assert code(lambda: s3.get_object(Bucket=bucket, Key="k")) == "NoSuchKey"
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"v"
    assert customer.client("kms").describe_key(KeyId=customer.key)


def test_an_upload_before_versioning_has_arrived_is_the_null_version(
    web: Client, customer: Customer
) -> None:
    s3, bucket = customer.client("s3"), customer.names.bucket
    earlier = s3.put_object(Bucket=bucket, Key="k", Body=b"1")["VersionId"]
    _fault(web, kind="unversioned")
    s3.put_object(Bucket=bucket, Key="k", Body=b"2")
    assert s3.head_object(Bucket=bucket, Key="k")["VersionId"] == "null"
    assert s3.get_object(Bucket=bucket, Key="k", VersionId=earlier)["Body"].read() == b"1"
    assert s3.put_object(Bucket=bucket, Key="k", Body=b"3")["VersionId"] not in ("null", earlier)
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
