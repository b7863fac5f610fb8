"""EC2: security groups and their rules, network ACLs and theirs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rehearsal.plugins.aws.context import Context, GoneError
from rehearsal.plugins.aws.resource import Change, Input, ResourceType, State
from rehearsal.plugins.aws.services.ec2.calls import client, describe, retag, tagged
from rehearsal.plugins.aws.services.ec2.group_rules import (
    DIRECTIONS,
    authorize,
    revoke,
    still_there,
)
from rehearsal.plugins.aws.tags import tag_map

_PEERS = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
_EVERYTHING = ("-1", "all")


def _create_group(context: Context, inputs: State) -> str:
    where = {"VpcId": inputs["vpcId"]} if inputs.get("vpcId") else {}
    made = context.created(
        client(context).create_security_group(
            GroupName=inputs["name"],
            Description=inputs["description"],
            TagSpecifications=tagged("security-group", inputs),
            **where,
        )["GroupId"]
    )
    # AWS lets a new group reach everything; the published provider takes that rule away.
    egress = describe(context, "SecurityGroups", GroupIds=[made])["IpPermissionsEgress"]
    if egress:
        client(context).revoke_security_group_egress(GroupId=made, IpPermissions=egress)
    for direction in DIRECTIONS:
        authorize(context, made, direction, inputs.get(direction) or ())
    return str(made)


def update_group(context: Context, group_id: str, change: Change) -> None:
    """Exchange the rules that stand inside a group."""
    for direction in DIRECTIONS:
        if change.touches(direction):
            revoke(context, group_id, direction, change.old.get(direction) or ())
            authorize(context, group_id, direction, change.new.get(direction) or ())


def read_group(context: Context, group_id: str, known: State) -> State:
    """A group with those of its known rules that still live."""
    inline = {
        # What stands in resources of its own is none of the group's.
        name: still_there(context, group_id, name, known[name])
        for name in DIRECTIONS
        if known.get(name)
    }
    group = describe(context, "SecurityGroups", GroupIds=[group_id])
    return {
        "name": group["GroupName"],
        "description": group["Description"],
        "vpcId": group.get("VpcId"),
        "arn": group.get("SecurityGroupArn") or context.arn("ec2", f"security-group/{group_id}"),
        "ownerId": group.get("OwnerId", context.account),
        "tags": tag_map(group.get("Tags")),
        **inline,
    }


def _delete_group(context: Context, group_id: str, state: State) -> None:
    if state.get("revokeRulesOnDelete"):
        group = describe(context, "SecurityGroups", GroupIds=[group_id])
        for direction, rules in (
            ("ingress", group["IpPermissions"]),
            ("egress", group["IpPermissionsEgress"]),
        ):
            if rules:
                revoke = getattr(client(context), f"revoke_security_group_{direction}")
                revoke(GroupId=group_id, IpPermissions=rules)
    client(context).delete_security_group(GroupId=group_id)


def _permission(rule: State) -> dict[str, Any]:
    """One rule in the form of the authorize calls."""
    note = {"Description": rule["description"]} if rule.get("description") else {}
    permission: dict[str, Any] = {"IpProtocol": str(rule["ipProtocol"])}
    if rule.get("fromPort") is not None:
        permission["FromPort"] = int(rule["fromPort"])
    if rule.get("toPort") is not None:
        permission["ToPort"] = int(rule["toPort"])
    if rule.get("cidrIpv4"):
        permission["IpRanges"] = [{"CidrIp": rule["cidrIpv4"], **note}]
    elif rule.get("cidrIpv6"):
        permission["Ipv6Ranges"] = [{"CidrIpv6": rule["cidrIpv6"], **note}]
    elif rule.get("prefixListId"):
        permission["PrefixListIds"] = [{"PrefixListId": rule["prefixListId"], **note}]
    else:
        permission["UserIdGroupPairs"] = [{"GroupId": rule["referencedSecurityGroupId"], **note}]
    return permission


def _rule(direction: str) -> ResourceType:
    """The type of one ingress or egress rule; its id is AWS's own, `sgr-...`."""

    def create(context: Context, inputs: State) -> str:
        authorize = getattr(client(context), f"authorize_security_group_{direction}")
        answer = authorize(
            GroupId=inputs["securityGroupId"],
            IpPermissions=[_permission(inputs)],
            TagSpecifications=tagged("security-group-rule", inputs),
        )
        return str(answer["SecurityGroupRules"][0]["SecurityGroupRuleId"])

    def delete(context: Context, rule_id: str, state: State) -> None:
        revoke = getattr(client(context), f"revoke_security_group_{direction}")
        revoke(GroupId=state["securityGroupId"], SecurityGroupRuleIds=[rule_id])

    title = f"SecurityGroup{direction.capitalize()}Rule"
    return ResourceType(
        name=f"aws:vpc/{title[0].lower()}{title[1:]}:{title}",
        inputs={
            "securityGroupId": Input(required=True, replace=True),
            "ipProtocol": Input(required=True),
            "fromPort": Input(),
            "toPort": Input(),
            "description": Input(),
            **{peer: Input() for peer in _PEERS},
        },
        outputs=("arn", "securityGroupRuleId"),
        create=create,
        read=_read_rule,
        update=_update_rule,
        delete=delete,
        tagger=retag,
        validate=_valid_rule,
    )


def _read_rule(context: Context, rule_id: str, _known: State) -> State:
    rule = describe(context, "SecurityGroupRules", SecurityGroupRuleIds=[rule_id])
    everything = rule["IpProtocol"] == "-1"
    referenced = rule.get("ReferencedGroupInfo") or {}
    return {
        "securityGroupId": rule["GroupId"],
        "ipProtocol": rule["IpProtocol"],
        # AWS answers -1 for "all ports" where the program says nothing.
        "fromPort": None if everything else rule.get("FromPort"),
        "toPort": None if everything else rule.get("ToPort"),
        "description": rule.get("Description"),
        "cidrIpv4": rule.get("CidrIpv4"),
        "cidrIpv6": rule.get("CidrIpv6"),
        "prefixListId": rule.get("PrefixListId"),
        "referencedSecurityGroupId": referenced.get("GroupId"),
        "securityGroupRuleId": rule_id,
        "arn": context.arn("ec2", f"security-group-rule/{rule_id}"),
        "tags": tag_map(rule.get("Tags")),
    }


def _update_rule(context: Context, rule_id: str, change: Change) -> None:
    new = change.new
    request: dict[str, Any] = {
        "IpProtocol": str(new["ipProtocol"]),
        "FromPort": int(new.get("fromPort", -1)),
        "ToPort": int(new.get("toPort", -1)),
        "Description": new.get("description", ""),
    }
    peers = {
        "cidrIpv4": "CidrIpv4",
        "cidrIpv6": "CidrIpv6",
        "prefixListId": "PrefixListId",
        "referencedSecurityGroupId": "ReferencedGroupId",
    }
    request.update({api: new[name] for name, api in peers.items() if new.get(name)})
    client(context).modify_security_group_rules(
        GroupId=new["securityGroupId"],
        SecurityGroupRules=[{"SecurityGroupRuleId": rule_id, "SecurityGroupRule": request}],
    )


def _valid_rule(inputs: State) -> Iterator[tuple[str, str]]:
    named = [peer for peer in _PEERS if inputs.get(peer)]
    if len(named) != 1:
        yield (
            "referencedSecurityGroupId",
            f"A rule names exactly one peer of {', '.join(_PEERS)}; given: "
            f"{', '.join(named) or 'none'}.",
        )
    ports = inputs.get("fromPort") is not None or inputs.get("toPort") is not None
    if inputs.get("ipProtocol") in _EVERYTHING and ports:
        yield "fromPort", "A rule for all protocols (ipProtocol -1) has no ports."


def _create_acl(context: Context, inputs: State) -> str:
    made = context.created(
        client(context).create_network_acl(
            VpcId=inputs["vpcId"], TagSpecifications=tagged("network-acl", inputs)
        )["NetworkAcl"]["NetworkAclId"]
    )
    for subnet in inputs.get("subnetIds", []):
        _move_subnet(context, subnet, made)
    return str(made)


def _move_subnet(context: Context, subnet: str, acl: str) -> str:
    """Give a subnet another ACL; it always has exactly one. Returns the association."""
    current = [{"Name": "association.subnet-id", "Values": [subnet]}]
    for found in describe(context, "NetworkAcls", Filters=current)["Associations"]:
        if found["SubnetId"] == subnet:
            answer = client(context).replace_network_acl_association(
                AssociationId=found["NetworkAclAssociationId"], NetworkAclId=acl
            )
            return str(answer["NewAssociationId"])
    raise GoneError(f"Subnet {subnet} has no network ACL.")


def _read_acl(context: Context, acl_id: str, _known: State) -> State:
    acl = describe(context, "NetworkAcls", NetworkAclIds=[acl_id])
    return {
        "vpcId": acl["VpcId"],
        "subnetIds": [found["SubnetId"] for found in acl["Associations"]],
        "arn": context.arn("ec2", f"network-acl/{acl_id}"),
        "ownerId": acl.get("OwnerId", context.account),
        "tags": tag_map(acl.get("Tags")),
    }


def _default_acl(context: Context, vpc: str) -> str:
    wanted = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "default", "Values": ["true"]}]
    return str(describe(context, "NetworkAcls", Filters=wanted)["NetworkAclId"])


def _update_acl(context: Context, acl_id: str, change: Change) -> None:
    wanted = change.new.get("subnetIds", [])
    for subnet in wanted:
        _move_subnet(context, subnet, acl_id)
    for subnet in _read_acl(context, acl_id, {})["subnetIds"]:
        if subnet not in wanted:
            _move_subnet(context, subnet, _default_acl(context, change.new["vpcId"]))


def _delete_acl(context: Context, acl_id: str, _state: State) -> None:
    acl = _read_acl(context, acl_id, {})
    for subnet in acl["subnetIds"]:
        _move_subnet(context, subnet, _default_acl(context, acl["vpcId"]))
    client(context).delete_network_acl(NetworkAclId=acl_id)


def _create_entry(context: Context, inputs: State) -> str:
    ports = (inputs.get("fromPort"), inputs.get("toPort"))
    request = {"PortRange": {"From": ports[0], "To": ports[1]}} if None not in ports else {}
    client(context).create_network_acl_entry(
        NetworkAclId=inputs["networkAclId"],
        RuleNumber=inputs["ruleNumber"],
        Protocol=str(inputs["protocol"]),
        RuleAction=inputs["ruleAction"],
        Egress=inputs["egress"],
        CidrBlock=inputs["cidrBlock"],
        **request,
    )
    side = "egress" if inputs["egress"] else "ingress"
    return f"nacl-{inputs['networkAclId']}-{side}-{inputs['ruleNumber']}"


def _read_entry(context: Context, _id: str, known: State) -> State | None:
    acl = describe(context, "NetworkAcls", NetworkAclIds=[known["networkAclId"]])
    for entry in acl["Entries"]:
        same_side = entry["Egress"] == known["egress"]
        if same_side and entry["RuleNumber"] == known["ruleNumber"]:
            ports = entry.get("PortRange") or {}
            return {
                "networkAclId": known["networkAclId"],
                "ruleNumber": entry["RuleNumber"],
                "protocol": entry["Protocol"],
                "ruleAction": entry["RuleAction"],
                "egress": entry["Egress"],
                "cidrBlock": entry.get("CidrBlock"),
                "fromPort": ports.get("From"),
                "toPort": ports.get("To"),
            }
    return None


def _entry_from_id(import_id: str) -> State:
    acl, number, protocol, egress = import_id.split(":")
    return {
        "networkAclId": acl,
        "ruleNumber": int(number),
        "protocol": protocol,
        "egress": egress == "true",
    }


def _delete_entry(context: Context, _id: str, state: State) -> None:
    client(context).delete_network_acl_entry(
        NetworkAclId=state["networkAclId"], RuleNumber=state["ruleNumber"], Egress=state["egress"]
    )


TYPES = (
    ResourceType(
        name="aws:ec2/securityGroup:SecurityGroup",
        inputs={
            "name": Input(replace=True, autoname="random"),
            "description": Input(default="Managed by Pulumi", replace=True),
            "vpcId": Input(replace=True, computed=True),
            "revokeRulesOnDelete": Input(default=False, unread=True),
            **{direction: Input(computed=True, unordered=True) for direction in DIRECTIONS},
        },
        outputs=("arn", "ownerId"),
        create=_create_group,
        read=read_group,
        update=update_group,
        delete=_delete_group,
        tagger=retag,
    ),
    _rule("ingress"),
    _rule("egress"),
    ResourceType(
        name="aws:ec2/networkAcl:NetworkAcl",
        inputs={
            "vpcId": Input(required=True, replace=True),
            "subnetIds": Input(computed=True, unordered=True),
        },
        outputs=("arn", "ownerId"),
        create=_create_acl,
        read=_read_acl,
        update=_update_acl,
        delete=_delete_acl,
        tagger=retag,
    ),
    ResourceType(
        name="aws:ec2/networkAclRule:NetworkAclRule",
        inputs={
            "networkAclId": Input(required=True, replace=True),
            "ruleNumber": Input(required=True, replace=True),
            "protocol": Input(required=True, replace=True),
            "ruleAction": Input(required=True, replace=True),
            "egress": Input(default=False, replace=True),
            "cidrBlock": Input(required=True, replace=True),
            "fromPort": Input(replace=True),
            "toPort": Input(replace=True),
        },
        create=_create_entry,
        read=_read_entry,
        delete=_delete_entry,
        from_id=_entry_from_id,
        # Two entries of one number and direction cannot exist at a time.
        delete_before_replace=True,
    ),
)
