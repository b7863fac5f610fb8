"""KMS: keys, key policies, aliases."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from rehearsal.plugins.aws.context import Context
from rehearsal.plugins.aws.resource import Change, Function, Input, ResourceType, State
from rehearsal.plugins.aws.tags import tag_map

_DEFAULT_WINDOW_DAYS = 30


def client(context: Context) -> Any:
    """The KMS client in the resource's region."""
    return context.client("kms")


def _create_key(context: Context, inputs: State) -> str:
    optional = {
        "Policy": inputs.get("policy"),
        "Description": inputs.get("description"),
        "Tags": _tags(inputs.get("tagsAll") or {}),
    }
    key = client(context).create_key(
        KeyUsage=inputs["keyUsage"],
        KeySpec=inputs["customerMasterKeySpec"],
        MultiRegion=bool(inputs.get("multiRegion", False)),
        BypassPolicyLockoutSafetyCheck=inputs["bypassPolicyLockoutSafetyCheck"],
        **{name: value for name, value in optional.items() if value},
    )["KeyMetadata"]
    made = context.created(key["KeyId"])
    if inputs["enableKeyRotation"]:
        _rotate(context, made, inputs)
    if not inputs["isEnabled"]:
        client(context).disable_key(KeyId=made)
    return made


def _tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"TagKey": key, "TagValue": value} for key, value in tags.items()]


def _rotate(context: Context, key_id: str, inputs: State) -> None:
    days = inputs.get("rotationPeriodInDays")
    period = {"RotationPeriodInDays": int(days)} if days else {}
    client(context).enable_key_rotation(KeyId=key_id, **period)


def _read_key(context: Context, key_id: str, _known: State) -> State | None:
    kms = client(context)
    key = kms.describe_key(KeyId=key_id)["KeyMetadata"]
    if key["KeyState"] == "PendingDeletion":
        return None
    rotation = kms.get_key_rotation_status(KeyId=key_id)
    return {
        "arn": key["Arn"],
        "keyId": key["KeyId"],
        "description": key.get("Description", ""),
        "isEnabled": key["Enabled"],
        "keyUsage": key["KeyUsage"],
        "customerMasterKeySpec": key["CustomerMasterKeySpec"],
        "multiRegion": key.get("MultiRegion", False),
        "enableKeyRotation": rotation["KeyRotationEnabled"],
        "rotationPeriodInDays": rotation.get("RotationPeriodInDays"),
        "policy": kms.get_key_policy(KeyId=key_id, PolicyName="default")["Policy"],
        "tags": tag_map(kms.list_resource_tags(KeyId=key_id)["Tags"]),
    }


def _update_key(context: Context, key_id: str, change: Change) -> None:
    kms, new = client(context), change.new
    if change.touches("isEnabled"):
        (kms.enable_key if new["isEnabled"] else kms.disable_key)(KeyId=key_id)
    if change.touches("enableKeyRotation", "rotationPeriodInDays"):
        if new["enableKeyRotation"]:
            _rotate(context, key_id, new)
        else:
            kms.disable_key_rotation(KeyId=key_id)
    if change.touches("description"):
        kms.update_key_description(KeyId=key_id, Description=new.get("description", ""))
    if change.touches("policy"):
        kms.put_key_policy(KeyId=key_id, PolicyName="default", Policy=new["policy"])


def _delete_key(context: Context, key_id: str, state: State) -> None:
    window = int(state.get("deletionWindowInDays") or _DEFAULT_WINDOW_DAYS)
    client(context).schedule_key_deletion(KeyId=key_id, PendingWindowInDays=window)


def _retag(
    context: Context, key_id: str, _state: State, tags: Mapping[str, str], gone: list[str]
) -> None:
    if gone:
        client(context).untag_resource(KeyId=key_id, TagKeys=gone)
    if tags:
        client(context).tag_resource(KeyId=key_id, Tags=_tags(tags))


def _window(inputs: State) -> Iterator[tuple[str, str]]:
    days = inputs.get("deletionWindowInDays")
    if isinstance(days, int) and not 7 <= days <= 30:
        yield "deletionWindowInDays", f"expected from 7 to 30 days, given {days}."
    period = inputs.get("rotationPeriodInDays")
    if isinstance(period, int) and not 90 <= period <= 2560:
        yield "rotationPeriodInDays", f"expected from 90 to 2560 days, given {period}."


def _create_alias(context: Context, inputs: State) -> str:
    client(context).create_alias(AliasName=inputs["name"], TargetKeyId=inputs["targetKeyId"])
    return str(inputs["name"])


def _read_alias(context: Context, name: str, known: State) -> State | None:
    for page in client(context).get_paginator("list_aliases").paginate():
        for alias in page["Aliases"]:
            if alias["AliasName"] == name and alias.get("TargetKeyId"):
                target = alias["TargetKeyId"]
                key_arn = context.arn("kms", f"key/{target}")
                # A key's id and its ARN name the same target.
                same = known.get("targetKeyId") in (target, key_arn)
                return {
                    "name": name,
                    "targetKeyId": known["targetKeyId"] if same else target,
                    "targetKeyArn": key_arn,
                    "arn": alias["AliasArn"],
                }
    return None


def _update_alias(context: Context, name: str, change: Change) -> None:
    client(context).update_alias(AliasName=name, TargetKeyId=change.new["targetKeyId"])


def _alias_name(inputs: State) -> Iterator[tuple[str, str]]:
    name = inputs.get("name")
    if isinstance(name, str) and not name.startswith("alias/"):
        yield "name", f"An alias begins with 'alias/'; given {name!r}."


def _put_policy(context: Context, inputs: State) -> str:
    client(context).put_key_policy(
        KeyId=inputs["keyId"], PolicyName="default", Policy=inputs["policy"]
    )
    return str(inputs["keyId"])


def _read_policy(context: Context, key_id: str, _known: State) -> State:
    answer = client(context).get_key_policy(KeyId=key_id, PolicyName="default")
    return {"keyId": key_id, "policy": answer["Policy"]}


def _update_policy(context: Context, _key: str, change: Change) -> None:
    _put_policy(context, change.new)


def _restore_policy(context: Context, key_id: str, _state: State) -> None:
    # A key cannot be without a policy: it gets the one that leaves all to the account's IAM.
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{context.partition}:iam::{context.account}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    client(context).put_key_policy(KeyId=key_id, PolicyName="default", Policy=document)


def _look_up_key(context: Context, arguments: State) -> State:
    key = client(context).describe_key(KeyId=arguments["keyId"])["KeyMetadata"]
    return {
        "id": key["KeyId"],
        "keyId": arguments["keyId"],
        "arn": key["Arn"],
        "awsAccountId": key["AWSAccountId"],
        "description": key.get("Description", ""),
        "enabled": key["Enabled"],
        "keyState": key["KeyState"],
        "keyUsage": key["KeyUsage"],
        "keySpec": key["KeySpec"],
        "customerMasterKeySpec": key["CustomerMasterKeySpec"],
        "keyManager": key["KeyManager"],
        "multiRegion": key.get("MultiRegion", False),
        "origin": key["Origin"],
    }


TYPES = (
    ResourceType(
        name="aws:kms/key:Key",
        inputs={
            "description": Input(computed=True),
            "deletionWindowInDays": Input(unread=True),
            "enableKeyRotation": Input(default=False),
            "rotationPeriodInDays": Input(computed=True),
            "isEnabled": Input(default=True),
            "keyUsage": Input(default="ENCRYPT_DECRYPT", replace=True),
            "customerMasterKeySpec": Input(default="SYMMETRIC_DEFAULT", replace=True),
            "multiRegion": Input(computed=True, replace=True),
            "policy": Input(computed=True, document=True),
            "bypassPolicyLockoutSafetyCheck": Input(default=False, unread=True),
        },
        outputs=("arn", "keyId"),
        create=_create_key,
        read=_read_key,
        update=_update_key,
        delete=_delete_key,
        tagger=_retag,
        validate=_window,
    ),
    ResourceType(
        name="aws:kms/alias:Alias",
        inputs={
            "name": Input(replace=True, autoname="random"),
            "targetKeyId": Input(required=True),
        },
        outputs=("arn", "targetKeyArn"),
        create=_create_alias,
        read=_read_alias,
        update=_update_alias,
        delete=lambda context, name, _: client(context).delete_alias(AliasName=name),
        validate=_alias_name,
    ),
    ResourceType(
        name="aws:kms/keyPolicy:KeyPolicy",
        inputs={
            "keyId": Input(required=True, replace=True),
            "policy": Input(required=True, document=True),
        },
        create=_put_policy,
        read=_read_policy,
        update=_update_policy,
        delete=_restore_policy,
    ),
)

FUNCTIONS = (Function("aws:kms/getKey:getKey", frozenset({"keyId", "grantTokens"}), _look_up_key),)
