"""Reads the KMS key of a plan, and which key a resource names."""

from typing import Any

from mwaa.model.platform import UNKNOWN, Document, Key, Maybe, known, or_unknown
from policy.plan.resources import Plan, Resource

KEY = "aws:kms/key:Key"
KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy"
GRANT = "aws:kms/grant:Grant"
ALIAS = "aws:kms/alias:Alias"


def key_reference(plan: Plan, holder: Resource, prop: str, value: Any) -> Maybe[str | None]:
    """The identity of the key that ``value``, found in the property ``prop``, names."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        found = plan.find(value, KEY)
        return found.arn if found else value
    behind = plan.behind(holder, prop, KEY)
    return behind[0].arn if len(behind) == 1 else UNKNOWN


def key_of_environment(plan: Plan, environment: Resource) -> Maybe[str | None]:
    """The identity of the environment's key; an id or alias stays what the program wrote."""
    value = environment.get("kmsKey")
    if isinstance(value, str) and not value.startswith("arn:"):
        return value or None
    return key_reference(plan, environment, "kmsKey", value)


def find_key(plan: Plan, environment: Resource) -> Resource | None:
    """The environment's key, if the plan holds it."""
    return plan.target(environment, "kmsKey", KEY)


def key(
    plan: Plan, environment: Resource, account: Maybe[str], partition: Maybe[str]
) -> Maybe[Key | None]:
    """The key as a fact: None without one, ``UNKNOWN`` for a key outside of the plan."""
    if not environment.declares("kmsKey"):
        return None
    item = find_key(plan, environment)
    if item is None:
        return UNKNOWN
    if item.looked_up_by:
        return _looked_up(item)
    policies = [p for p in plan.of(KEY_POLICY) if plan.target(p, "keyId", KEY) is item]
    holder = policies[0] if policies else item
    arn = item.text("arn")
    enabled = item.flag("isEnabled", default=True)
    return Key(
        id=item.arn,
        arn=or_unknown(arn),
        state=("Enabled" if enabled else "Disabled") if known(enabled) else enabled,
        usage=_default(item.text("keyUsage"), "ENCRYPT_DECRYPT"),
        spec=_default(item.text("customerMasterKeySpec"), "SYMMETRIC_DEFAULT"),
        multi_region=item.flag("multiRegion") if item.declares("multiRegion") else False,
        rotation=item.flag("enableKeyRotation"),
        deletion_window=30 if (days := item.number("deletionWindowInDays")) is None else days,
        policy=holder.document("policy")
        if holder.declares("policy")
        else _default_policy(account, partition),
        bypass_lockout_check=holder.flag("bypassPolicyLockoutSafetyCheck"),
        # A key that is not made yet has no grants but those of the plan.
        grants=UNKNOWN if item.real_id or plan.of(GRANT) else (),
        protected=item.protect,
        parts=frozenset({item.urn, *(policy.urn for policy in policies)}),
    )


def _looked_up(item: Resource) -> Key:
    """What a lookup tells of a key; what the stack does not hold, its destroy does not take."""
    return Key(
        id=item.arn,
        arn=item.arn,
        state=or_unknown(item.text("keyState")),
        usage=or_unknown(item.text("keyUsage")),
        spec=or_unknown(item.text("customerMasterKeySpec")),
        manager=or_unknown(item.text("keyManager")),
        multi_region=item.flag("multiRegion") if "multiRegion" in item.props else UNKNOWN,
        rotation=UNKNOWN,
        protected=True,
    )


def _default(value: Maybe[str | None], default: str) -> Maybe[str]:
    return default if value is None else value


def _default_policy(account: Maybe[str], partition: Maybe[str]) -> Maybe[Document]:
    """What KMS writes when no policy is given: the account's administrators decide by IAM.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    """
    if not known(account) or not known(partition):
        return UNKNOWN
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Enable IAM User Permissions",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:{partition}:iam::{account}:root"},
                "Action": "kms:*",
                "Resource": "*",
            }
        ],
    }
