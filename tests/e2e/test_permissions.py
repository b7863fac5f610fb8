"""The deployer's policy against what a whole life of a stack asks of the emulated AWS."""

from __future__ import annotations

from typing import Any

from day2.living.eyes import PREFIXES
from day2.permissions import deployer_statements
from tests.e2e.rehearsal import Rehearsal
from tests.e2e.shapes import DESTRUCTIBLE, brought_up

# Operations whose IAM action has another name:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
OTHER_NAMES = {
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:DeleteObjects": "s3:DeleteObject",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:DeleteBucketOwnershipControls": "s3:PutBucketOwnershipControls",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3:DeleteBucketTagging": "s3:PutBucketTagging",
}


def action(entry: dict[str, Any]) -> str:
    service = PREFIXES.get(entry["service"], entry["service"])
    name = f"{service}:{entry['operation']}"
    return OTHER_NAMES.get(name, name)


def test_no_call_of_a_stacks_life_falls_outside_of_the_deployers_policy(
    rehearsal: Rehearsal,
) -> None:
    rehearsal.forget_requests()
    with brought_up(rehearsal, "isolated", **DESTRUCTIBLE) as stack:
        statements = deployer_statements(stack.export()["deployment"]["resources"])
        stack.set(maxWorkers=4)
        changed = stack.up(policy=False)
        assert changed.code == 0, changed.errors or changed.text
    allowed = {action for one in statements for action in one["Action"]}
    # What the account's own block is asked for has S3's ordinary name in the log.
    asked = {action(entry) for entry in rehearsal.requests() if entry["operation"]}
    assert asked
    wild = {name.rstrip("*") for name in allowed if name.endswith("*")}
    outside = {a for a in asked - allowed if not any(a.startswith(prefix) for prefix in wild)}
    assert outside == set()
    passed = [one for one in statements if "iam:PassRole" in one["Action"]]
    assert all("Condition" in one and "*" not in one["Resource"] for one in passed)
    assert any("iam:CreateServiceLinkedRole" in one["Action"] for one in statements)
    assert any("kms:CreateGrant" in one["Action"] for one in statements)
    assert any("ec2:CreateVpcEndpoint" in one["Action"] for one in statements)
