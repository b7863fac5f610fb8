"""The questions that EC2 puts to IAM, one for each resource that a call names or makes.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.e2e.authorization.place import Asked, Place

MADE = {
    "AllocateAddress": "elastic-ip",
    "AuthorizeSecurityGroupEgress": "security-group-rule",
    "AuthorizeSecurityGroupIngress": "security-group-rule",
    "CreateFlowLogs": "vpc-flow-log",
    "CreateInternetGateway": "internet-gateway",
    "CreateNatGateway": "natgateway",
    "CreateRouteTable": "route-table",
    "CreateSecurityGroup": "security-group",
    "CreateSubnet": "subnet",
    "CreateVpc": "vpc",
    "CreateVpcEndpoint": "vpc-endpoint",
}
KINDS = {
    "eipalloc": "elastic-ip",
    "fl": "vpc-flow-log",
    "igw": "internet-gateway",
    "nat": "natgateway",
    "rtb": "route-table",
    "sg": "security-group",
    "sgr": "security-group-rule",
    "subnet": "subnet",
    "vpc": "vpc",
    "vpce": "vpc-endpoint",
}
_IDENTIFIER = re.compile(r"([a-z]+)-[0-9a-f]+")


def of_ec2(entry: Mapping[str, Any], place: Place) -> Iterator[Asked]:
    """``KeyError`` for a kind of resource that no one has written down."""
    operation, action = entry["operation"], f"ec2:{entry['operation']}"
    if operation.startswith(("Describe", "Get")):
        yield action, "*", {}
        return
    asked = False
    if operation in MADE:
        arn = place.arn("ec2", f"{MADE[operation]}/made")
        tags = {f"aws:RequestTag/{key}": value for key, value in entry["tags"].items()}
        yield action, arn, tags
        if tags:
            yield "ec2:CreateTags", arn, {**tags, "ec2:CreateAction": operation}
        asked = True
    for identity in _identities(entry["names"], place):
        kind = KINDS[identity.split("-")[0]]
        own = place.tags.get(identity, {})
        tags = {f"aws:ResourceTag/{key}": value for key, value in own.items()}
        yield action, place.arn("ec2", f"{kind}/{identity}"), tags
        asked = True
    if "DeliverLogsPermissionArn" in entry["names"]:
        passed = {"iam:PassedToService": "vpc-flow-logs.amazonaws.com"}
        yield "iam:PassRole", entry["names"]["DeliverLogsPermissionArn"], passed
    if not asked:
        raise KeyError(f"{action} of {dict(entry['names'])}: nobody says what it asks for")


def _identities(names: Mapping[str, Any], place: Place) -> Iterator[str]:
    for value in names.values():
        for one in [value] if isinstance(value, str) else value:
            if not _IDENTIFIER.fullmatch(one):
                continue
            # An association has no ARN: its subnet and its table are asked about.
            yield from place.links.get(one, (one,))
