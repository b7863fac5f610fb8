"""What creating an environment takes of its caller, resource by action.

MWAA acts with the caller's rights: it passes the role, makes endpoints and grants itself the key.
https://docs.aws.amazon.com/mwaa/latest/userguide/access-policies.html
"""

from collections.abc import Mapping
from typing import Any

from day2.living.reader import member

# https://docs.aws.amazon.com/mwaa/latest/userguide/custom-keys-certs.html
KEY_ACTIONS = (
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:ListGrants",
    "kms:ReEncryptFrom",
    "kms:RevokeGrant",
)


def wanted_rights(described: Mapping[str, Any], region: str, caller: Any) -> dict[str, str]:
    """The actions and their resources; what does not exist yet is left out."""
    arn, number = member(caller, "Arn"), member(caller, "Account")
    if not isinstance(arn, str) or not isinstance(number, str):
        return {}
    partition = arn.split(":")[1]
    place = f"arn:{partition}:airflow:{region}:{number}:environment/{described['Name']}"
    linked = f"arn:{partition}:iam::{number}:role/aws-service-role/airflow.amazonaws.com/"
    wanted = {
        "airflow:CreateEnvironment": place,
        "airflow:GetEnvironment": place,
        "ec2:CreateVpcEndpoint": f"arn:{partition}:ec2:{region}:{number}:vpc-endpoint/*",
        "iam:CreateServiceLinkedRole": f"{linked}AWSServiceRoleForAmazonMWAA",
    }
    for name, actions in (
        ("ExecutionRoleArn", ("iam:PassRole",)),
        ("SourceBucketArn", ("s3:GetEncryptionConfiguration",)),
        ("KmsKey", KEY_ACTIONS),
    ):
        resource = described.get(name)
        if isinstance(resource, str) and resource:
            wanted |= dict.fromkeys(actions, resource)
    return wanted
