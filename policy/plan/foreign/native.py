"""Reads resources of Pulumi's ``aws-native`` provider as those of its ``aws`` provider.

``aws-native`` is CloudFormation by other names, so a table of types and properties is enough. What
CloudFormation keeps inside one resource and the ``aws`` provider in several (a bucket's settings, a
policy's roles) becomes parts, which say whose they are. An environment has the same names in both.
https://www.pulumi.com/registry/packages/aws-native/api-docs/ (1.84.0, read 2026-11-27)
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from mwaa.model.platform import UNKNOWN, Maybe, known, or_unknown
from policy.plan.resources import Resource

PREFIX = "aws-native:"
# What each of them is to the ``aws`` provider: its type, and the properties of another name.
TYPES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "mwaa:Environment": ("mwaa/environment:Environment", {}),
    "cloudwatch:Alarm": ("cloudwatch/metricAlarm:MetricAlarm", {}),
    "ec2:DhcpOptions": ("ec2/vpcDhcpOptions:VpcDhcpOptions", {"dhcpOptionsId": "id"}),
    "ec2:FlowLog": ("ec2/flowLog:FlowLog", {}),
    "ec2:InternetGateway": ("ec2/internetGateway:InternetGateway", {"internetGatewayId": "id"}),
    "ec2:NatGateway": ("ec2/natGateway:NatGateway", {"natGatewayId": "id"}),
    "ec2:NetworkAcl": ("ec2/networkAcl:NetworkAcl", {}),
    "ec2:Route": ("ec2/route:Route", {"egressOnlyInternetGatewayId": "egressOnlyGatewayId"}),
    "ec2:RouteTable": ("ec2/routeTable:RouteTable", {"routeTableId": "id"}),
    "ec2:SecurityGroup": (
        "ec2/securityGroup:SecurityGroup",
        {
            "groupId": "id",
            "groupName": "name",
            "securityGroupIngress": "ingress",
            "securityGroupEgress": "egress",
        },
    ),
    "ec2:SecurityGroupIngress": (
        "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        {
            "groupId": "securityGroupId",
            "cidrIp": "cidrIpv4",
            "sourceSecurityGroupId": "referencedSecurityGroupId",
            "sourcePrefixListId": "prefixListId",
        },
    ),
    "ec2:SecurityGroupEgress": (
        "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        {
            "groupId": "securityGroupId",
            "cidrIp": "cidrIpv4",
            "destinationSecurityGroupId": "referencedSecurityGroupId",
            "destinationPrefixListId": "prefixListId",
        },
    ),
    "ec2:Subnet": ("ec2/subnet:Subnet", {"subnetId": "id"}),
    "ec2:SubnetNetworkAclAssociation": ("ec2/networkAclAssociation:NetworkAclAssociation", {}),
    "ec2:SubnetRouteTableAssociation": ("ec2/routeTableAssociation:RouteTableAssociation", {}),
    "ec2:Vpc": ("ec2/vpc:Vpc", {"vpcId": "id"}),
    "ec2:VpcCidrBlock": ("ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation", {}),
    "ec2:VpcEndpoint": ("ec2/vpcEndpoint:VpcEndpoint", {"policyDocument": "policy"}),
    "ec2:VpcGatewayAttachment": ("ec2/internetGatewayAttachment:InternetGatewayAttachment", {}),
    "ec2:VpcdhcpOptionsAssociation": (
        "ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation",
        {},
    ),
    "iam:ManagedPolicy": (
        "iam/policy:Policy",
        {"managedPolicyName": "name", "policyDocument": "policy", "policyArn": "arn"},
    ),
    "iam:Role": (
        "iam/role:Role",
        {"roleName": "name", "assumeRolePolicyDocument": "assumeRolePolicy"},
    ),
    "iam:RolePolicy": (
        "iam/rolePolicy:RolePolicy",
        {"roleName": "role", "policyName": "name", "policyDocument": "policy"},
    ),
    "kms:Key": (
        "kms/key:Key",
        {
            "keyId": "id",
            "keyPolicy": "policy",
            "enabled": "isEnabled",
            "keySpec": "customerMasterKeySpec",
            "pendingWindowInDays": "deletionWindowInDays",
        },
    ),
    "logs:LogGroup": ("cloudwatch/logGroup:LogGroup", {"logGroupName": "name"}),
    "s3:Bucket": ("s3/bucket:Bucket", {"bucketName": "bucket"}),
    "s3:BucketPolicy": ("s3/bucketPolicy:BucketPolicy", {"policyDocument": "policy"}),
}
# What only CloudFormation makes this way.
_OPEN = {"ipProtocol": "-1", "cidrIp": "0.0.0.0/0"}


def translated(resources: Iterable[Resource]) -> Iterator[Resource]:
    """All resources of a plan as those of the ``aws`` provider, each with its parts behind it."""
    for item in resources:
        kind = item.type.removeprefix(PREFIX)
        if kind == item.type or kind not in TYPES:
            yield item
            continue
        wanted, names = TYPES[kind]
        reshape = _SHAPES.get(kind, _as_it_is)
        yield from reshape(_renamed(item, f"aws:{wanted}", {"awsId": "id", **names}))


def _renamed(item: Resource, kind: str, names: Mapping[str, str]) -> Resource:
    props = {names.get(key, key): value for key, value in item.props.items()}
    if isinstance(tags := props.get("tags"), list):
        props["tags"] = _pairs(tags, "key")
    return replace(
        item,
        type=kind,
        props=props,
        property_dependencies={
            names.get(key, key): urns for key, urns in item.property_dependencies.items()
        },
        secret=frozenset(names.get(path, path) for path in item.secret),
    )


def _pairs(entries: Any, name: str) -> Maybe[Mapping[str, Any] | None]:
    """A map from CloudFormation's list of names and values."""
    if entries is None:
        return None
    if not isinstance(entries, list) or UNKNOWN in entries:
        return UNKNOWN
    return {entry.get(name): entry.get("value") for entry in entries}


def _as_it_is(item: Resource) -> Iterator[Resource]:
    yield item


def _with(item: Resource, **props: Any) -> Resource:
    return replace(item, props={**item.props, **props})


def _part(item: Resource, name: str, kind: str, own: str, source: str, /, **props: Any) -> Resource:
    """A setting of ``item``, found in its property ``source``, that refers to it as ``own``."""
    waits = item.property_dependencies.get(source, ())
    return replace(
        item,
        type=f"aws:{kind}",
        urn=f"{item.urn}#{name}",
        whole=item.urn,
        props={own: or_unknown(item.real_id), **props},
        property_dependencies={own: (item.urn,), **dict.fromkeys(props, waits)},
        dependencies=(item.urn, *waits),
    )


def _alarm(item: Resource) -> Iterator[Resource]:
    queries = item.get("metrics")
    metrics: Any = UNKNOWN
    if known(queries):
        metrics = [{"metric": _measured(one.get("metricStat"))} for one in queries or ()]
    dimensions = _pairs(item.get("dimensions"), "name")
    yield _with(item, dimensions=dimensions, metricQueries=metrics)


def _measured(stat: Any) -> Maybe[Mapping[str, Any] | None]:
    metric = (stat or {}).get("metric") if known(stat) else UNKNOWN
    if not known(metric) or metric is None:
        return metric
    return {**metric, "dimensions": _pairs(metric.get("dimensions"), "name")}


def _flow_log(item: Resource) -> Iterator[Resource]:
    keys = {"Subnet": "subnetId", "NetworkInterface": "eniId"}
    key = keys.get(str(item.get("resourceType")), "vpcId")
    yield _renamed(item, item.type, {"resourceId": key})


def _group(item: Resource) -> Iterator[Resource]:
    # CloudFormation leaves the rule with which AWS makes a group; the other provider takes it away.
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html
    egress = item.get("egress") if item.declares("egress") else [_OPEN]
    ingress = item.get("ingress") if item.declares("ingress") else []
    yield _with(item, ingress=_rules(ingress, "source"), egress=_rules(egress, "destination"))


def _rules(rules: Any, peer: str) -> Maybe[list[Any]]:
    if not known(rules):
        return UNKNOWN
    return [_rule(rule, peer) if known(rule) else UNKNOWN for rule in rules]


def _rule(rule: Mapping[str, Any], peer: str) -> dict[str, Any]:
    lists = {
        "cidrBlocks": rule.get("cidrIp"),
        "ipv6CidrBlocks": rule.get("cidrIpv6"),
        "securityGroups": rule.get(f"{peer}SecurityGroupId"),
        "prefixListIds": rule.get(f"{peer}PrefixListId"),
    }
    return {
        "protocol": rule.get("ipProtocol"),
        "fromPort": rule.get("fromPort"),
        "toPort": rule.get("toPort"),
        **{key: [value] for key, value in lists.items() if value is not None},
    }


def _managed_policy(item: Resource) -> Iterator[Resource]:
    yield item
    roles = item.get("roles")
    kind = "iam/rolePolicyAttachment:RolePolicyAttachment"
    # One of several roles that are not known yet may be any of them.
    for place, role in enumerate(roles if known(roles) and roles else ()):
        part = _part(item, f"role-{place}", kind, "policyArn", "roles", role=role)
        yield _with(part, policyArn=item.props.get("arn", UNKNOWN))


def _role(item: Resource) -> Iterator[Resource]:
    # The lists are not exclusive here, as they are in a role of the other provider.
    yield replace(item, props={k: v for k, v in item.props.items() if k not in _ROLE_LISTS})
    for source, (kind, shape) in _ROLE_LISTS.items():
        entries = item.get(source) if item.declares(source) else ()
        for place, entry in enumerate(entries if known(entries) else [UNKNOWN]):
            yield _part(item, f"{source}-{place}", kind, "role", source, **shape(entry))


def _inline(entry: Any) -> dict[str, Any]:
    if not known(entry):
        return {"name": UNKNOWN, "policy": UNKNOWN}
    return {"name": entry.get("policyName"), "policy": entry.get("policyDocument")}


# Each list of a role: the resource that an entry is elsewhere, and what it looks like.
_ROLE_LISTS: Mapping[str, tuple[str, Callable[[Any], dict[str, Any]]]] = {
    "policies": ("iam/rolePolicy:RolePolicy", _inline),
    "managedPolicyArns": (
        "iam/rolePolicyAttachment:RolePolicyAttachment",
        lambda entry: {"policyArn": entry},
    ),
}


def _bucket(item: Resource) -> Iterator[Resource]:
    yield item
    for name, (kind, source, shape) in _BUCKET_PARTS.items():
        if not item.declares(source):
            continue
        value = item.get(source)
        props = shape(value) if known(value) else dict.fromkeys(shape({}), UNKNOWN)
        yield _part(item, name, f"s3/{kind[0].lower()}{kind[1:]}:{kind}", "bucket", source, **props)


def _encryption(value: Mapping[str, Any]) -> dict[str, Any]:
    rules = value.get("serverSideEncryptionConfiguration")
    if not known(rules):
        return {"rules": UNKNOWN}
    return {"rules": [_encryption_rule(rule) for rule in rules or ()]}


def _encryption_rule(rule: Any) -> Maybe[Mapping[str, Any]]:
    if not known(rule):
        return UNKNOWN
    return {
        "applyServerSideEncryptionByDefault": rule.get("serverSideEncryptionByDefault"),
        "bucketKeyEnabled": rule.get("bucketKeyEnabled", False),
    }


def _lifecycle(value: Mapping[str, Any]) -> dict[str, Any]:
    rules = value.get("rules")
    if not known(rules):
        return {"rules": UNKNOWN}
    return {"rules": [_lifecycle_rule(rule) if known(rule) else rule for rule in rules or ()]}


def _lifecycle_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    noncurrent = rule.get("noncurrentVersionExpiration")
    if noncurrent is None and (days := rule.get("noncurrentVersionExpirationInDays")) is not None:
        noncurrent = {"noncurrentDays": days}
    expiration = {"days": rule.get("expirationInDays"), "date": rule.get("expirationDate")}
    return {
        **{key: rule[key] for key in ("id", "status", "prefix") if key in rule},
        "noncurrentVersionExpiration": noncurrent,
        "expiration": {key: value for key, value in expiration.items() if value is not None},
    }


def _ownership(value: Mapping[str, Any]) -> dict[str, Any]:
    rules = value.get("rules")
    return {"rule": (rules[0] if rules else None) if known(rules) else UNKNOWN}


# Each setting of a bucket: the resource that it is elsewhere, its property, what it looks like.
_BUCKET_PARTS: Mapping[str, tuple[str, str, Callable[[Mapping[str, Any]], dict[str, Any]]]] = {
    "encryption": (
        "BucketServerSideEncryptionConfiguration",
        "bucketEncryption",
        _encryption,
    ),
    "lifecycle": ("BucketLifecycleConfiguration", "lifecycleConfiguration", _lifecycle),
    "logging": (
        "BucketLogging",
        "loggingConfiguration",
        lambda value: {"targetBucket": value.get("destinationBucketName")},
    ),
    "ownership": ("BucketOwnershipControls", "ownershipControls", _ownership),
    "public-access": (
        "BucketPublicAccessBlock",
        "publicAccessBlockConfiguration",
        lambda value: {
            key: value.get(key, False)
            for key in (
                "blockPublicAcls",
                "blockPublicPolicy",
                "ignorePublicAcls",
                "restrictPublicBuckets",
            )
        },
    ),
    "versioning": (
        "BucketVersioning",
        "versioningConfiguration",
        lambda value: {"versioningConfiguration": value},
    ),
}
_SHAPES: Mapping[str, Callable[[Resource], Iterator[Resource]]] = {
    "cloudwatch:Alarm": _alarm,
    "ec2:FlowLog": _flow_log,
    "ec2:SecurityGroup": _group,
    "iam:ManagedPolicy": _managed_policy,
    "iam:Role": _role,
    "s3:Bucket": _bucket,
}
