"""Compliant subjects: the four compliant shapes of the platform, for tests that break one thing.

``no_internet``, ``nat``, ``existing_vpc`` and ``customer_endpoints`` return a complete plan that
no rule objects to. ``tests.changes`` breaks one thing in them and makes them live.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from mwaa.subject import (
    UNKNOWN,
    AclEntry,
    DhcpOptions,
    Endpoint,
    EndpointService,
    FlowLog,
    GroupRule,
    InternetGateway,
    NatGateway,
    NetworkAcl,
    PrefixList,
    Route,
    RouteTable,
    SecurityGroup,
    Subject,
    Subnet,
    Vpc,
)
from tests.changes import items, with_acl
from tests.records import (
    ACCOUNT,
    BUCKET,
    BUCKET_ARN,
    ENVIRONMENT_ARN,
    KEY_ARN,
    MODULES,
    NAME,
    REGION,
    REQUIRED,
    ROLE_ARN,
    SUBNETS,
    VPC_CIDR,
    ZONES,
    access_policies,
    account,
    alarms,
    bucket,
    environment,
    key,
    log_groups,
    role,
)

__all__ = [
    "ACCOUNT",
    "BUCKET",
    "BUCKET_ARN",
    "ENVIRONMENT_ARN",
    "KEY_ARN",
    "LOCAL",
    "MODULES",
    "NAME",
    "OPEN_ACL",
    "REGION",
    "REQUIRED",
    "ROLE_ARN",
    "S3_PREFIX_LIST",
    "SHAPES",
    "SUBNETS",
    "VPC_CIDR",
    "ZONES",
    "customer_endpoints",
    "existing_vpc",
    "interface_endpoint",
    "nat",
    "no_internet",
    "s3_gateway",
    "service",
]

S3_PREFIX_LIST = PrefixList(
    id="pl-63a5400a",
    name=f"com.amazonaws.{REGION}.s3",
    cidrs=("52.216.0.0/15", "54.231.0.0/16", "3.5.0.0/19"),
)
OPEN_ACL = tuple(
    AclEntry(number=number, egress=egress, protocol="-1", allow=number == 100, cidr="0.0.0.0/0")
    for number in (100, 32767)
    for egress in (False, True)
)
LOCAL = Route(destination=VPC_CIDR, kind="local", target="local")


def service(suffix: str) -> str:
    """The endpoint service name of an AWS service in the region of these subjects."""
    return f"com.amazonaws.{REGION}.{suffix}"


def s3_gateway(*route_tables: str) -> Endpoint:
    return Endpoint(
        id="vpce-s3", service=service("s3"), type="Gateway", vpc="vpc-1", route_tables=route_tables
    )


def interface_endpoint(suffix: str, **changes: Any) -> Endpoint:
    endpoint = Endpoint(
        id=f"vpce-{suffix}",
        service=service(suffix),
        type="Interface",
        vpc="vpc-1",
        subnets=SUBNETS,
        security_groups=("sg-endpoints",),
        private_dns=True,
    )
    return replace(endpoint, **changes)


def _groups(*, open_egress: bool) -> tuple[SecurityGroup, SecurityGroup]:
    own = GroupRule(protocol="-1", group="sg-env")
    narrow = (
        own,
        GroupRule(protocol="tcp", from_port=443, to_port=443, cidr=VPC_CIDR),
        GroupRule(protocol="tcp", from_port=443, to_port=443, prefix_list=S3_PREFIX_LIST.id),
    )
    everything = (own, GroupRule(protocol="-1", cidr="0.0.0.0/0"))
    clients = GroupRule(protocol="tcp", from_port=443, to_port=443, cidr="10.100.0.0/16")
    return (
        SecurityGroup(
            id="sg-env",
            name=f"{NAME}-airflow",
            vpc="vpc-1",
            ingress=(own, clients),
            egress=everything if open_egress else narrow,
            declared_by=frozenset({"sg-env"}),
        ),
        SecurityGroup(
            id="sg-endpoints",
            name=f"{NAME}-airflow-endpoints",
            vpc="vpc-1",
            ingress=(GroupRule(protocol="tcp", from_port=443, to_port=443, group="sg-env"),),
            declared_by=frozenset({"sg-endpoints"}),
        ),
    )


def _subnet(letter: str, block: int, *, public: bool = False) -> Subnet:
    name = f"subnet-public-{letter}" if public else f"subnet-{letter}"
    return Subnet(
        id=name,
        vpc="vpc-1",
        zone=f"{REGION}{letter}",
        zone_id=f"use1-az{'abc'.index(letter) + 1}",
        cidr=f"10.192.{block}.0/24",
        free_addresses=251,
    )


def no_internet() -> Subject:
    """A VPC without any way to the internet: one S3 gateway and four interface endpoints."""
    tables = tuple(
        RouteTable(id=f"rtb-{letter}", vpc="vpc-1", subnets=(f"subnet-{letter}",), routes=(LOCAL,))
        for letter in "ab"
    )
    main = RouteTable(id="rtb-main", vpc="vpc-1", is_main=True, routes=(LOCAL,))
    acl = NetworkAcl(id="acl-1", vpc="vpc-1", is_default=True, subnets=SUBNETS, entries=OPEN_ACL)
    return Subject(
        origin="plan",
        environment=environment(),
        account=account(),
        vpcs=(
            Vpc(
                id="vpc-1",
                cidrs=(VPC_CIDR,),
                dns_support=True,
                dns_hostnames=True,
                dhcp_options="dopt-1",
                owner=ACCOUNT,
            ),
        ),
        dhcp_options=(DhcpOptions(id="dopt-1", name_servers=("AmazonProvidedDNS",)),),
        subnets=(_subnet("a", 0), _subnet("b", 1)),
        route_tables=(main, *tables),
        network_acls=(acl,),
        security_groups=_groups(open_egress=False),
        prefix_lists=(S3_PREFIX_LIST,),
        endpoints=(s3_gateway("rtb-a", "rtb-b"), *(interface_endpoint(s) for s in REQUIRED)),
        endpoint_services=tuple(
            EndpointService(service=service(suffix), zones=(*ZONES, f"{REGION}c"))
            for suffix in ("s3", *REQUIRED)
        ),
        flow_logs=(FlowLog(id="fl-1", target="vpc-1", traffic="REJECT", destination="logs"),),
        hosted_zones=(),
        bucket=bucket(),
        key=key(),
        role=role(),
        access_policies=access_policies(),
        log_groups=log_groups(),
        alarms=alarms(),
    )


def nat() -> Subject:
    """Private subnets with one NAT gateway per zone, and an S3 gateway endpoint to save cost."""
    public = RouteTable(
        id="rtb-public",
        vpc="vpc-1",
        subnets=("subnet-public-a", "subnet-public-b"),
        routes=(LOCAL, Route(destination="0.0.0.0/0", kind="internet", target="igw-1")),
    )
    private = tuple(
        RouteTable(
            id=f"rtb-{letter}",
            vpc="vpc-1",
            subnets=(f"subnet-{letter}",),
            routes=(LOCAL, Route(destination="0.0.0.0/0", kind="nat", target=f"nat-{letter}")),
        )
        for letter in "ab"
    )
    base = no_internet()
    public_subnets = (_subnet("a", 128, public=True), _subnet("b", 129, public=True))
    acls = with_acl(base, "acl-1", subnets=(*SUBNETS, *(s.id for s in public_subnets))).network_acls
    return replace(
        base,
        subnets=(*items(base.subnets), *public_subnets),
        route_tables=(items(base.route_tables)[0], public, *private),
        network_acls=acls,
        security_groups=_groups(open_egress=True),
        endpoints=(s3_gateway("rtb-a", "rtb-b"),),
        nat_gateways=tuple(
            NatGateway(id=f"nat-{letter}", subnet=f"subnet-public-{letter}") for letter in "ab"
        ),
        internet_gateways=(InternetGateway(id="igw-1", vpc="vpc-1"),),
    )


def existing_vpc() -> Subject:
    """A VPC made by others: its main table and default network ACL serve the two subnets."""
    base = no_internet()
    corporate = SecurityGroup(
        id="sg-corporate",
        name="corporate",
        vpc="vpc-1",
        egress=(GroupRule(protocol="tcp", from_port=443, to_port=443, cidr="10.0.0.0/8"),),
    )
    return replace(
        base,
        environment=replace(base.environment, security_groups=("sg-env", "sg-corporate")),
        route_tables=(RouteTable(id="rtb-main", vpc="vpc-1", is_main=True, routes=(LOCAL,)),),
        network_acls=(NetworkAcl(id="acl-1", vpc="vpc-1", is_default=True, entries=OPEN_ACL),),
        security_groups=(*items(base.security_groups), corporate),
        endpoints=(s3_gateway("rtb-main"), *(interface_endpoint(s) for s in REQUIRED)),
    )


def customer_endpoints() -> Subject:
    """A VPC without internet whose owner also makes the two endpoints to the environment."""
    base = no_internet()
    endpoints = tuple(
        interface_endpoint(
            name, id=f"vpce-{name}", service=UNKNOWN, security_groups=("sg-env",), private_dns=False
        )
        for name in ("database", "webserver")
    )
    return replace(
        base,
        environment=replace(
            base.environment,
            endpoint_management="CUSTOMER",
            database_endpoint_service=UNKNOWN,
            webserver_endpoint_service=UNKNOWN,
        ),
        endpoints=(*items(base.endpoints), *endpoints),
    )


SHAPES: Mapping[str, Callable[[], Subject]] = {
    "no-internet": no_internet,
    "nat": nat,
    "existing-vpc": existing_vpc,
    "customer-endpoints": customer_endpoints,
}
