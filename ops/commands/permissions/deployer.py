"""The policy of who deploys a stack, derived from the resources that the stack has or plans."""

from collections.abc import Iterable, Mapping
from typing import Any

from mwaa.names import Names
from mwaa.service.iam_actions import KEY_GRANT_ACTIONS
from ops.commands.permissions import network
from ops.commands.permissions.actions import ACTIONS, ANYWHERE, LOOKUPS
from ops.commands.permissions.deployed import (
    AIRFLOW_OBJECT,
    DEFAULT_GROUP,
    ENVIRONMENT,
    Deployed,
)
from ops.commands.permissions.network import KINDS
from ops.live.calls import PERMISSIONS as READS

Statement = dict[str, Any]
# Prefix of an id -> the resource type that makes it.
MADE_AS = {"vpc": "vpc:Vpc", "subnet": "subnet:Subnet", "sg": "securityGroup:SecurityGroup"}


def statements(stack: Deployed, *, look: bool = True) -> list[Statement]:
    """Statements for every resource type of a stack, the last look's reads included (``look``).

    Key and role are the environment's, where they are known; else the names that the program
    would give.
    """
    names = stack.names
    wanted = {
        f"{service}:{word}"
        for token in stack.types
        for service, words in ACTIONS.get(token, {}).items()
        for word in words.split()
    }
    wanted |= {
        "ec2:DescribeAvailabilityZones",
        "sts:GetCallerIdentity",
        *(READS if look else LOOKUPS),
    }
    allowed: dict[str, set[str]] = {}
    for action in wanted - ANYWHERE:
        allowed.setdefault(action.split(":")[0], set()).add(action)
    found = network.statements(
        allowed.pop("ec2"),
        names,
        stack.tags,
        stack.given,
        closes_default_group=DEFAULT_GROUP in stack.types,
    )
    found += [
        _allow(service.capitalize(), actions, _scope(service, stack))
        for service, actions in sorted(allowed.items())
    ]
    found.append(_allow("Anywhere", wanted & ANYWHERE, ["*"]))
    if stack.assumed:
        found.append(_allow("AssumeVpcOwner", {"sts:AssumeRole"}, [*stack.assumed]))
    if ENVIRONMENT in stack.types:
        found += _of_the_environment(stack)
    if AIRFLOW_OBJECT in stack.types:
        # Roles are an administrator's affair; Op would do for the rest.
        scope = [names.airflow_role_arn("Admin")]
        found.append(_allow("AirflowObjects", {"airflow:InvokeRestApi"}, scope))
    if "aws:ec2/flowLog:FlowLog" in stack.types:
        role = _role(names, names.flow_log_role)
        found.append(_pass_role("FlowLogs", ["vpc-flow-logs.amazonaws.com"], role))
    return found


def unnamed_types(types: Iterable[str]) -> list[str]:
    """AWS types that this policy knows nothing of: resources that somebody added to the program."""
    return sorted({t for t in types if t.startswith("aws:") and t not in ACTIONS})


def _of_the_environment(stack: Deployed) -> list[Statement]:
    """What MWAA itself does with the caller's rights."""
    names = stack.names
    linked = f"arn:{names.partition}:iam::{names.account}:role/aws-service-role/"
    role = f"{linked}airflow.amazonaws.com/AWSServiceRoleForAmazonMWAA"
    found = [
        _pass_role(
            "Execution",
            ["airflow.amazonaws.com", "airflow-env.amazonaws.com"],
            stack.role_arn or names.role_arn,
        ),
        {
            **_allow("LinkedRole", {"iam:CreateServiceLinkedRole"}, [role]),
            "Condition": {"StringEquals": {"iam:AWSServiceName": "airflow.amazonaws.com"}},
        },
        _allow("Grants", set(KEY_GRANT_ACTIONS), [stack.key_arn or names.arn("kms", "key/*")]),
    ]
    # The service gives its interfaces no tags, so those of the stack cannot be asked for.
    scope = [names.arn("ec2", "network-interface/*"), *_used(stack, "subnet")]
    found.append(_allow("ServiceInterfaces", {"ec2:CreateNetworkInterface"}, scope))
    if stack.service_endpoints:
        # The service gives them tags of its own, so those of the stack cannot be asked for.
        actions = {"ec2:CreateVpcEndpoint", "ec2:DeleteVpcEndpoints"}
        scope = [names.arn("ec2", "vpc-endpoint/*")]
        found.append(_allow("ServiceEndpoints", actions, scope))
        # It is asked for on what they are made in, too:
        # https://docs.aws.amazon.com/mwaa/latest/userguide/access-policies.html
        scope = [arn for prefix in ("vpc", "subnet", "sg") for arn in _used(stack, prefix)]
        found.append(_allow("ServiceEndpointsPlace", {"ec2:CreateVpcEndpoint"}, scope))
    return found


def _used(stack: Deployed, prefix: str) -> list[str]:
    """The ARNs of what the environment stands in, of one kind of id: what was given, and what the
    stack makes, whose ids AWS chooses."""
    given = [
        network.shared(one, stack.names)
        for one in sorted(stack.given)
        if one.startswith(f"{prefix}-")
    ]
    made = f"aws:ec2/{MADE_AS[prefix]}" in stack.types
    return [*given, *([stack.names.arn("ec2", f"{KINDS[prefix]}/*")] if made or not given else [])]


def _scope(service: str, stack: Deployed) -> list[str]:
    """The narrowest resources by which a policy can name what the stack makes."""
    names, key_arn = stack.names, stack.key_arn
    scopes: Mapping[str, list[str]] = {
        "s3": [names.bucket_arn, f"{names.bucket_arn}/*"],
        "airflow": [names.environment_arn],
        "iam": [
            _role(names, names.role),
            _role(names, names.flow_log_role),
            _role(names, names.access_policy("", "*"), kind="policy"),
        ],
        # Some operations name a group with `:*` at its end.
        "logs": [
            *(f"{names.log_group_arn(module)}*" for module in names.log_groups),
            f"{names.flow_log_group_arn}*",
        ],
        "cloudwatch": [
            names.alarm_arn_pattern,
            f"arn:{names.partition}:cloudwatch::{names.account}:dashboard/{names.dashboard}",
        ],
        "sns": [names.alarm_topic_arn],
        "ssm": [names.arn("ssm", f"parameter{path}/*") for path in stack.parameter_paths or ("",)],
        "kms": [key_arn or names.arn("kms", "key/*"), names.arn("kms", names.key_alias)],
    }
    return scopes.get(service, ["*"])


def _role(names: Names, name: str, kind: str = "role") -> str:
    return f"arn:{names.partition}:iam::{names.account}:{kind}/{name}"


def _pass_role(sid: str, services: list[str], arn: str) -> Statement:
    return {
        **_allow(f"Pass{sid}Role", {"iam:PassRole"}, [arn]),
        "Condition": {"StringEquals": {"iam:PassedToService": services}},
    }


def _allow(sid: str, actions: set[str], resources: list[str]) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": resources}
