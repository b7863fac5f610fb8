"""EC2: rules of security groups as the provider's first version writes them, with many peers each.

They stand inside a group (`ingress`, `egress`) or in a `SecurityGroupRule` of their own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from rehearsal.plugins.aws.context import Context
from rehearsal.plugins.aws.resource import Input, ResourceType, State
from rehearsal.plugins.aws.services.ec2.calls import client, describe

DIRECTIONS = ("ingress", "egress")
_EVERYTHING = ("-1", "all")
# Each list of peers: the list of a permission, and the name of a peer within.
_LISTS = {
    "cidrBlocks": ("IpRanges", "CidrIp"),
    "ipv6CidrBlocks": ("Ipv6Ranges", "CidrIpv6"),
    "prefixListIds": ("PrefixListIds", "PrefixListId"),
    "securityGroups": ("UserIdGroupPairs", "GroupId"),
}
_RULES = {"ingress": "IpPermissions", "egress": "IpPermissionsEgress"}


def _permission(group: str, block: Mapping[str, Any]) -> dict[str, Any]:
    """One block in the form of the authorize calls."""
    protocol = str(block.get("protocol", "-1")).lower()
    made: dict[str, Any] = {"IpProtocol": "-1" if protocol in _EVERYTHING else protocol}
    if made["IpProtocol"] != "-1":
        made |= {"FromPort": int(block["fromPort"]), "ToPort": int(block["toPort"])}
    note = {"Description": block["description"]} if block.get("description") else {}
    for name, peers in _peers(group, block).items():
        if peers:
            listed, key = _LISTS[name]
            made[listed] = [{key: peer, **note} for peer in peers]
    return made


def _peers(group: str, block: Mapping[str, Any]) -> dict[str, list[str]]:
    peers = {name: list(block.get(name) or ()) for name in _LISTS}
    if block.get("self"):
        peers["securityGroups"].append(group)
    return peers


def authorize(
    context: Context, group: str, direction: str, blocks: Iterable[Mapping[str, Any]]
) -> None:
    """Add the rules of these blocks to a group."""
    if permissions := [_permission(group, block) for block in blocks]:
        call = getattr(client(context), f"authorize_security_group_{direction}")
        call(GroupId=group, IpPermissions=permissions)


def revoke(
    context: Context, group: str, direction: str, blocks: Iterable[Mapping[str, Any]]
) -> None:
    """Take the rules of these blocks away from a group."""
    if permissions := [_permission(group, block) for block in blocks]:
        call = getattr(client(context), f"revoke_security_group_{direction}")
        call(GroupId=group, IpPermissions=permissions)


def still_there(
    context: Context, group: str, direction: str, blocks: Iterable[Mapping[str, Any]]
) -> list[State]:
    """Those of the blocks whose every peer the group has."""
    current = describe(context, "SecurityGroups", GroupIds=[group])[_RULES[direction]]
    there = {one for permission in current for one in _single(permission)}
    return [dict(block) for block in blocks if _single(_permission(group, block)) <= there]


def others(
    context: Context, group: str, direction: str, blocks: Iterable[Mapping[str, Any]]
) -> list[State]:
    """What the group has beside the blocks, a block for each peer."""
    current = describe(context, "SecurityGroups", GroupIds=[group])[_RULES[direction]]
    there = {one for permission in current for one in _single(permission)}
    known = {one for block in blocks for one in _single(_permission(group, block))}
    return [
        {
            "protocol": protocol,
            "fromPort": first or 0,
            "toPort": last or 0,
            **({"self": True} if peer == group else {name: [peer]}),
        }
        for protocol, first, last, name, peer in sorted(there - known, key=repr)
    ]


def _single(permission: Mapping[str, Any]) -> set[tuple[str, int | None, int | None, str, str]]:
    """The rules of a permission: protocol, ports, the list of a peer by its input, the peer."""
    ports = (permission["IpProtocol"], permission.get("FromPort"), permission.get("ToPort"))
    return {
        (*ports, name, peer[key])
        for name, (listed, key) in _LISTS.items()
        for peer in permission.get(listed, ())
    }


def _as_block(rule: State) -> State:
    source = rule.get("sourceSecurityGroupId")
    named = {"securityGroups": [source]} if source else {}
    return {key: value for key, value in rule.items() if value is not None} | named


def _create(context: Context, inputs: State) -> str:
    authorize(context, inputs["securityGroupId"], inputs["type"], [_as_block(inputs)])
    digest = hashlib.sha256(json.dumps(inputs, sort_keys=True, default=str).encode()).hexdigest()
    return f"sgrule-{int(digest[:8], 16)}"


def _read(context: Context, _id: str, known: State) -> State | None:
    group, direction = known["securityGroupId"], known["type"]
    if not still_there(context, group, direction, [_as_block(known)]):
        return None
    return {name: known.get(name) for name in _RULE}


def _delete(context: Context, _id: str, state: State) -> None:
    revoke(context, state["securityGroupId"], state["type"], [_as_block(state)])


def _from_id(import_id: str) -> State:
    """The parts of the provider's import form, `sg-1_ingress_tcp_443_443_10.0.0.0/16`."""
    parts = import_id.split("_")
    if len(parts) < 6:
        raise ValueError(
            f"given {import_id!r}; a rule is imported by group_type_protocol_from_to_peer"
        )
    found: State = {
        "securityGroupId": parts[0],
        "type": parts[1],
        "protocol": parts[2],
        "fromPort": int(parts[3]),
        "toPort": int(parts[4]),
    }
    for peer in parts[5:]:
        if peer == "self":
            found["self"] = True
        elif peer.startswith("sg-"):
            found["sourceSecurityGroupId"] = peer
        elif peer.startswith("pl-"):
            found.setdefault("prefixListIds", []).append(peer)
        else:
            found.setdefault("ipv6CidrBlocks" if ":" in peer else "cidrBlocks", []).append(peer)
    return found


_RULE = {
    "securityGroupId": Input(required=True),
    "type": Input(required=True),
    "protocol": Input(required=True),
    "fromPort": Input(required=True),
    "toPort": Input(required=True),
    "cidrBlocks": Input(unordered=True),
    "ipv6CidrBlocks": Input(unordered=True),
    "prefixListIds": Input(unordered=True),
    "sourceSecurityGroupId": Input(),
    "self": Input(default=False),
    "description": Input(),
}
TYPES = (
    ResourceType(
        name="aws:ec2/securityGroupRule:SecurityGroupRule",
        inputs=_RULE,
        create=_create,
        read=_read,
        delete=_delete,
        from_id=_from_id,
    ),
)
