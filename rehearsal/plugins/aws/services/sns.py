"""SNS: topics, their policies, subscriptions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rehearsal.plugins.aws.context import Context
from rehearsal.plugins.aws.resource import Change, Input, ResourceType, State
from rehearsal.plugins.aws.tags import tag_list, tag_map

_TOPIC = {
    "displayName": "DisplayName",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "policy": "Policy",
}
_SUBSCRIPTION = {
    "filterPolicy": "FilterPolicy",
    "filterPolicyScope": "FilterPolicyScope",
    "rawMessageDelivery": "RawMessageDelivery",
}


def client(context: Context) -> Any:
    """The SNS client in the resource's region."""
    return context.client("sns")


def _create_topic(context: Context, inputs: State) -> str:
    attributes = {api: inputs[name] for name, api in _TOPIC.items() if inputs.get(name)}
    return str(
        client(context).create_topic(
            Name=inputs["name"], Attributes=attributes, Tags=tag_list(inputs.get("tagsAll"))
        )["TopicArn"]
    )


def _read_topic(context: Context, arn: str, _known: State) -> State:
    attributes = client(context).get_topic_attributes(TopicArn=arn)["Attributes"]
    return {
        "name": arn.rsplit(":", 1)[-1],
        **{name: attributes.get(api) or None for name, api in _TOPIC.items()},
        "arn": arn,
        "owner": attributes.get("Owner", context.account),
        "tags": tag_map(client(context).list_tags_for_resource(ResourceArn=arn)["Tags"]),
    }


def _update_topic(context: Context, arn: str, change: Change) -> None:
    for name, api in _TOPIC.items():
        if change.touches(name):
            client(context).set_topic_attributes(
                TopicArn=arn, AttributeName=api, AttributeValue=change.new.get(name, "")
            )


def _retag(
    context: Context, arn: str, _state: State, tags: Mapping[str, str], gone: list[str]
) -> None:
    if gone:
        client(context).untag_resource(ResourceArn=arn, TagKeys=gone)
    if tags:
        client(context).tag_resource(ResourceArn=arn, Tags=tag_list(tags))


def _put_policy(context: Context, inputs: State) -> str:
    client(context).set_topic_attributes(
        TopicArn=inputs["arn"], AttributeName="Policy", AttributeValue=inputs["policy"]
    )
    return str(inputs["arn"])


def _update_policy(context: Context, _arn: str, change: Change) -> None:
    _put_policy(context, change.new)


def _read_policy(context: Context, arn: str, _known: State) -> State:
    attributes = client(context).get_topic_attributes(TopicArn=arn)["Attributes"]
    return {
        "arn": arn,
        "policy": attributes.get("Policy"),
        "owner": attributes.get("Owner", context.account),
    }


def _restore_policy(context: Context, arn: str, _state: State) -> None:
    # A topic cannot be without a policy: it gets the default one, its owner's.
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": ["SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:Subscribe"],
        "Resource": arn,
        "Condition": {"StringEquals": {"AWS:SourceOwner": context.account}},
    }
    document = {"Version": "2008-10-17", "Statement": [statement]}
    _put_policy(context, {"arn": arn, "policy": json.dumps(document)})


def _create_subscription(context: Context, inputs: State) -> str:
    attributes = {
        api: _attribute(inputs[name])
        for name, api in _SUBSCRIPTION.items()
        if inputs.get(name) not in (None, False)
    }
    answer = client(context).subscribe(
        TopicArn=inputs["topic"],
        Protocol=inputs["protocol"],
        Endpoint=inputs["endpoint"],
        Attributes=attributes,
        # Otherwise an unconfirmed address has no ARN to be known by.
        ReturnSubscriptionArn=True,
    )
    return str(answer["SubscriptionArn"])


def _attribute(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read_subscription(context: Context, arn: str, known: State) -> State:
    found = client(context).get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    return {
        "topic": found["TopicArn"],
        "protocol": found["Protocol"],
        "endpoint": found["Endpoint"],
        "filterPolicy": found.get("FilterPolicy"),
        "filterPolicyScope": found.get("FilterPolicyScope") or known.get("filterPolicyScope"),
        "rawMessageDelivery": found.get("RawMessageDelivery") == "true",
        "arn": arn,
        "ownerId": found.get("Owner", context.account),
        "pendingConfirmation": found.get("PendingConfirmation") == "true",
        "confirmationWasAuthenticated": found.get("ConfirmationWasAuthenticated") == "true",
    }


def _update_subscription(context: Context, arn: str, change: Change) -> None:
    for name, api in _SUBSCRIPTION.items():
        if change.touches(name):
            client(context).set_subscription_attributes(
                SubscriptionArn=arn,
                AttributeName=api,
                AttributeValue=_attribute(change.new.get(name, "")),
            )


TYPES = (
    ResourceType(
        name="aws:sns/topic:Topic",
        inputs={
            "name": Input(replace=True, autoname="random"),
            "displayName": Input(),
            "kmsMasterKeyId": Input(),
            "policy": Input(computed=True, document=True),
        },
        outputs=("arn", "owner"),
        create=_create_topic,
        read=_read_topic,
        update=_update_topic,
        delete=lambda context, arn, _: client(context).delete_topic(TopicArn=arn),
        tagger=_retag,
    ),
    ResourceType(
        name="aws:sns/topicPolicy:TopicPolicy",
        inputs={
            "arn": Input(required=True, replace=True),
            "policy": Input(required=True, document=True),
        },
        outputs=("owner",),
        create=_put_policy,
        read=_read_policy,
        update=_update_policy,
        delete=_restore_policy,
    ),
    ResourceType(
        name="aws:sns/topicSubscription:TopicSubscription",
        inputs={
            "topic": Input(required=True, replace=True),
            "protocol": Input(required=True, replace=True),
            "endpoint": Input(required=True, replace=True),
            "filterPolicy": Input(document=True),
            "filterPolicyScope": Input(computed=True),
            "rawMessageDelivery": Input(default=False),
            "confirmationTimeoutInMinutes": Input(default=1, unread=True),
            "endpointAutoConfirms": Input(default=False, unread=True),
        },
        outputs=("arn", "ownerId", "pendingConfirmation", "confirmationWasAuthenticated"),
        create=_create_subscription,
        read=_read_subscription,
        update=_update_subscription,
        delete=lambda context, arn, _: client(context).unsubscribe(SubscriptionArn=arn),
    ),
)
