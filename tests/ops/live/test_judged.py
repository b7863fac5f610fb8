"""What operators do to an account beside the program, judged rightly in an emulated one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from ops.commands.doctor.doctor import Inspected, examine
from ops.commands.doctor.result import Diagnosis
from policy.rules.catalog import Judgment
from policy.rules.rule import Verdict
from tests.ops.emulated import Emulated, emulated
from tests.ops.writing import WORKER, log_everything
from tests.rehearsal.emulator.platforms.customer import ACCOUNT

ALL = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


@pytest.fixture(scope="module")
def there() -> Iterator[Emulated]:
    with emulated() as found:
        log_everything(found)
        found.made["s3control"] = found.customer.client("s3control")
        yield found


def diagnosed(there: Emulated, outputs: Mapping[str, Any] | None = None, **more: Any) -> Diagnosis:
    described = {**there.described(), **more}
    return examine(Inspected(there.account(), "etl", described, outputs or {}), there.aws())


def judged(found: Diagnosis, rule: str) -> Judgment:
    return next(j for j in found.judgments if j.rule.id == f"mwaa-{rule}")


def test_the_accounts_public_access_block_is_enough(there: Emulated) -> None:
    s3, control = there.customer.client("s3"), there.made["s3control"]
    bucket = there.customer.names.bucket
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    s3.delete_public_access_block(Bucket=bucket)
    try:
        alone = judged(diagnosed(there), "storage-public-access-blocked")
        assert alone.verdict is Verdict.FAIL
        assert bucket in alone.findings[0].fix
        control.put_public_access_block(
            AccountId=ACCOUNT, PublicAccessBlockConfiguration=dict.fromkeys(ALL, True)
        )
        both = judged(diagnosed(there), "storage-public-access-blocked")
        assert both.verdict is Verdict.PASS
    finally:
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=block)


def test_a_log_group_with_another_key_is_named_with_both(there: Emulated) -> None:
    logs, kms = there.customer.client("logs"), there.customer.client("kms")
    policy = kms.get_key_policy(KeyId=there.customer.key, PolicyName="default")["Policy"]
    other = kms.create_key(Policy=policy)["KeyMetadata"]["Arn"]
    logs.associate_kms_key(logGroupName=WORKER, kmsKeyId=other)
    try:
        found = judged(diagnosed(there), "logs-groups-encrypted")
    finally:
        logs.associate_kms_key(logGroupName=WORKER, kmsKeyId=there.customer.key)
    (finding,) = [one for one in found.findings if one.resource == WORKER]
    assert other in finding.found and there.customer.key in finding.found
    assert f"--log-group-name {WORKER} --kms-key-id {there.customer.key}" in finding.fix


def test_a_retention_that_is_not_the_settings_has_drifted(there: Emulated) -> None:
    logs = there.customer.client("logs")
    logs.put_retention_policy(logGroupName=WORKER, retentionInDays=7)
    found = {one.output: one for one in diagnosed(there, {"logRetentionDays": 7}).drifts}
    assert f"logRetentionDays ({WORKER})" not in found
    assert found["logRetentionDays (airflow-etl-Task)"].account == "forever"
    assert not diagnosed(there, {"logRetentionDays": ""}).drifts


def test_a_pinned_version_that_is_gone_is_named_with_the_newest(there: Emulated) -> None:
    s3, bucket = there.customer.client("s3"), there.customer.names.bucket
    key = "requirements-gone.txt"
    gone = s3.put_object(Bucket=bucket, Key=key, Body=b"a==1")["VersionId"]
    newest = s3.put_object(Bucket=bucket, Key=key, Body=b"a==2")["VersionId"]
    s3.delete_object(Bucket=bucket, Key=key, VersionId=gone)
    pinned = {"RequirementsS3Path": key, "RequirementsS3ObjectVersion": gone}
    found = judged(diagnosed(there, **pinned), "storage-pinned-versions-exist")
    (finding,) = found.findings
    assert finding.found == f"the bucket has no version {gone} of {key}; its newest is {newest}"
    assert key in finding.fix and bucket in finding.fix


def test_a_consequence_stands_below_its_cause_with_real_names(there: Emulated) -> None:
    kms, key = there.customer.client("kms"), there.customer.key
    kms.disable_key(KeyId=key)
    try:
        found = diagnosed(there)
    finally:
        kms.enable_key(KeyId=key)
    text = found.text(passes=False)
    usable = text[text.index("FAIL     mwaa-encryption-key-usable") :].split("\n\n")[0]
    assert f"aws kms enable-key --key-id {key}" in usable
    rules = {one["id"]: one for one in found.document()["rules"]}
    for rule in rules.values():
        for cause in rule["causes"]:
            assert rules[cause]["verdict"] == "fail"
            assert rule["verdict"] == "fail"
