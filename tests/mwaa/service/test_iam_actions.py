"""IAM's names of operations."""

import pytest

from mwaa.service.iam_actions import KEY_GRANT_CALLS, action_of, actions_named


@pytest.mark.parametrize(
    ("service", "operation", "action"),
    [
        ("s3", "head_object", "s3:GetObject"),
        ("s3", "list_objects_v2", "s3:ListBucket"),
        ("s3", "get_public_access_block", "s3:GetBucketPublicAccessBlock"),
        ("s3control", "get_public_access_block", "s3:GetAccountPublicAccessBlock"),
        ("mwaa", "get_environment", "airflow:GetEnvironment"),
        ("ec2", "describe_vpcs", "ec2:DescribeVpcs"),
    ],
)
def test_an_operation_has_its_action(service: str, operation: str, action: str) -> None:
    assert action_of(service, operation) == action


def test_an_operation_without_its_service_has_all_its_actions() -> None:
    assert set(actions_named("GetPublicAccessBlock")) == {
        "s3:GetBucketPublicAccessBlock",
        "s3:GetAccountPublicAccessBlock",
    }
    assert actions_named("DescribeVpcs") == ()


def test_a_simulated_action_has_no_wildcard() -> None:
    assert not [call for call in KEY_GRANT_CALLS if "*" in call]
    assert {"kms:CreateGrant", "kms:GenerateDataKey", "kms:ReEncryptTo"} <= set(KEY_GRANT_CALLS)
