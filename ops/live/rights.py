"""What creating or updating an environment takes of its caller: actions, each with its resources.

MWAA acts with the caller's rights: it passes the role, makes endpoints and network interfaces,
looks at the network and grants itself the key. Of an update AWS documents no more than the call.
https://docs.aws.amazon.com/mwaa/latest/userguide/access-policies.html
"""

from collections.abc import Callable, Mapping
from typing import Any

from mwaa.model.unknown import Maybe, known
from mwaa.service.iam_actions import KEY_GRANT_CALLS
from ops.live.reader import Answer, member

LOOKS = (
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)


Wanted = Callable[[Mapping[str, Any], str, Maybe[Answer | None]], dict[str, tuple[str, ...]]]
"""Resources by action, given what is to be, the region, and GetCallerIdentity's answer."""


def rights_to_create(
    described: Mapping[str, Any], region: str, caller: Maybe[Answer | None]
) -> dict[str, tuple[str, ...]]:
    """The actions and their resources; what does not exist yet is left out."""
    arn, number = member(caller, "Arn"), member(caller, "Account")
    if not isinstance(arn, str) or not isinstance(number, str):
        return {}
    partition = arn.split(":")[1]
    place = f"arn:{partition}:airflow:{region}:{number}:environment/{described['Name']}"
    linked = f"arn:{partition}:iam::{number}:role/aws-service-role/airflow.amazonaws.com/"
    ec2 = f"arn:{partition}:ec2:{region}:{number}:"
    subnets = (described.get("NetworkConfiguration") or {}).get("SubnetIds", ())
    if described.get("EndpointManagement") == "CUSTOMER" or not known(subnets):
        # A shared subnet's ARN has the account of its owner, who is not known here.
        subnets = ()
    interfaces = [f"{ec2}network-interface/*"]
    interfaces += [f"{ec2}subnet/{one}" for one in subnets if isinstance(one, str)]
    wanted: dict[str, tuple[str, ...]] = {
        "airflow:CreateEnvironment": (place,),
        "airflow:GetEnvironment": (place,),
        "ec2:CreateNetworkInterface": tuple(interfaces),
        "ec2:CreateVpcEndpoint": (f"{ec2}vpc-endpoint/*", *_around_endpoints(described, ec2)),
        "iam:CreateServiceLinkedRole": (f"{linked}AWSServiceRoleForAmazonMWAA",),
        **dict.fromkeys(LOOKS, ("*",)),
    }
    if described.get("Tags"):
        # https://github.com/ministryofjustice/modernisation-platform/pull/4120 (read 2026-11-27)
        wanted["airflow:TagResource"] = (place,)
    for name, actions in (
        ("ExecutionRoleArn", ("iam:PassRole",)),
        ("SourceBucketArn", ("s3:GetEncryptionConfiguration",)),
        ("KmsKey", KEY_GRANT_CALLS),
    ):
        resource = described.get(name)
        if isinstance(resource, str) and resource:
            if name == "KmsKey" and not resource.startswith("arn:"):
                own = resource
                if not own.startswith("alias/"):
                    own = f"key/{own.rpartition('/')[2]}"
                resource = f"arn:{partition}:kms:{region}:{number}:{own}"
            wanted |= dict.fromkeys(actions, (resource,))
    return wanted


def rights_to_update(
    described: Mapping[str, Any],
    region: str,
    caller: Maybe[Answer | None],
    *,
    had: Mapping[str, Any],
) -> dict[str, tuple[str, ...]]:
    """The same for an update of the environment ``had``: a role is passed where it changes."""
    to_create = rights_to_create({**described, "Tags": None}, region, caller)
    if not to_create:
        return {}
    (place,) = to_create["airflow:GetEnvironment"]
    wanted: dict[str, tuple[str, ...]] = {
        "airflow:GetEnvironment": (place,),
        "airflow:UpdateEnvironment": (place,),
    }
    if "iam:PassRole" in to_create and described["ExecutionRoleArn"] != had["ExecutionRoleArn"]:
        wanted["iam:PassRole"] = to_create["iam:PassRole"]
    return wanted


def _around_endpoints(described: Mapping[str, Any], ec2: str) -> list[str]:
    """What MWAA's own endpoints are made in: the VPC, and the environment's subnets and groups.

    With customer management the caller makes them, with rights that the stack's own resources ask
    for.
    """
    if described.get("EndpointManagement") == "CUSTOMER":
        return []
    inside = described.get("NetworkConfiguration") or {}
    found = [f"{ec2}vpc/*"]
    for kind, member_name in (("subnet", "SubnetIds"), ("security-group", "SecurityGroupIds")):
        ids = inside.get(member_name, ())
        given = ids if known(ids) else ()
        known_ids = [one for one in given if isinstance(one, str)]
        found += [f"{ec2}{kind}/{one}" for one in known_ids] or [f"{ec2}{kind}/*"]
    return found
