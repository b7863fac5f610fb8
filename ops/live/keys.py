"""The KMS key of an environment, with its policy and its grants."""

from collections.abc import Mapping
from concurrent.futures import Executor
from typing import Any

from mwaa.model.platform import UNKNOWN, Grant, Key, Maybe, known
from ops.live.reader import AwsReader, document, member


def key(aws: AwsReader, arn: Maybe[str | None], pool: Executor) -> Maybe[Key | None]:
    """The environment's key; None for the key that AWS owns, and for one that is gone."""
    if not known(arn):
        return UNKNOWN
    if not arn:
        return None
    answer = aws.call("kms", "describe_key", ("NotFoundException",), KeyId=arn)
    if not known(answer) or answer is None:
        return answer
    if "KeyMetadata" not in answer:
        return UNKNOWN
    described = answer["KeyMetadata"]
    rotation = pool.submit(
        aws.call, "kms", "get_key_rotation_status", ("UnsupportedOperationException",), KeyId=arn
    ).result
    policy = pool.submit(aws.call, "kms", "get_key_policy", KeyId=arn, PolicyName="default").result
    grants = aws.each("kms", "list_grants", "Grants", KeyId=arn)
    rotates = member(rotation(), "KeyRotationEnabled")
    return Key(
        id=described["Arn"],
        arn=described["Arn"],
        state=described["KeyState"],
        usage=described.get("KeyUsage", "ENCRYPT_DECRYPT"),
        spec=described.get("KeySpec", "SYMMETRIC_DEFAULT"),
        manager=described.get("KeyManager", "CUSTOMER"),
        multi_region=described.get("MultiRegion", False),
        rotation=False if rotates is None else rotates,
        # KMS returns the days only of a key that is already being deleted.
        deletion_window=described.get("PendingDeletionWindowInDays", UNKNOWN),
        policy=document(member(policy(), "Policy")),
        grants=tuple(_grant(one) for one in grants) if known(grants) else grants,
    )


def _grant(item: Mapping[str, Any]) -> Grant:
    return Grant(
        name=item.get("Name"),
        grantee=item.get("GranteePrincipal", ""),
        operations=tuple(item.get("Operations", [])),
    )
