"""The EC2 part of the deployer's policy: what is made, what is the stack's own, what was given.

EC2 gives ids, so a policy can name the stack's resources by region, account and tags only. Sources:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html and
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from mwaa.names import Names

Statement = dict[str, Any]

# Action that makes something -> the type in its ARN.
MADE: Final = {
    "AllocateAddress": "elastic-ip",
    "CreateFlowLogs": "vpc-flow-log",
    "CreateInternetGateway": "internet-gateway",
    "CreateNatGateway": "natgateway",
    "CreateRouteTable": "route-table",
    "CreateSecurityGroup": "security-group",
    "CreateSubnet": "subnet",
    "CreateVpc": "vpc",
    "CreateVpcEndpoint": "vpc-endpoint",
}
# Rules of security groups carry no tags: their group does.
RULES: Final = frozenset(
    {
        "AuthorizeSecurityGroupEgress",
        "AuthorizeSecurityGroupIngress",
        "ModifySecurityGroupRules",
        "RevokeSecurityGroupEgress",
        "RevokeSecurityGroupIngress",
    }
)
# What closes the default group of a new VPC.
CLOSES: Final = frozenset({"RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress"})
# What may be asked of a VPC, subnets and tables that somebody else made.
OF_THE_GIVEN: Final = frozenset({"CreateSecurityGroup", "CreateVpcEndpoint", "ModifyVpcEndpoint"})
KINDS: Final = {"vpc": "vpc", "subnet": "subnet", "rtb": "route-table", "sg": "security-group"}


def statements(
    actions: Iterable[str],
    names: Names,
    tags: Mapping[str, str],
    given: Iterable[str],
    *,
    closes_default_group: bool = False,
) -> list[Statement]:
    """Statements for ``actions``.

    ``tags`` are those that every EC2 resource of the stack carries; without any, what may be
    changed is bound by region and account alone. ``given`` are ids of what the stack only uses.
    ``closes_default_group``: the stack takes over the default group of its VPC.
    """
    asked = {one.removeprefix("ec2:") for one in actions}
    reads = {one for one in asked if one.startswith(("Describe", "Get"))}
    changes, made = asked - reads, asked & MADE.keys()
    found = [_allow("Ec2Reads", reads, ["*"], aws_RequestedRegion=names.region)]
    if not changes:
        return found
    changes |= {"CreateTags", "DeleteTags"}
    everything = names.arn("ec2", "*")
    if not tags:
        found.append(_allow("Ec2", changes, [everything]))
    else:
        own = {f"aws:ResourceTag/{key}": value for key, value in sorted(tags.items())}
        asks = {f"aws:RequestTag/{key}": value for key, value in sorted(tags.items())}
        found += [
            _allow("Ec2Own", changes, [everything], **own),
            _allow("Ec2Make", made, _types(made, names), **asks),
            _allow("Ec2Tag", {"CreateTags"}, [everything], **asks, ec2_CreateAction=sorted(made)),
        ]
        if changes & RULES:
            rules = names.arn("ec2", "security-group-rule/*")
            found.append(_allow("Ec2Rules", changes & RULES, [rules]))
        if closes_default_group:
            # AWS makes it without tags, and its VPC is not known before. It is given none: who may
            # tag any group without tags may take over any such group.
            groups = names.arn("ec2", "security-group/*")
            bare = {f"aws:ResourceTag/{key}": "true" for key in sorted(tags)}
            found.append(
                {**_allow("Ec2DefaultGroup", {*CLOSES}, [groups]), "Condition": {"Null": bare}}
            )
    others = [shared(one, names) for one in sorted(given)]
    if others and changes & OF_THE_GIVEN:
        found.append(_allow("Ec2Given", changes & OF_THE_GIVEN, others))
    return [one for one in found if one["Action"]]


def _types(made: Iterable[str], names: Names) -> list[str]:
    return [names.arn("ec2", f"{kind}/*") for kind in sorted({MADE[one] for one in made})]


def shared(identity: str, names: Names) -> str:
    """The ARN of a VPC, subnet, table or group that somebody else made."""
    # A shared VPC belongs to another account, and so do its subnets and tables.
    kind = KINDS[identity.split("-")[0]]
    return f"arn:{names.partition}:ec2:{names.region}:*:{kind}/{identity}"


def _allow(sid: str, words: set[str], resources: list[str], **equal: Any) -> Statement:
    made: Statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Action": sorted(f"ec2:{word}" for word in words),
        "Resource": resources,
    }
    if equal:
        keys = {key.replace("_", ":", 1) if "/" not in key else key: v for key, v in equal.items()}
        made["Condition"] = {"StringEquals": keys}
    return made
