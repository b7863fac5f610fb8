"""Rules on the VPC, its subnets, routes, clients and endpoints."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network

from mwaa import cidr
from mwaa.service import endpoints
from mwaa.service.classes import CLASSES
from mwaa.service.regions import REGIONS
from mwaa.settings.problems import Advice, Problem, listed, quoted
from mwaa.settings.values import Choices


def judge(settings: Choices) -> Iterator[Problem | Advice]:
    if settings.existing_vpc_id:
        yield from _existing(settings)
    else:
        yield from _new(settings)
    yield from _once(settings)
    yield from _ids(settings)
    yield from _clients(settings)
    yield from _endpoints(settings)
    yield from _neighbors(settings)
    yield from _shared(settings)


def _new(s: Choices) -> Iterator[Problem | Advice]:
    strays = {
        "existingSubnetIds": s.existing_subnet_ids,
        "existingRouteTableIds": s.existing_route_table_ids,
        "existingVpcCidr": s.existing_vpc_cidr,
    }
    for name, value in strays.items():
        if value:
            yield Problem(
                name,
                quoted(value),
                "nothing, as long as mwaa:existingVpcId is not set",
                "it describes an existing VPC, and this stack makes a new one",
                "remove it, or set mwaa:existingVpcId",
            )
    if s.egress == "existing":
        yield Problem(
            "egress",
            quoted(s.egress),
            "none, single-nat, nat-per-zone for a new VPC",
            "a new VPC has no routes yet that could be used",
            "choose one of them, or set mwaa:existingVpcId",
        )
    yield from _zones(s)
    yield from _block(s)


def _zones(s: Choices) -> Iterator[Problem | Advice]:
    zones = s.availability_zones
    example = s.region if s.region in REGIONS else "us-east-1"
    if len(zones) != cidr.ZONES or len(set(zones)) != len(zones):
        yield Problem(
            "availabilityZones",
            quoted(zones),
            "exactly two different zones",
            "MWAA takes two subnets in two zones; naming them keeps subnets where they are",
            f"name two, for example [{example}a, {example}b]",
        )
    strangers = [zone for zone in zones if not re.fullmatch(rf"{re.escape(s.region)}[a-z]", zone)]
    # A region that is no region has no zones to name.
    if strangers and s.region in REGIONS:
        yield Problem(
            "availabilityZones",
            quoted(strangers),
            f"zones of aws:region {s.region}, such as {s.region}a",
            "subnets lie in the region of the stack, and MWAA runs in no local zone",
            "name zones of this region, or change aws:region",
        )


def _block(s: Choices) -> Iterator[Problem | Advice]:
    allowed = (
        f"a private IPv4 block from /{cidr.LARGEST_VPC} to /{cidr.SMALLEST_VPC}, as its network"
    )

    def refused(allowed: str, why: str, do: str) -> Problem:
        return Problem("vpcCidr", quoted(s.vpc_cidr), allowed, why, do)

    try:
        block = IPv4Network(s.vpc_cidr)
    except ValueError as error:
        why = _NO_IPV6 if _is_ipv6(s.vpc_cidr) else f"it is no such block ({error})"
        yield refused(allowed, why, "write for example 10.192.0.0/16")
        return
    if not block.is_private:
        yield refused(
            allowed,
            "addresses of the internet inside the VPC would be out of its reach",
            "choose a block of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
        )
    for other in filter(_is_block, s.connected_cidrs):
        if block.overlaps(IPv4Network(other)):
            yield refused(
                f"a block apart from mwaa:connectedCidrs ({quoted(other)})",
                "addresses that two connected networks share cannot be routed between them",
                "choose another block",
            )
    if not cidr.LARGEST_VPC <= block.prefixlen <= cidr.SMALLEST_VPC:
        yield refused(
            allowed,
            "AWS takes no VPC larger than /16, and in one smaller than /24 a subnet falls below "
            "/26, which does not hold an environment",
            "choose a block of that size",
        )
        return
    plan = s.address_plan
    if plan is None or s.environment_class not in CLASSES:
        return
    interfaces = endpoints.interfaces(s.endpoint_services)
    need = cidr.needed(s.sizing, len(interfaces))
    have = cidr.usable(plan.private[0])
    if have < need:
        yield refused(
            f"a block whose private subnets (a quarter of it) have {need} usable addresses",
            f"each would have {have}; at full scale an update may need two addresses per container "
            f"({s.sizing.max_workers} workers, {s.sizing.schedulers} schedulers, "
            f"{s.sizing.max_webservers} web servers) and {len(interfaces)} for endpoints",
            "choose a larger block, fewer workers or fewer endpoints",
        )


def _existing(s: Choices) -> Iterator[Problem | Advice]:
    vpc = quoted(s.existing_vpc_id)
    default = type(s).model_fields["vpc_cidr"].default
    strays = {
        "availabilityZones": s.availability_zones,
        "vpcCidr": "" if s.vpc_cidr == default else s.vpc_cidr,
        "egress": s.egress if s.egress in ("single-nat", "nat-per-zone") else "",
    }
    for name, value in strays.items():
        if value:
            yield Problem(
                name,
                quoted(value),
                f"its default, because mwaa:existingVpcId is {vpc}",
                "it describes a new VPC, and a stack has either a new or an existing one",
                f"remove mwaa:{name}, or remove mwaa:existingVpcId",
            )
    subnets = s.existing_subnet_ids
    if len(subnets) != 2 or len(set(subnets)) != 2:
        yield Problem(
            "existingSubnetIds",
            quoted(subnets),
            "exactly two different subnets of the existing VPC",
            "MWAA takes two private subnets in two zones",
            "name both",
        )
    makes_endpoints = s.endpoint_profile != "none" or bool(s.additional_endpoint_services)
    if (makes_endpoints or s.endpoint_owner_role_arn) and not s.existing_vpc_cidr:
        yield Problem(
            "existingVpcCidr",
            "nothing",
            f"the block of {vpc}",
            "the endpoints made there admit this block",
            "set it, or set mwaa:endpointProfile to none where the VPC has endpoints",
        )
    if "s3" in s.endpoint_services and not s.existing_route_table_ids:
        yield Problem(
            "existingRouteTableIds",
            "nothing",
            "the route tables of both subnets",
            "the S3 gateway endpoint works through routes",
            "name them, or set mwaa:endpointProfile to none where the VPC has endpoints",
        )
    if s.existing_vpc_cidr and not _is_block(s.existing_vpc_cidr):
        yield _no_block("existingVpcCidr", s.existing_vpc_cidr)


def _once(s: Choices) -> Iterator[Problem]:
    """Lists whose entries each become a resource or a rule of its own."""
    lists = {
        "connectedCidrs": s.connected_cidrs,
        "webserverClientCidrs": s.webserver_client_cidrs,
        "webserverClientSecurityGroupIds": s.webserver_client_security_group_ids,
        "additionalSecurityGroupIds": s.additional_security_group_ids,
        "additionalEndpointServices": s.additional_endpoint_services,
    }
    for name, entries in lists.items():
        double = sorted({entry for entry in entries if entries.count(entry) > 1})
        if double:
            yield Problem(
                name,
                f"{quoted(double)} more than once",
                "each entry once",
                "AWS refuses the second of two equal rules or endpoints",
                "remove the repetition",
            )


def _ids(s: Choices) -> Iterator[Problem | Advice]:
    lists = {
        "existingSubnetIds": ("subnet", s.existing_subnet_ids),
        "existingRouteTableIds": ("rtb", s.existing_route_table_ids),
        "additionalSecurityGroupIds": ("sg", s.additional_security_group_ids),
        "webserverClientSecurityGroupIds": ("sg", s.webserver_client_security_group_ids),
    }
    for name, (prefix, ids) in lists.items():
        wrong = [i for i in ids if not re.fullmatch(rf"{prefix}-[0-9a-zA-Z]+", i)]
        if wrong:
            yield Problem(
                name,
                quoted(wrong),
                f"ids like {prefix}-0123456789abcdef0",
                "AWS names these resources so",
                "give ids, not names",
            )


def _clients(s: Choices) -> Iterator[Problem | Advice]:
    for block in s.connected_cidrs:
        if not _is_block(block):
            yield _no_block("connectedCidrs", block)
    for block in s.webserver_client_cidrs:
        if not _is_block(block):
            yield _no_block("webserverClientCidrs", block)
        elif IPv4Network(block).prefixlen == 0:
            yield Problem(
                "webserverClientCidrs",
                quoted(block),
                "blocks smaller than the whole internet",
                "it would admit every address of the world to the environment's security group",
                "name the blocks of your VPN or office",
            )


def _endpoints(s: Choices) -> Iterator[Problem | Advice]:
    for service in s.additional_endpoint_services:
        yield from _endpoint_service(s, service)
    if s.egress != "none" or s.endpoint_profile != "none":
        return
    missing = [x for x in endpoints.REQUIRED if x not in s.additional_endpoint_services]
    if not missing:
        return
    if s.existing_vpc_id:
        yield Advice(
            "endpointProfile",
            "there is no egress and no endpoint is made; the existing VPC must already have "
            f"endpoints for {listed(missing)}",
        )
    else:
        yield Problem(
            "endpointProfile",
            quoted(s.endpoint_profile),
            'required or full with mwaa:egress "none"',
            f"without internet and endpoints nothing reaches {listed(missing)}, and the create "
            "fails after hours",
            "choose required, or an egress",
        )


def _endpoint_service(s: Choices, service: str) -> Iterator[Problem]:
    def refused(why: str, do: str) -> Problem:
        return Problem(
            "additionalEndpointServices",
            quoted(service),
            "suffixes such as secretsmanager or ecr.api, or full service names of this region",
            why,
            do,
        )

    is_full = endpoints.is_full_name(service)
    own = [endpoints.service_name(one, s.region) for one in s.endpoint_services]
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*", service):
        yield refused(
            "an endpoint service is named com.amazonaws.<region>.<suffix>", "write the suffix"
        )
    elif endpoints.is_private_service(service) and not is_full:
        yield refused(
            "a service that an account offers has no suffix",
            f"write its full name, com.amazonaws.vpce.{s.region}.{service}",
        )
    elif is_full and s.region not in service.split("."):
        yield refused(
            f"an endpoint reaches services of its own region, here {s.region}",
            "name the service of this region",
        )
    elif is_full and own.count(service) > 1 and not service.endswith(".s3"):
        yield refused(
            "this stack makes that endpoint already, and EC2 refuses a second private DNS name",
            "remove it",
        )


# What an entry of endpointEnvironments may hold.
_NEIGHBOR = {
    "name": r"[a-zA-Z][0-9a-zA-Z_-]{0,79}",
    "bucket": r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]",
    "key": r"arn:aws(-[a-z]+)*:kms:[a-z0-9-]+:\d{12}:key/[0-9a-z-]+",
    "account": r"\d{12}",
}


def _neighbors(s: Choices) -> Iterator[Problem | Advice]:
    for number, entry in enumerate(s.endpoint_environments, start=1):
        wrong = [
            f"{key} {quoted(value)}"
            for key, value in entry.items()
            if key not in _NEIGHBOR or not re.fullmatch(_NEIGHBOR[key], value)
        ]
        if "name" not in entry:
            wrong.append("no name")
        elif entry["name"] == s.environment_name and "account" not in entry:
            wrong.append(f"the name of this environment, {quoted(entry['name'])}")
        if wrong:
            yield Problem(
                "endpointEnvironments",
                f"entry {number} with {listed(wrong)}",
                "name of another environment; bucket (a name), key (an ARN) and account (12 "
                "digits in quotes) where this program would choose others",
                "the policies of the endpoints name what each environment uses",
                "correct the entry",
            )
    if s.endpoint_environments and not s.endpoint_services:
        yield Advice(
            "endpointEnvironments",
            "no endpoint is made here, so there is none to open; set it in the stack that makes "
            "the endpoints",
        )


def _shared(s: Choices) -> Iterator[Problem | Advice]:
    """Who makes endpoints in a VPC that its owner shares.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-share-limitations.html (read 2026-11)
    """
    if s.endpoint_owner_role_arn and not s.existing_vpc_id:
        yield Problem(
            "endpointOwnerRoleArn",
            quoted(s.endpoint_owner_role_arn),
            "nothing, as long as mwaa:existingVpcId is not set",
            "a VPC that this stack makes belongs to this account, which makes its endpoints",
            "remove it, or set mwaa:existingVpcId",
        )
    if s.customer_endpoints == "make":
        return
    if s.endpoint_management != "CUSTOMER" or s.endpoint_owner_role_arn:
        other = "mwaa:endpointOwnerRoleArn" if s.endpoint_owner_role_arn else "SERVICE"
        yield Problem(
            "customerEndpoints",
            quoted(s.customer_endpoints),
            'make, or wait with mwaa:endpointManagement "CUSTOMER" and no '
            "mwaa:endpointOwnerRoleArn",
            f"with {other} nobody else makes the endpoints, and the wait would never end",
            "choose one way",
        )
    elif not s.last_look:
        yield Advice(
            "customerEndpoints",
            "mwaa:lastLook is false, so nothing waits: the program ends while the environment is "
            "PENDING; the outputs name the two services",
        )


def _is_block(text: str) -> bool:
    try:
        IPv4Network(text)
    except ValueError:
        return False
    return True


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Network(text, strict=False)
    except ValueError:
        return False
    return True


_NO_IPV6 = "it is a block of IPv6, and the network of an environment has IPv4 alone"


def _no_block(setting: str, got: str) -> Problem:
    is_ipv6 = _is_ipv6(got)
    return Problem(
        setting,
        quoted(got),
        "IPv4 blocks such as 10.1.0.0/16, host bits zero",
        _NO_IPV6 if is_ipv6 else "routes and security group rules take blocks",
        "give the block of IPv4" if is_ipv6 else "correct the block (one address is /32)",
    )
