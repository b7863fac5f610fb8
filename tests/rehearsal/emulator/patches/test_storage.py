"""S3 as AWS answers: what a new bucket has, and what suspended versioning means."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.emulator.accounts import Accounts
from tests.rehearsal.emulator.patches.test_patches import code
from tests.rehearsal.emulator.platforms.customer import ACCOUNT, Customer

NEW, KEY = "as-new", "dags/a.py"


@pytest.fixture
def s3(customer: Customer) -> Any:
    made = customer.client("s3")
    made.create_bucket(Bucket=NEW)
    return made


def _algorithm(s3: Any) -> str:
    found = s3.get_bucket_encryption(Bucket=NEW)["ServerSideEncryptionConfiguration"]
    (rule,) = found["Rules"]
    return str(rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"])


def test_a_new_bucket_encrypts_keeps_the_public_out_and_has_no_acls(s3: Any) -> None:
    assert _algorithm(s3) == "AES256"
    block = s3.get_public_access_block(Bucket=NEW)["PublicAccessBlockConfiguration"]
    assert list(block.values()) == [True] * 4
    (rule,) = s3.get_bucket_ownership_controls(Bucket=NEW)["OwnershipControls"]["Rules"]
    assert rule["ObjectOwnership"] == "BucketOwnerEnforced"


def test_encryption_cannot_be_taken_away_and_the_rest_can(s3: Any, customer: Customer) -> None:
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": customer.key}
    rules = [{"ApplyServerSideEncryptionByDefault": default}]
    s3.put_bucket_encryption(Bucket=NEW, ServerSideEncryptionConfiguration={"Rules": rules})
    assert _algorithm(s3) == "aws:kms"
    s3.delete_bucket_encryption(Bucket=NEW)
    assert _algorithm(s3) == "AES256"
    s3.delete_public_access_block(Bucket=NEW)
    s3.delete_bucket_ownership_controls(Bucket=NEW)
    block = lambda: s3.get_public_access_block(Bucket=NEW)  # noqa: E731
    controls = lambda: s3.get_bucket_ownership_controls(Bucket=NEW)  # noqa: E731
    assert code(block) == "NoSuchPublicAccessBlockConfiguration"
    assert code(controls) == "OwnershipControlsNotFoundError"


def _versioning(s3: Any, status: str) -> None:
    s3.put_bucket_versioning(Bucket=NEW, VersioningConfiguration={"Status": status})


def _versions(s3: Any) -> list[tuple[str, str]]:
    found = s3.list_object_versions(Bucket=NEW)
    return [
        (item["Key"], item["VersionId"])
        for item in (*found.get("Versions", ()), *found.get("DeleteMarkers", ()))
    ]


def test_a_suspended_bucket_keeps_its_versions_and_new_ones_are_null(s3: Any) -> None:
    _versioning(s3, "Enabled")
    first = s3.put_object(Bucket=NEW, Key=KEY, Body=b"1")["VersionId"]
    _versioning(s3, "Suspended")
    for body in (b"2", b"3"):
        s3.put_object(Bucket=NEW, Key=KEY, Body=body)
    assert sorted(_versions(s3)) == sorted([(KEY, first), (KEY, "null")])
    assert s3.head_object(Bucket=NEW, Key=KEY)["VersionId"] == "null"
    assert s3.get_object(Bucket=NEW, Key=KEY)["Body"].read() == b"3"
    s3.delete_object(Bucket=NEW, Key=KEY)
    # The marker is the null version now, and the object that was it is gone.
    assert sorted(_versions(s3)) == sorted([(KEY, first), (KEY, "null")])
    assert code(lambda: s3.head_object(Bucket=NEW, Key=KEY)) == "404"
    s3.delete_object(Bucket=NEW, Key=KEY, VersionId="null")
    assert _versions(s3) == [(KEY, first)]


def test_a_bucket_with_delete_markers_can_be_emptied_after_it_was_suspended(s3: Any) -> None:
    """As ``pulumi destroy`` does it: the versioning goes before the bucket that it is about."""
    _versioning(s3, "Enabled")
    for key in (KEY, "dags/b c.py"):
        s3.put_object(Bucket=NEW, Key=key, Body=b"1")
        s3.delete_objects(Bucket=NEW, Delete={"Objects": [{"Key": key}]})
    s3.delete_object(Bucket=NEW, Key=KEY)
    _versioning(s3, "Suspended")
    doomed = [{"Key": key, "VersionId": version} for key, version in _versions(s3)]
    assert len(doomed) == 5
    answer = s3.delete_objects(Bucket=NEW, Delete={"Objects": doomed, "Quiet": True})
    assert answer.get("Errors", []) == []
    assert _versions(s3) == []
    s3.delete_bucket(Bucket=NEW)


def test_a_new_bucket_takes_no_acl_but_its_owners(customer: Customer) -> None:
    s3, bucket = customer.client("s3"), customer.names.bucket
    put = partial(s3.put_object, Bucket=bucket, Key="k", Body=b"")
    for acl in ("public-read", "private"):
        assert code(partial(put, ACL=acl)) == "AccessControlListNotSupported"
    assert code(partial(put, GrantRead='id="x"')) == "AccessControlListNotSupported"
    put(ACL="bucket-owner-full-control")
    make = partial(s3.create_bucket, Bucket="with-acl", ACL="public-read")
    assert code(make) == "InvalidBucketAclWithObjectOwnership"
    make(ObjectOwnership="ObjectWriter")
    s3.put_object(Bucket="with-acl", Key="k", Body=b"", ACL="public-read")
    s3.create_bucket(Bucket="plain", ACL="private")


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_an_old_bucket_of_ireland_says_eu(
    customer: Customer, clients: Accounts, region: str
) -> None:
    s3 = clients.client("s3", ACCOUNT, region)
    s3.create_bucket(Bucket="old", CreateBucketConfiguration={"LocationConstraint": "EU"})
    assert customer.client("s3").get_bucket_location(Bucket="old")["LocationConstraint"] == "EU"
    with pytest.raises(ClientError, match="it must be in us-east-1"):
        customer.create(SourceBucketArn="arn:aws:s3:::old")
    elsewhere = clients.client("s3", ACCOUNT, "eu-central-1")
    wrong = {"CreateBucketConfiguration": {"LocationConstraint": "EU"}}
    make = partial(elsewhere.create_bucket, Bucket="b", **wrong)
    assert code(make) == "IllegalLocationConstraintException"
