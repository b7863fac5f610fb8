"""Who and where: the caller's identity, the region, the partition."""

from __future__ import annotations

from mwaa.names import dns_suffix_of
from rehearsal.plugins.aws.context import Context
from rehearsal.plugins.aws.resource import Function, State


def _caller(context: Context, _arguments: State) -> State:
    identity = context.session.identity()
    account = identity["Account"]
    return {
        "id": account,
        "accountId": account,
        "arn": identity["Arn"],
        "userId": identity["UserId"],
    }


def _region(context: Context, arguments: State) -> State:
    name = arguments.get("name") or arguments.get("id") or context.region
    return {
        "id": name,
        "name": name,
        "region": name,
        "description": name,
        "endpoint": f"ec2.{name}.{dns_suffix_of(name)}",
    }


def _partition(context: Context, _arguments: State) -> State:
    suffix = dns_suffix_of(context.region)
    return {
        "id": context.partition,
        "partition": context.partition,
        "dnsSuffix": suffix,
        "reverseDnsPrefix": ".".join(reversed(suffix.split("."))),
    }


FUNCTIONS = (
    Function("aws:index/getCallerIdentity:getCallerIdentity", frozenset({"id"}), _caller),
    Function("aws:index/getRegion:getRegion", frozenset({"id", "name", "endpoint"}), _region),
    Function("aws:index/getPartition:getPartition", frozenset({"id"}), _partition),
)
