"""What a deployer's policy follows from, read from the resources of a stack or of its preview."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from posixpath import commonpath
from typing import Any

from mwaa.names import Names
from ops.errors import RefusedError

ENVIRONMENT = "aws:mwaa/environment:Environment"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
PARAMETER = "aws:ssm/parameter:Parameter"
PROVIDER = "pulumi:providers:aws"
AIRFLOW_OBJECT = "pulumi-python:dynamic/airflow:Object"
# EC2 resources that the provider can tag.
TAGGED = frozenset(
    f"aws:ec2/{token}"
    for token in (
        "eip:Eip",
        "flowLog:FlowLog",
        "internetGateway:InternetGateway",
        "natGateway:NatGateway",
        "routeTable:RouteTable",
        "securityGroup:SecurityGroup",
        "subnet:Subnet",
        "vpc:Vpc",
        "vpcEndpoint:VpcEndpoint",
    )
)
_GIVEN = re.compile(r"(?:vpc|subnet|rtb|sg)-[0-9a-f]+")


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """The facts of one stack. ``key_arn`` and ``role_arn`` are empty where not known yet.

    ``tags`` are those that every EC2 resource carries, ``given`` the ids of VPC, subnets, tables
    and groups that the stack uses and did not make.
    """

    types: frozenset[str]
    names: Names
    key_arn: str = ""
    role_arn: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    parameter_paths: tuple[str, ...] = ()
    """The paths below which the stack writes SSM parameters."""
    assumed: tuple[str, ...] = ()
    """The roles that providers of the program's own assume: that of a shared VPC's owner."""
    service_endpoints: bool = True
    """MWAA makes the endpoints to the environment itself, with the caller's rights."""


def read(resources: Sequence[Mapping[str, Any]]) -> Deployed:
    """The facts of an exported stack's or a preview's resources.

    Raises ``RefusedError`` when no environment is among them.
    """
    found = [one for one in resources if one["type"] == ENVIRONMENT]
    if not found:
        raise RefusedError("the stack has no MWAA environment, and plans none: is it another one?")
    facts = {**found[0].get("inputs", {}), **found[0].get("outputs", {})}
    name, region = str(facts["name"]), str(facts.get("region") or _region(resources))
    bucket = str(facts.get("sourceBucketArn", "")).rpartition(":")[2]
    return Deployed(
        types=frozenset(one["type"] for one in resources),
        names=Names(name, region, _account(resources, region, name), bucket),
        key_arn=_arn(facts.get("kmsKey")),
        role_arn=_arn(facts.get("executionRoleArn")),
        tags=_tags(resources),
        given=frozenset(_given(resources)),
        parameter_paths=_paths(resources),
        assumed=tuple(sorted(_assumed(resources))),
        service_endpoints=facts.get("endpointManagement") != "CUSTOMER",
    )


def _paths(resources: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The longest path that all parameters of a component have in common."""
    below: dict[str, list[str]] = {}
    for one in resources:
        if one["type"] == PARAMETER:
            name = str(one.get("inputs", {}).get("name", ""))
            below.setdefault(str(one.get("parent", "")), []).append(name.rpartition("/")[0])
    return tuple(sorted({commonpath(paths) for paths in below.values()}))


def _assumed(resources: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    # The default provider assumes what the stack file says, before anything is asked, and those of
    # the program's own may do so first.
    before: list[str] = []
    own: list[str] = []
    for one in (one for one in resources if one["type"] == PROVIDER):
        name = str(one.get("urn", "")).rpartition("::")[2]
        (before if name.startswith("default") else own).extend(_roles(one))
    return (arn for arn in own if arn not in before)


def _roles(provider: Mapping[str, Any]) -> list[str]:
    given = provider.get("inputs", {}).get("assumeRoles") or []
    roles = json.loads(given) if isinstance(given, str) else given
    return [arn for role in roles if (arn := _arn(role.get("roleArn")))]


def _arn(value: Any) -> str:
    return value if isinstance(value, str) and value.startswith("arn:") else ""


def _account(resources: Iterable[Mapping[str, Any]], region: str, name: str) -> str:
    """The account in the ARN of the environment, which the role's policy names before it exists."""
    pattern = re.compile(
        rf"arn:[a-z-]+:airflow:{re.escape(region)}:(\d{{12}}):environment/{re.escape(name)}\b"
    )
    match = pattern.search(json.dumps([one.get("inputs") for one in resources]))
    return match.group(1) if match else "*"


def _region(resources: Iterable[Mapping[str, Any]]) -> str:
    for one in resources:
        if one["type"] == PROVIDER:
            return str(one.get("inputs", {}).get("region", ""))
    return ""


def _tags(resources: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    common: dict[str, str] | None = None
    for one in resources:
        if one["type"] in TAGGED:
            own = {
                key: value
                for key, value in (one.get("inputs", {}).get("tags") or {}).items()
                # Names differ from one to the next, and `__defaults` is the engine's own.
                if isinstance(value, str) and key != "Name"
            }
            common = own if common is None else dict(common.items() & own.items())
    return common or {}


def _given(resources: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    made = {one.get("id") for one in resources if one["type"].startswith("aws:ec2/")}
    for one in resources:
        if one["type"].startswith(("aws:ec2/", "aws:vpc/", ENVIRONMENT)):
            for identity in _GIVEN.findall(json.dumps(one.get("inputs", {}))):
                if identity not in made:
                    yield identity
