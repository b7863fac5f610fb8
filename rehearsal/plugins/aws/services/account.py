"""Who and where: the caller's identity, the region, the partition."""

from __future__ import annotations

from rehearsal.plugins.aws.call import Call, partition_of
from rehearsal.plugins.aws.resource import Function, State

_SUFFIXES = {"aws": "amazonaws.com", "aws-cn": "amazonaws.com.cn", "aws-us-gov": "amazonaws.com"}


def _caller(call: Call, _arguments: State) -> State:
    identity = call.session.identity()
    account = identity["Account"]
    return {
        "id": account,
        "accountId": account,
        "arn": identity["Arn"],
        "userId": identity["UserId"],
    }


def _region(call: Call, arguments: State) -> State:
    name = arguments.get("name") or arguments.get("id") or call.region
    return {
        "id": name,
        "name": name,
        "region": name,
        "description": name,
        "endpoint": f"ec2.{name}.{_SUFFIXES[partition_of(name)]}",
    }


def _partition(call: Call, _arguments: State) -> State:
    suffix = _SUFFIXES[call.partition]
    return {
        "id": call.partition,
        "partition": call.partition,
        "dnsSuffix": suffix,
        "reverseDnsPrefix": ".".join(reversed(suffix.split("."))),
    }


FUNCTIONS = (
    Function("aws:index/getCallerIdentity:getCallerIdentity", frozenset({"id"}), _caller),
    Function("aws:index/getRegion:getRegion", frozenset({"id", "name", "endpoint"}), _region),
    Function("aws:index/getPartition:getPartition", frozenset({"id"}), _partition),
)
