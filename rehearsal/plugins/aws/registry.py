"""Every resource type and function of the stand-in, gathered from the services' tables."""

from __future__ import annotations

from mwaa.words import nearest
from rehearsal.plugins.aws.context import RefusedError
from rehearsal.plugins.aws.resource import Function, ResourceType
from rehearsal.plugins.aws.services import (
    account,
    cloudwatch,
    ec2_addresses,
    ec2_endpoints,
    ec2_lookups,
    ec2_network,
    ec2_security,
    iam,
    kms,
    logs,
    mwaa,
    s3_bucket,
    s3_object,
    s3_settings,
    sns,
)

_TABLES = (
    cloudwatch,
    ec2_addresses,
    ec2_endpoints,
    ec2_network,
    ec2_security,
    iam,
    kms,
    logs,
    mwaa,
    s3_bucket,
    s3_object,
    s3_settings,
    sns,
)
_LOOKUPS = (account, ec2_lookups, iam, logs)

RESOURCES: dict[str, ResourceType] = {kind.name: kind for t in _TABLES for kind in t.TYPES}
FUNCTIONS: dict[str, Function] = {found.name: found for t in _LOOKUPS for found in t.FUNCTIONS}


def find_resource(token: str) -> ResourceType:
    """The type's table entry. Raises RefusedError for a type no table names."""
    if token not in RESOURCES:
        raise RefusedError(_unknown("resource type", token, RESOURCES))
    return RESOURCES[token]


def find_function(token: str) -> Function:
    """The function's table entry. Raises RefusedError for one no table names."""
    if token not in FUNCTIONS:
        raise RefusedError(_unknown("function", token, FUNCTIONS))
    return FUNCTIONS[token]


def _unknown(what: str, token: str, known: dict[str, ResourceType] | dict[str, Function]) -> str:
    near = nearest(token, known)
    hint = f" Did you mean {near}?" if near else ""
    return (
        f"The stand-in for rehearsal does not know the {what} {token}.{hint} It has those this "
        "program uses; add another as a table entry in rehearsal/plugins/aws/services."
    )
