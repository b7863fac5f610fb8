"""What stands around an environment: its subnets, groups, tables, endpoints, bucket, key, role.

Each lookup returns the fact or ends the judgement as undecided, saying what was not seen.
"""

from typing import TypeVar

from checks.check import need, undecided
from mwaa.naming import LOG_TYPES
from mwaa.subject import (
    Bucket,
    Endpoint,
    Key,
    LogModule,
    Maybe,
    Role,
    RouteTable,
    SecurityGroup,
    Subject,
    Subnet,
    Vpc,
)
from proofs import routes
from proofs.index import index_of

T = TypeVar("T")


def subnet_ids(subject: Subject) -> tuple[Maybe[str], ...]:
    """The identities of the environment's subnets, each of which may be unknown."""
    return need(subject.environment.subnets, "the environment's subnets")


def group_ids(subject: Subject) -> tuple[Maybe[str], ...]:
    """The identities of the environment's security groups, each of which may be unknown."""
    return need(subject.environment.security_groups, "the environment's security groups")


def subnet(subject: Subject, identity: Maybe[str]) -> Subnet:
    """One of the environment's subnets."""
    name = need(identity, "one of the environment's subnets")
    found = index_of(subject).subnets.get(name)
    return found if found else undecided(f"subnet {short(name)} is not part of what was read")


def subnets(subject: Subject) -> tuple[Subnet, ...]:
    """All of the environment's subnets, or undecided."""
    return tuple(subnet(subject, identity) for identity in subnet_ids(subject))


def vpc(subject: Subject) -> Vpc:
    """The VPC of the environment's subnets."""
    names = {need(item.vpc, "the VPC of the subnets") for item in subnets(subject)}
    found = [index_of(subject).vpcs.get(name) for name in names]
    if len(found) != 1 or found[0] is None:
        undecided("the VPC of the subnets is not part of what was read")
    return found[0]


def route_table(subject: Subject, identity: Maybe[str]) -> RouteTable:
    """The route table that serves a subnet."""
    name = need(identity, "one of the environment's subnets")
    return need(routes.effective(subject, name), f"the route table of subnet {short(name)}")


def group(subject: Subject, identity: Maybe[str]) -> SecurityGroup:
    """A security group by identity."""
    name = need(identity, "a security group")
    found = index_of(subject).groups.get(name)
    return found if found else undecided(f"group {short(name)} is not part of what was read")


def groups(subject: Subject) -> tuple[SecurityGroup, ...]:
    """All security groups of the environment, or undecided."""
    return tuple(group(subject, identity) for identity in group_ids(subject))


def endpoints(subject: Subject) -> tuple[Endpoint, ...]:
    """The endpoints that were read; more may exist where ``partial`` names them."""
    return need(subject.endpoints, "the VPC endpoints")


def bucket(subject: Subject) -> Bucket:
    """The source bucket."""
    found = need(subject.bucket, "the source bucket")
    return found if found else undecided("the source bucket does not exist or was not read")


def key(subject: Subject) -> Key | None:
    """The customer managed key; None where the environment uses a key of AWS."""
    if need(subject.environment.kms_key, "the KMS key") is None:
        return None
    found = need(subject.key, "the KMS key")
    return found if found else undecided("the KMS key does not exist or was not read")


def role(subject: Subject) -> Role:
    """The execution role."""
    found = need(subject.role, "the execution role")
    return found if found else undecided("the execution role does not exist or was not read")


def log_modules(subject: Subject) -> dict[str, LogModule]:
    """The five log modules; one that the environment does not mention is off."""
    logging = need(subject.environment.logging, "the logging configuration")
    off = LogModule(enabled=False, level=None)
    return {module: logging.get(module, off) for module in LOG_TYPES}


def short(identity: str) -> str:
    """An identity as a person would say it: the resource's own name at the end of a URN."""
    return identity.rsplit("::", 1)[-1]
