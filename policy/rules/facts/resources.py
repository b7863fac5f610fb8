"""What stands around an environment: its subnets, groups, tables, endpoints, bucket, key, role.

Each lookup returns the fact or ends the judgment as undecided, saying what was not seen.
"""

from typing import TypeVar

from mwaa.model.platform import (
    Bucket,
    Endpoint,
    Key,
    LogModule,
    Maybe,
    Platform,
    Role,
    RouteTable,
    SecurityGroup,
    Subnet,
    Vpc,
    known,
)
from mwaa.names import LOG_TYPES
from policy.analysis.index import index_of
from policy.analysis.network import routes
from policy.rules.rule import require, undecided

T = TypeVar("T")


def subnet_ids(platform: Platform) -> tuple[Maybe[str], ...]:
    """The identities of the environment's subnets, each of which may be unknown."""
    return require(platform.environment.subnets, "the environment's subnets")


def group_ids(platform: Platform) -> tuple[Maybe[str], ...]:
    """The identities of the environment's security groups, each of which may be unknown."""
    return require(platform.environment.security_groups, "the environment's security groups")


def subnet(platform: Platform, identity: Maybe[str]) -> Subnet:
    """One of the environment's subnets."""
    name = require(identity, "one of the environment's subnets")
    found = index_of(platform).subnets.get(name)
    return found if found else undecided(f"subnet {short(name)} is not part of what was read")


def subnets(platform: Platform) -> tuple[Subnet, ...]:
    """All of the environment's subnets, or undecided."""
    return tuple(subnet(platform, identity) for identity in subnet_ids(platform))


def vpc(platform: Platform) -> Vpc:
    """The VPC of the environment's subnets."""
    names = {require(item.vpc, "the VPC of the subnets") for item in subnets(platform)}
    found = [index_of(platform).vpcs.get(name) for name in names]
    if len(found) != 1 or found[0] is None:
        undecided("the VPC of the subnets is not part of what was read")
    return found[0]


def route_table(platform: Platform, identity: Maybe[str]) -> RouteTable:
    """The route table that serves a subnet."""
    name = require(identity, "one of the environment's subnets")
    return require(routes.effective(platform, name), f"the route table of subnet {short(name)}")


def group(platform: Platform, identity: Maybe[str]) -> SecurityGroup:
    """A security group by identity."""
    name = require(identity, "a security group")
    found = index_of(platform).groups.get(name)
    return found if found else undecided(f"group {short(name)} is not part of what was read")


def groups(platform: Platform) -> tuple[SecurityGroup, ...]:
    """All security groups of the environment, or undecided."""
    return tuple(group(platform, identity) for identity in group_ids(platform))


def endpoints(platform: Platform) -> tuple[Endpoint, ...]:
    """The endpoints that were read; more may exist where ``partial`` names them."""
    return require(platform.endpoints, "the VPC endpoints")


def bucket(platform: Platform) -> Bucket:
    """The source bucket."""
    found = require(platform.bucket, "the source bucket")
    return found if found else undecided("the source bucket does not exist or was not read")


def key(platform: Platform) -> Key | None:
    """The customer managed key; None where the environment uses a key of AWS."""
    if require(platform.environment.kms_key, "the KMS key") is None:
        return None
    found = require(platform.key, "the KMS key")
    return found if found else undecided("the KMS key does not exist or was not read")


def same_key(platform: Platform, other: str) -> bool:
    """Whether ``other`` names the environment's key: by its identity, its ARN or its id."""
    ours = require(platform.environment.kms_key, "the KMS key")
    names = {ours}
    found = platform.key
    if known(found) and found is not None:
        names |= {found.id} | ({found.arn} if known(found.arn) else set())
    return other in names or bool(ours and other.endswith(ours.rpartition("/")[2]))


def role(platform: Platform) -> Role:
    """The execution role."""
    found = require(platform.role, "the execution role")
    return found if found else undecided("the execution role does not exist or was not read")


def log_modules(platform: Platform) -> dict[str, LogModule]:
    """The five log modules; one that the environment does not mention is off."""
    logging = require(platform.environment.logging, "the logging configuration")
    off = LogModule(enabled=False, level=None)
    return {module: logging.get(module, off) for module in LOG_TYPES}


def short(identity: str) -> str:
    """An identity as a person would say it: the resource's own name at the end of a URN."""
    return identity.rsplit("::", 1)[-1]
