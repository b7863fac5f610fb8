"""Reads who may talk to whom in a plan: security groups, prefix lists and VPC endpoints.

The provider removes the allow-all egress rule with which AWS creates a group, so a group has the
egress that the program declares and no other.
https://www.pulumi.com/registry/packages/aws/api-docs/ec2/securitygroup/
"""

from collections.abc import Iterator, Mapping
from typing import Any

from mwaa.model.platform import (
    UNKNOWN,
    Endpoint,
    GroupRule,
    Maybe,
    PrefixList,
    SecurityGroup,
    known,
    or_unknown,
)
from policy.plan.network import SUBNETS, VPC, VPCS
from policy.plan.resources import Plan, Resource
from policy.plan.routes import TABLES

GROUP = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
GROUPS = (GROUP, DEFAULT_GROUP)
RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS_RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
PREFIX_LIST = "aws:ec2/managedPrefixList:ManagedPrefixList"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
# Both spellings reach the provider; a platform has one.
PROTOCOLS = {"all": "-1", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}


def security_groups(plan: Plan) -> tuple[SecurityGroup, ...]:
    """All groups of the plan with their rules, whichever resources declare them."""
    return tuple(_group(plan, item) for item in plan.of(*GROUPS))


def _group(plan: Plan, item: Resource) -> SecurityGroup:
    declared_by: set[str] = set()
    sides: dict[str, Maybe[tuple[GroupRule, ...]]] = {}
    for side, rule_type in (("ingress", INGRESS_RULE), ("egress", EGRESS_RULE)):
        rules: list[GroupRule] = []
        for rule in plan.of(RULE):
            if rule.get("type") == side and _owner(plan, rule) is item:
                declared_by.add(rule.urn)
                rules += _classic_rules(plan, rule, item, side)
        for rule in plan.of(rule_type):
            if _owner(plan, rule) is item:
                declared_by.add(rule.urn)
                rules.append(_single_rule(plan, rule, item))
        blocks = item.blocks(side)
        if not known(blocks):
            sides[side] = UNKNOWN
            declared_by.add(item.identity)
            continue
        inline = [rule for block in blocks for rule in _inline_rules(plan, item, side, block)]
        # A group that exists lists all its rules again, whoever declared them.
        if set(inline) - set(rules):
            declared_by.add(item.identity)
        sides[side] = tuple(dict.fromkeys((*rules, *inline)))
    vpc = plan.refer(item, "vpcId", *VPCS)
    return SecurityGroup(
        id=item.identity,
        # AWS gives the default group its name, which a preview does not know.
        name="default" if item.type == DEFAULT_GROUP else item.text("name"),
        vpc=or_unknown(vpc),
        ingress=sides["ingress"],
        egress=sides["egress"],
        declared_by=frozenset(declared_by),
    )


def _owner(plan: Plan, rule: Resource) -> Resource | None:
    return plan.target(rule, "securityGroupId", *GROUPS)


def _protocol(value: Any) -> Maybe[str]:
    if value is None:
        return "-1"
    return PROTOCOLS.get(str(value).lower(), str(value)) if known(value) else value


def _port(value: Any, protocol: Maybe[str]) -> Maybe[int | None]:
    # The provider writes 0 for both ports of an all-traffic rule.
    if value is None:
        return None
    if not known(value):
        return UNKNOWN
    return None if protocol == "-1" or int(value) == -1 else int(value)


def _peers(block: Mapping[str, Any], own: str, source: Any) -> Iterator[dict[str, Any]]:
    """The peers of a rule with lists, as keyword arguments of ``GroupRule``."""
    for key in ("cidrBlocks", "ipv6CidrBlocks"):
        yield from ({"cidr": value} for value in _list(block.get(key)))
    yield from ({"prefix_list": value} for value in _list(block.get("prefixListIds")))
    if block.get("self") is True:
        yield {"group": own}
    yield from ({"group": value} for value in _list(source))


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _classic_rules(plan: Plan, rule: Resource, group: Resource, side: str) -> Iterator[GroupRule]:
    """The rules of one ``SecurityGroupRule``: one per peer."""
    protocol = _protocol(rule.get("protocol"))
    ports = (_port(rule.get("fromPort"), protocol), _port(rule.get("toPort"), protocol))
    source: Any = None
    # A self rule's source is computed by the provider: it is the group itself.
    if rule.get("self") is not True and rule.declares("sourceSecurityGroupId"):
        source = _peer_group(plan, rule, "sourceSecurityGroupId", group)
    props = dict(rule.props)
    if rule.declares("prefixListIds"):
        # The list of an AWS service is named through the gateway endpoint that has its id.
        lists = plan.refer_all(rule, "prefixListIds", PREFIX_LIST, ENDPOINT)
        props["prefixListIds"] = lists if known(lists) else UNKNOWN
    for peer in _peers(props, group.identity, source):
        yield GroupRule(protocol=protocol, from_port=ports[0], to_port=ports[1], **peer)


def _peer_group(plan: Plan, rule: Resource, key: str, group: Resource) -> Maybe[str | None]:
    """The group a rule refers to; an unknown id whose only group is the owner is the owner."""
    return plan.refer(rule, key, *GROUPS)


def _single_rule(plan: Plan, rule: Resource, group: Resource) -> GroupRule:
    """A VPC-style rule, which has exactly one peer."""
    protocol = _protocol(rule.get("ipProtocol"))
    peer: dict[str, Any] = {}
    if rule.declares("referencedSecurityGroupId"):
        peer = {"group": _peer_group(plan, rule, "referencedSecurityGroupId", group)}
    elif rule.declares("prefixListId"):
        peer = {"prefix_list": plan.refer(rule, "prefixListId", PREFIX_LIST, ENDPOINT)}
    elif rule.declares("cidrIpv6"):
        peer = {"cidr": rule.text("cidrIpv6")}
    else:
        cidr = rule.text("cidrIpv4")
        peer = {"cidr": or_unknown(cidr)}
    return GroupRule(
        protocol=protocol,
        from_port=_port(rule.get("fromPort"), protocol),
        to_port=_port(rule.get("toPort"), protocol),
        **peer,
    )


def _inline_rules(
    plan: Plan, item: Resource, side: str, block: Mapping[str, Any]
) -> Iterator[GroupRule]:
    protocol = _protocol(block.get("protocol"))
    named = block.get("securityGroups")
    sources: Any = named
    if named:
        resolved = plan.refer_all(item, side, *GROUPS, values=named)
        sources = resolved if known(resolved) else UNKNOWN
    for peer in _peers(block, item.identity, sources):
        yield GroupRule(
            protocol=protocol,
            from_port=_port(block.get("fromPort"), protocol),
            to_port=_port(block.get("toPort"), protocol),
            **peer,
        )


def prefix_lists(plan: Plan) -> tuple[PrefixList, ...]:
    """The prefix lists that the plan declares, and AWS's own that its gateway endpoints name."""
    found = []
    for item in plan.of(ENDPOINT):
        list_id, service = item.text("prefixListId"), item.text("serviceName")
        if isinstance(list_id, str) and service is not None:
            blocks = item.get("cidrBlocks")
            cidrs: Maybe[tuple[str, ...]] = UNKNOWN
            if isinstance(blocks, list) and blocks and UNKNOWN not in blocks:
                cidrs = tuple(blocks)
            found.append(PrefixList(id=list_id, name=service, cidrs=cidrs))
    for item in plan.of(PREFIX_LIST):
        entries = item.blocks("entries")
        name = item.text("name")
        cidrs = UNKNOWN
        if known(entries):
            blocks = [entry.get("cidr", UNKNOWN) for entry in entries]
            cidrs = UNKNOWN if UNKNOWN in blocks else tuple(map(str, blocks))
        found.append(
            PrefixList(
                id=item.identity,
                name=or_unknown(name),
                cidrs=cidrs,
            )
        )
    return tuple(found)


def endpoints(plan: Plan, environment: Resource, account: Maybe[str]) -> tuple[Endpoint, ...]:
    """All VPC endpoints of the plan, with subnets, groups and tables from either style.

    ``account`` is where the provider of ``environment`` works: what it makes belongs to it. An
    endpoint that is there already names its owner itself.
    """
    return tuple(
        _endpoint(plan, item, account if _shares(item, environment) else UNKNOWN)
        for item in plan.of(ENDPOINT)
    )


def _shares(item: Resource, environment: Resource) -> bool:
    # A preview that was written as JSON tells of no provider.
    return bool(environment.provider) and item.shares_provider(environment)


def _endpoint(plan: Plan, item: Resource, owner: Maybe[str]) -> Endpoint:
    service, vpc = item.text("serviceName"), plan.refer(item, "vpcId", *VPCS)
    said = item.text("ownerId")
    policy = item.document("policy") if item.declares("policy") else None
    return Endpoint(
        id=item.identity,
        service=or_unknown(service),
        type=item.text("vpcEndpointType") or "Gateway"
        if item.get("vpcEndpointType") is not UNKNOWN
        else UNKNOWN,
        vpc=or_unknown(vpc),
        owner=said if isinstance(said, str) else owner,
        subnets=_joined(plan, item, "subnetIds", SUBNETS, "Subnet", "subnetId", 2),
        security_groups=_joined(
            plan, item, "securityGroupIds", GROUPS, "SecurityGroup", "securityGroupId", None
        ),
        route_tables=_joined(
            plan, item, "routeTableIds", (*TABLES, VPC), "RouteTable", "routeTableId", 2
        ),
        private_dns=item.flag("privateDnsEnabled") if item.declares("privateDnsEnabled") else False,
        policy=policy,
        state=item.text("state") if item.ids() else None,
        tags=_tags(item),
    )


def _tags(item: Resource) -> Maybe[Mapping[str, str]]:
    tags = item.get("tags") or {} if item.get("tags") is not UNKNOWN else UNKNOWN
    if not known(tags) or UNKNOWN in tags.values():
        return UNKNOWN
    return dict(tags)


def _joined(
    plan: Plan,
    item: Resource,
    key: str,
    types: tuple[str, ...],
    word: str,
    link_key: str,
    count: int | None,
) -> Maybe[tuple[Maybe[str], ...]]:
    """A list input of an endpoint plus its association resources."""
    own = plan.refer_all(item, key, *types, count=count)
    if not known(own):
        return UNKNOWN
    name = f"VpcEndpoint{word}Association"
    kind = f"aws:ec2/{name[0].lower()}{name[1:]}:{name}"
    linked: list[Maybe[str]] = []
    for link in plan.of(kind):
        if plan.target(link, "vpcEndpointId", ENDPOINT) is item:
            value = plan.refer(link, link_key, *types)
            linked.append(or_unknown(value))
    return tuple(dict.fromkeys((*own, *linked)))
