"""IAM's names of what an operation does, where they differ from the operation's own name.

Sources (read 2026-11):
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html,
https://docs.aws.amazon.com/mwaa/latest/userguide/custom-keys-certs.html (the key)
"""

from typing import Final

# boto's service name -> the prefix of its IAM actions, where they differ.
_PREFIXES: Final = {"mwaa": "airflow", "s3control": "s3", "service-quotas": "servicequotas"}

# Service and operation, by boto's names -> action.
_RENAMED: Final = {
    "route53:ListHostedZonesByVpc": "route53:ListHostedZonesByVPC",
    "s3:DeleteObjects": "s3:DeleteObject",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3control:GetPublicAccessBlock": "s3:GetAccountPublicAccessBlock",
}

KEY_GRANT_ACTIONS: Final = (
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey*",
    "kms:ListGrants",
    "kms:ReEncrypt*",
    "kms:RevokeGrant",
)
"""What whoever creates an environment must be allowed on its key: MWAA grants itself the key with
the caller's rights. As AWS writes them in a policy."""

_WILDCARDS: Final = {
    "kms:GenerateDataKey*": ("kms:GenerateDataKey",),
    "kms:ReEncrypt*": ("kms:ReEncryptFrom", "kms:ReEncryptTo"),
}

KEY_GRANT_CALLS: Final = tuple(
    call for action in KEY_GRANT_ACTIONS for call in _WILDCARDS.get(action, (action,))
)
"""The same as single actions, which IAM's simulator takes."""


def action_of(service: str, operation: str) -> str:
    """The IAM action of a boto operation: ``s3``, ``head_object`` -> ``s3:GetObject``."""
    name = "".join(word.capitalize() for word in operation.split("_"))
    return _RENAMED.get(f"{service}:{name}", f"{_PREFIXES.get(service, service)}:{name}")


def actions_named(operation: str) -> tuple[str, ...]:
    """The actions of an operation whose service is not known; empty where IAM has its own name."""
    return tuple(action for call, action in _RENAMED.items() if call.partition(":")[2] == operation)
