"""SNS: topics, their policies, subscriptions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rehearsal.plugins.aws.call import Call
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


def client(call: Call) -> Any:
    """The SNS client in the resource's region."""
    return call.client("sns")


def _create_topic(call: Call, inputs: State) -> str:
    attributes = {api: inputs[name] for name, api in _TOPIC.items() if inputs.get(name)}
    return str(
        client(call).create_topic(
            Name=inputs["name"], Attributes=attributes, Tags=tag_list(inputs.get("tagsAll"))
        )["TopicArn"]
    )


def _read_topic(call: Call, arn: str, _known: State) -> State:
    attributes = client(call).get_topic_attributes(TopicArn=arn)["Attributes"]
    return {
        "name": arn.rsplit(":", 1)[-1],
        **{name: attributes.get(api) or None for name, api in _TOPIC.items()},
        "arn": arn,
        "owner": attributes.get("Owner", call.account),
        "tags": tag_map(client(call).list_tags_for_resource(ResourceArn=arn)["Tags"]),
    }


def _update_topic(call: Call, arn: str, change: Change) -> None:
    for name, api in _TOPIC.items():
        if change.touches(name):
            client(call).set_topic_attributes(
                TopicArn=arn, AttributeName=api, AttributeValue=change.new.get(name, "")
            )


def _retag(call: Call, arn: str, _state: State, tags: Mapping[str, str], gone: list[str]) -> None:
    if gone:
        client(call).untag_resource(ResourceArn=arn, TagKeys=gone)
    if tags:
        client(call).tag_resource(ResourceArn=arn, Tags=tag_list(tags))


def _put_policy(call: Call, inputs: State) -> str:
    client(call).set_topic_attributes(
        TopicArn=inputs["arn"], AttributeName="Policy", AttributeValue=inputs["policy"]
    )
    return str(inputs["arn"])


def _update_policy(call: Call, _arn: str, change: Change) -> None:
    _put_policy(call, change.new)


def _read_policy(call: Call, arn: str, _known: State) -> State:
    attributes = client(call).get_topic_attributes(TopicArn=arn)["Attributes"]
    return {
        "arn": arn,
        "policy": attributes.get("Policy"),
        "owner": attributes.get("Owner", call.account),
    }


def _restore_policy(call: Call, arn: str, _state: State) -> None:
    # A topic cannot be without a policy: it gets the default one, its owner's.
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": ["SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:Subscribe"],
        "Resource": arn,
        "Condition": {"StringEquals": {"AWS:SourceOwner": call.account}},
    }
    document = {"Version": "2008-10-17", "Statement": [statement]}
    _put_policy(call, {"arn": arn, "policy": json.dumps(document)})


def _create_subscription(call: Call, inputs: State) -> str:
    attributes = {
        api: _attribute(inputs[name])
        for name, api in _SUBSCRIPTION.items()
        if inputs.get(name) not in (None, False)
    }
    answer = client(call).subscribe(
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


def _read_subscription(call: Call, arn: str, known: State) -> State:
    found = client(call).get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    return {
        "topic": found["TopicArn"],
        "protocol": found["Protocol"],
        "endpoint": found["Endpoint"],
        "filterPolicy": found.get("FilterPolicy"),
        "filterPolicyScope": found.get("FilterPolicyScope") or known.get("filterPolicyScope"),
        "rawMessageDelivery": found.get("RawMessageDelivery") == "true",
        "arn": arn,
        "ownerId": found.get("Owner", call.account),
        "pendingConfirmation": found.get("PendingConfirmation") == "true",
        "confirmationWasAuthenticated": found.get("ConfirmationWasAuthenticated") == "true",
    }


def _update_subscription(call: Call, arn: str, change: Change) -> None:
    for name, api in _SUBSCRIPTION.items():
        if change.touches(name):
            client(call).set_subscription_attributes(
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
        delete=lambda call, arn, _: client(call).delete_topic(TopicArn=arn),
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
        delete=lambda call, arn, _: client(call).unsubscribe(SubscriptionArn=arn),
    ),
)
