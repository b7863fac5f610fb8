"""Security groups, endpoints and prefix lists from EC2's answers."""

import json
from collections.abc import Mapping
from concurrent.futures import Executor
from typing import Any, TypeVar

from mwaa.model.platform import (
    UNKNOWN,
    Endpoint,
    GroupRule,
    Maybe,
    PrefixList,
    RouteTable,
    SecurityGroup,
    known,
)
from mwaa.service.endpoints import service_name
from ops.live.reader import AwsReader

T = TypeVar("T")
# Both spellings occur; a platform has one.
PROTOCOLS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}


def security_group(item: Mapping[str, Any]) -> SecurityGroup:
    """A group with one rule for each peer."""
    return SecurityGroup(
        id=item["GroupId"],
        name=item.get("GroupName"),
        vpc=item.get("VpcId", UNKNOWN),
        ingress=_rules(item.get("IpPermissions", [])),
        egress=_rules(item.get("IpPermissionsEgress", [])),
    )


def _rules(items: list[Mapping[str, Any]]) -> tuple[GroupRule, ...]:
    found: list[GroupRule] = []
    for item in items:
        protocol = str(item["IpProtocol"])
        base: dict[str, Any] = {"protocol": PROTOCOLS.get(protocol, protocol)}
        if protocol != "-1":
            base |= {"from_port": _port(item, "FromPort"), "to_port": _port(item, "ToPort")}
        peers: list[dict[str, Any]] = [
            *({"cidr": one["CidrIp"]} for one in item.get("IpRanges", [])),
            *({"cidr": one["CidrIpv6"]} for one in item.get("Ipv6Ranges", [])),
            *({"group": one["GroupId"]} for one in item.get("UserIdGroupPairs", [])),
            *({"prefix_list": one["PrefixListId"]} for one in item.get("PrefixListIds", [])),
        ]
        found += [GroupRule(**base, **peer) for peer in peers]
    return tuple(found)


def _port(item: Mapping[str, Any], name: str) -> int | None:
    port = item.get(name)
    return None if port in (None, -1) else port


def endpoint(item: Mapping[str, Any]) -> Endpoint:
    """An endpoint; EC2 writes the default policy, which allows everything, as a document."""
    text = item.get("PolicyDocument")
    return Endpoint(
        id=item["VpcEndpointId"],
        service=item["ServiceName"],
        type=item.get("VpcEndpointType", "Gateway"),
        vpc=item["VpcId"],
        owner=item.get("OwnerId", UNKNOWN),
        subnets=tuple(item.get("SubnetIds", [])),
        security_groups=tuple(one["GroupId"] for one in item.get("Groups", [])),
        route_tables=tuple(item.get("RouteTableIds", [])),
        private_dns=item.get("PrivateDnsEnabled", False),
        policy=json.loads(text) if text else None,
        state=str(item.get("State", "")).lower() or None,
        last_error=(item.get("LastError") or {}).get("Message"),
        tags={one["Key"]: one["Value"] for one in item.get("Tags", [])},
    )


def with_groups(aws: AwsReader, items: Maybe[list[Any]], wanted: list[str]) -> Maybe[list[Any]]:
    """The groups of the VPC, and those of ``wanted`` that are in another VPC."""
    if not known(items):
        return UNKNOWN
    there = {item["GroupId"] for item in items}
    elsewhere = [one for one in wanted if one not in there]
    if not elsewhere:
        return items
    # By filter, because a group that is gone would be an error, and hide the others.
    asked = [{"Name": "group-id", "Values": elsewhere}]
    more = aws.each("ec2", "describe_security_groups", "SecurityGroups", Filters=asked)
    return [*items, *more] if known(more) else more


def prefix_lists(
    aws: AwsReader, items: Maybe[list[Any]], used: Maybe[set[str]], pool: Executor
) -> Maybe[tuple[PrefixList, ...]]:
    """The lists of AWS and those of customers that rules and routes name (``used``)."""
    if not known(items) or not known(used):
        return tuple(map(_of_aws, items)) if known(items) else UNKNOWN
    ours = [one for one in map(_of_aws, items) if one.id in used or one.name in used]
    # EC2 lists those of AWS alone; a customer's is asked for by its id.
    others = sorted(
        one for one in used if one.startswith("pl-") and one not in {k.id for k in ours}
    )
    return (*ours, *pool.map(lambda one: _of_customer(aws, one), others))


def _of_customer(aws: AwsReader, identity: str) -> PrefixList:
    entries = aws.each("ec2", "get_managed_prefix_list_entries", "Entries", PrefixListId=identity)
    blocks = tuple(one["Cidr"] for one in entries) if known(entries) else entries
    return PrefixList(id=identity, cidrs=blocks)


def _of_aws(item: Mapping[str, Any]) -> PrefixList:
    return PrefixList(
        id=item["PrefixListId"],
        name=item.get("PrefixListName", UNKNOWN),
        cidrs=tuple(item["Cidrs"]) if item.get("Cidrs") else UNKNOWN,
    )


def named_lists(
    groups: Maybe[tuple[SecurityGroup, ...]], tables: Maybe[tuple[RouteTable, ...]], region: str
) -> Maybe[set[str]]:
    """The ids and names of the prefix lists that matter: those in rules and routes, and S3's."""
    if not known(groups) or not known(tables):
        return UNKNOWN
    rules = [
        rule for group in groups for side in (group.ingress, group.egress) for rule in _in(side)
    ]
    routes = [route for table in tables for route in _in(table.routes)]
    peers = [rule.prefix_list for rule in rules]
    destinations = [route.destination for route in routes]
    named = {one for one in (*peers, *destinations) if known(one) and one}
    return {service_name("s3", region), *named}


def _in(items: Maybe[tuple[T, ...]]) -> tuple[T, ...]:
    return items if known(items) else ()
