"""EC2: the default security group of a VPC, which is taken over and never made or deleted.

https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/vpc_default_security_group.go
(read 2026-11-27)
"""

from __future__ import annotations

from rehearsal.plugins.aws.context import Context
from rehearsal.plugins.aws.resource import Input, ResourceType, State, require
from rehearsal.plugins.aws.services.ec2.calls import client, describe, filters, retag
from rehearsal.plugins.aws.services.ec2.group_rules import (
    DIRECTIONS,
    authorize,
    others,
    still_there,
)
from rehearsal.plugins.aws.services.ec2.security import read_group, update_group

_NAME = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"


def _take_over(context: Context, inputs: State) -> str:
    # The published provider takes the VPC for optional, and then looks for a group of EC2-Classic.
    vpc = require(inputs, "vpcId", _NAME)
    wanted = filters(group_name="default", vpc_id=vpc)
    group = context.created(describe(context, "SecurityGroups", Filters=wanted)["GroupId"])
    if tags := inputs.get("tagsAll"):
        retag(context, group, inputs, tags, [])
    _revoke_all(context, group)
    for direction in DIRECTIONS:
        authorize(context, group, direction, inputs.get(direction) or ())
    return group


def _revoke_all(context: Context, group: str) -> None:
    ec2 = client(context)
    rules = ec2.describe_security_group_rules(Filters=filters(group_id=group))
    for rule in rules["SecurityGroupRules"]:
        one = {"GroupId": group, "SecurityGroupRuleIds": [rule["SecurityGroupRuleId"]]}
        if rule["IsEgress"]:
            ec2.revoke_security_group_egress(**one)
        else:
            ec2.revoke_security_group_ingress(**one)


def _read(context: Context, group: str, known: State) -> State:
    sides: State = {}
    for direction in DIRECTIONS:
        blocks = known.get(direction) or ()
        sides[direction] = [
            *still_there(context, group, direction, blocks),
            *others(context, group, direction, blocks),
        ]
    return {**read_group(context, group, {}), **sides}


def _leave(_context: Context, _group: str, _state: State) -> None:
    """The group stays as it is until its VPC goes."""


TYPES = (
    ResourceType(
        name=_NAME,
        inputs={
            "vpcId": Input(replace=True, computed=True),
            "revokeRulesOnDelete": Input(default=False, unread=True),
            **{direction: Input(computed=True, unordered=True) for direction in DIRECTIONS},
        },
        outputs=("arn", "description", "name", "ownerId"),
        create=_take_over,
        read=_read,
        update=update_group,
        delete=_leave,
        tagger=retag,
    ),
)
