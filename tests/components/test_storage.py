"""The source bucket: what MWAA demands of it, and what keeps pinned files alive."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import pulumi
import pytest

from components.storage import SourceBucket, SourceBucketArgs
from mwaa import iam_policies
from mwaa.names import Names
from mwaa.service.artifacts import EMPTY, KEYS

OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
S3 = "aws:s3/bucket"


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    file = tmp_path / "requirements.txt"
    file.write_text("apache-airflow-providers-http==4.13.3\n")
    return file


def bucket(names: Names, **args: Any) -> SourceBucket:
    return SourceBucket("src", SourceBucketArgs(names=names, dag_path="dags", **args))


def test_the_bucket_is_private_versioned_encrypted_and_tls_only(build: Any, names: Names) -> None:
    made = build(lambda: bucket(names, key_arn="arn:key"))
    assert made.one("aws:s3/bucket:Bucket", "src-bucket").inputs["bucket"] == names.bucket
    versioning = made.one(f"{S3}Versioning:BucketVersioning").inputs
    assert versioning["versioningConfiguration"] == {"status": "Enabled"}
    access = made.one(f"{S3}PublicAccessBlock:BucketPublicAccessBlock").inputs
    flags = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    assert all(access[flag] is True for flag in flags)
    ownership = made.one(f"{S3}OwnershipControls:BucketOwnershipControls").inputs
    assert ownership["rule"] == {"objectOwnership": "BucketOwnerEnforced"}
    rule = made.one(
        f"{S3}ServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    ).inputs["rules"]
    assert rule == [
        {
            "applyServerSideEncryptionByDefault": {
                "sseAlgorithm": "aws:kms",
                "kmsMasterKeyId": "arn:key",
            },
            "bucketKeyEnabled": True,
        }
    ]
    policy = made.one(f"{S3}Policy:BucketPolicy")
    assert policy.document("policy") == iam_policies.bucket_policy(names.bucket_arn)
    assert {r.inputs["bucket"] for r in made.resources if r.type.startswith(S3)} == {names.bucket}
    component = made.one("mwaa:components:SourceBucket")
    assert all(r.parent == component.urn for r in made.resources if r is not component)


def test_without_a_key_s3_encrypts_by_itself(build: Any, names: Names) -> None:
    made = build(lambda: bucket(names))
    rule = made.one(
        f"{S3}ServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    ).inputs["rules"][0]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}
    assert rule["bucketKeyEnabled"] is False


def test_nothing_but_replaced_dags_ever_expires(build: Any, names: Names) -> None:
    made = build(lambda: bucket(names, noncurrent_version_days=30))
    rules = made.one(f"{S3}LifecycleConfiguration:BucketLifecycleConfiguration").inputs["rules"]
    expiring = {
        rule["filter"]["prefix"]: set(rule) - {"id", "status", "filter"}
        for rule in rules
        if rule["id"] != "abandoned-uploads"
    }
    # No "expiration": current objects stay. The artifacts lie outside the prefix.
    assert expiring == {"dags/": {"noncurrentVersionExpiration"}}
    assert rules[0]["noncurrentVersionExpiration"] == {"noncurrentDays": 30}


def test_artifacts_are_pinned_by_the_version_of_their_upload(
    build: Any, names: Names, requirements: Path
) -> None:
    versions: dict[str, str] = {}

    def program() -> SourceBucket:
        made = bucket(names, requirements_file=requirements)
        assert made.requirements is not None
        made.requirements.version.apply(lambda v: versions.update(requirements=v))
        return made

    made = build(program)
    upload = made.one(OBJECT, "src-requirements")
    assert upload.inputs["key"] == "requirements.txt" == made.result.requirements.key
    assert upload.inputs["sourceHash"] == hashlib.sha256(requirements.read_bytes()).hexdigest()
    assert "etag" not in upload.inputs
    assert versions == {"requirements": "version-of-src-requirements"}
    assert made.result.plugins is None and made.result.startup_script is None
    # An object uploaded before versioning is on has no version that could be pinned.
    needed = {
        made.one(f"{S3}Versioning:BucketVersioning").urn,
        made.one(f"{S3}PublicAccessBlock:BucketPublicAccessBlock").urn,
        made.one(
            f"{S3}ServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
        ).urn,
    }
    assert needed <= upload.depends_on


@pytest.mark.parametrize("kind", EMPTY)
def test_an_artifact_that_is_no_longer_named_is_replaced_by_an_empty_one(
    build: Any, names: Names, kind: str
) -> None:
    made = build(lambda: bucket(names, deployed_artifacts=[kind]))
    (upload,) = [one for one in made.of(OBJECT) if one.inputs["key"] != "dags/"]
    # The resource that uploaded the file before: another one would delete it and its history.
    assert upload.name == f"src-{'startup-script' if kind == 'startupScript' else kind}"
    assert upload.inputs["key"] == KEYS[kind]
    assert base64.b64decode(upload.inputs["contentBase64"]) == EMPTY[kind]
    assert upload.inputs["sourceHash"] == hashlib.sha256(EMPTY[kind]).hexdigest()
    given = {"requirements": made.result.requirements, "plugins": made.result.plugins}
    artifact = {**given, "startupScript": made.result.startup_script}[kind]
    assert artifact is not None and artifact.key == KEYS[kind]


def test_a_named_file_stands_whatever_was_deployed_before(
    build: Any, names: Names, requirements: Path
) -> None:
    args = {"requirements_file": requirements, "deployed_artifacts": ["requirements"]}
    upload = build(lambda: bucket(names, **args)).one(OBJECT, "src-requirements").inputs
    assert upload["sourceHash"] == hashlib.sha256(requirements.read_bytes()).hexdigest()
    assert "contentBase64" not in upload


def test_the_dag_path_exists_before_any_dag(build: Any, names: Names) -> None:
    placeholder = build(lambda: bucket(names)).one(OBJECT, "src-dags").inputs
    assert (placeholder["key"], placeholder["content"]) == ("dags/", "")


def test_access_is_logged_where_chosen(build: Any, names: Names) -> None:
    made = build(lambda: bucket(names, access_logs_bucket="logs"))
    log = made.one(f"{S3}Logging:BucketLogging").inputs
    assert (log["targetBucket"], log["targetPrefix"]) == ("logs", f"{names.bucket}/")


@pytest.mark.parametrize(
    ("protect", "force_destroy", "emptied"),
    [(True, True, False), (False, False, False), (False, True, True)],
)
def test_only_both_keys_empty_the_bucket(
    build: Any, names: Names, protect: bool, force_destroy: bool, emptied: bool
) -> None:
    made = build(lambda: bucket(names, protect=protect, force_destroy=force_destroy))
    assert made.one("aws:s3/bucket:Bucket").inputs["forceDestroy"] is emptied
    # A bucket that stays must not lose what keeps it private and versioned.
    fates = {(r.request.protect, r.request.retainOnDelete) for r in made.resources[1:]}
    assert fates == {(protect, not force_destroy)}


def test_an_existing_bucket_gets_objects_and_nothing_else(
    build: Any, names: Names, requirements: Path
) -> None:
    args = {"existing_bucket_name": "theirs", "requirements_file": requirements}
    made = build(lambda: bucket(names, **args))
    assert {r.type for r in made.resources} == {"mwaa:components:SourceBucket", OBJECT}
    assert {r.inputs["bucket"] for r in made.of(OBJECT)} == {"theirs"}


def test_an_existing_bucket_is_not_configured(build: Any, names: Names) -> None:
    with pytest.raises(pulumi.RunError, match=r"`access_logs_bucket`.*`existing_bucket_name`"):
        build(lambda: bucket(names, existing_bucket_name="theirs", access_logs_bucket="logs"))
