"""The policy of who deploys a stack, derived from the resources that the stack has or plans."""

from collections.abc import Iterable, Mapping
from typing import Any

from day2.living.calls import PERMISSIONS as READS
from day2.privileges.actions import ACTIONS, ANYWHERE, OF_THE_KEY
from mwaa.naming import Names

Statement = dict[str, Any]
ENVIRONMENT = "aws:mwaa/environment:Environment"


def statements(
    types: Iterable[str], names: Names, *, key_arn: str = "", role_arn: str = "", look: bool = True
) -> list[Statement]:
    """Statements for every resource type of a stack, the last look's reads included (``look``).

    ``key_arn`` and ``role_arn`` are the environment's, where they are known; else the names that
    the program would give. EC2 cannot name what is not made yet, so its actions are bound to the
    region.
    """
    chosen = set(types)
    allowed: dict[str, set[str]] = {}
    for token in chosen:
        for service, words in ACTIONS.get(token, {}).items():
            allowed.setdefault(service, set()).update(f"{service}:{word}" for word in words.split())
    if "ec2" in allowed:
        allowed["ec2"] |= {"ec2:CreateTags", "ec2:DeleteTags", "ec2:DescribeAvailabilityZones"}
    found = [
        _allow(_sid(service), actions - ANYWHERE, _scope(service, names, key_arn))
        for service, actions in sorted(allowed.items())
    ]
    anywhere = {action for actions in allowed.values() for action in actions & ANYWHERE}
    found.append(_allow("Unnamed", {*anywhere, "sts:GetCallerIdentity"}, ["*"]))
    if ENVIRONMENT in chosen:
        found += _of_the_environment(names, key_arn, role_arn)
    if "aws:ec2/flowLog:FlowLog" in chosen:
        found.append(_pass_role(names, "flow-logs", _role(names, names.flow_log_role)))
    if look:
        held = {action for one in found for action in one["Action"] if "*" in one["Resource"]}
        found.append(_allow("LastLook", {*READS} - held, ["*"]))
    for one in found:
        if one["Sid"] == "Ec2":
            one["Condition"] = {"StringEquals": {"aws:RequestedRegion": names.region}}
    return found


def unnamed_types(types: Iterable[str]) -> list[str]:
    """AWS types that this policy knows nothing of: resources that somebody added to the program."""
    return sorted({t for t in types if t.startswith("aws:") and t not in ACTIONS})


def _of_the_environment(names: Names, key_arn: str, role_arn: str) -> list[Statement]:
    """What MWAA itself does with the caller's rights."""
    linked = f"arn:{names.partition}:iam::{names.account}:role/aws-service-role/"
    role = f"{linked}airflow.amazonaws.com/AWSServiceRoleForAmazonMWAA"
    return [
        _allow("Environments", {"airflow:ListEnvironments"}, ["*"]),
        _pass_role(names, "airflow", role_arn or names.role_arn),
        {
            **_allow("LinkedRole", {"iam:CreateServiceLinkedRole"}, [role]),
            "Condition": {"StringEquals": {"iam:AWSServiceName": "airflow.amazonaws.com"}},
        },
        _allow("Grants", set(OF_THE_KEY), [key_arn or names.arn("kms", "key/*")]),
        _allow(
            "ServiceEndpoints",
            {"ec2:CreateVpcEndpoint", "ec2:DescribeVpcEndpoints", "ec2:DeleteVpcEndpoints"},
            ["*"],
        ),
    ]


def _scope(service: str, names: Names, key_arn: str) -> list[str]:
    """The narrowest resources by which a policy can name what the stack makes."""
    scopes: Mapping[str, list[str]] = {
        "s3": [names.bucket_arn, f"{names.bucket_arn}/*"],
        "airflow": [names.environment_arn],
        "iam": [
            _role(names, names.role),
            _role(names, names.flow_log_role),
            _role(names, names.access_policy("", "*"), kind="policy"),
        ],
        "logs": [
            f"{names.log_group_arn_pattern}",
            f"{names.flow_log_group_arn}",
            f"{names.flow_log_group_arn}:*",
        ],
        "cloudwatch": [
            names.alarm_arn_pattern,
            f"arn:{names.partition}:cloudwatch::{names.account}:dashboard/{names.dashboard}",
        ],
        "sns": [names.alarm_topic_arn],
        "kms": [key_arn or names.arn("kms", "key/*"), names.arn("kms", names.key_alias)],
    }
    return scopes.get(service, ["*"])


def _role(names: Names, name: str, kind: str = "role") -> str:
    return f"arn:{names.partition}:iam::{names.account}:{kind}/{name}"


def _pass_role(names: Names, service: str, arn: str) -> Statement:
    principals = {
        "airflow": ["airflow.amazonaws.com", "airflow-env.amazonaws.com"],
        "flow-logs": ["vpc-flow-logs.amazonaws.com"],
    }
    return {
        **_allow(f"Pass{service.title().replace('-', '')}Role", {"iam:PassRole"}, [arn]),
        "Condition": {"StringEquals": {"iam:PassedToService": principals[service]}},
    }


def _sid(service: str) -> str:
    return service.capitalize()


def _allow(sid: str, actions: set[str], resources: list[str]) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": resources}
