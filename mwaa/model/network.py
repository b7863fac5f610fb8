"""The network part of the model: VPC, subnets, routes, ACLs, groups, endpoints, gateways.

Conventions are those of ``mwaa.model.platform``, which is where other rooms import these from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mwaa.model.unknown import UNKNOWN, Document, Maybe


@dataclass(frozen=True, kw_only=True)
class Vpc:
    """A customer VPC. ``dhcp_options`` None is the region's default set: Amazon's resolver."""

    id: str
    cidrs: Maybe[tuple[Maybe[str], ...]] = UNKNOWN
    dns_support: Maybe[bool] = UNKNOWN
    dns_hostnames: Maybe[bool] = UNKNOWN
    dhcp_options: Maybe[str | None] = UNKNOWN
    owner: Maybe[str] = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class DhcpOptions:
    """A DHCP option set; ``name_servers`` is empty when it sets none."""

    id: str
    name_servers: Maybe[tuple[str, ...]] = ()


@dataclass(frozen=True, kw_only=True)
class Subnet:
    """A subnet. ``zone_id`` compares across accounts; ``zone`` is the account's own name."""

    id: str
    vpc: Maybe[str] = UNKNOWN
    zone: Maybe[str] = UNKNOWN
    zone_id: Maybe[str] = UNKNOWN
    cidr: Maybe[str | None] = UNKNOWN
    public_ip_on_launch: Maybe[bool] = False
    ipv6_on_launch: Maybe[bool] = False
    free_addresses: Maybe[int] = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Route:
    """One route. ``destination`` is a CIDR block or a prefix list; ``kind`` names the target type.

    ``kind`` is one of ``local``, ``internet``, ``egress-only-internet``, ``nat``, ``transit``,
    ``peering``, ``endpoint``, ``virtual-private``, ``interface``, ``carrier``, ``other``.
    """

    destination: Maybe[str]
    kind: Maybe[str]
    target: Maybe[str | None] = None
    blackhole: Maybe[bool] = False


@dataclass(frozen=True, kw_only=True)
class RouteTable:
    """A route table with its explicit associations. ``is_main`` also serves unassociated subnets.

    ``routes`` leaves out nothing: the implicit local routes are listed too.
    """

    id: str
    vpc: Maybe[str] = UNKNOWN
    is_main: Maybe[bool] = False
    subnets: Maybe[tuple[Maybe[str], ...]] = ()
    routes: Maybe[tuple[Route, ...]] = ()


@dataclass(frozen=True, kw_only=True)
class AclEntry:
    """A network ACL rule. ``protocol`` is ``-1``, or a number as a string (``6`` is TCP)."""

    number: Maybe[int]
    egress: Maybe[bool]
    protocol: Maybe[str]
    allow: Maybe[bool]
    cidr: Maybe[str]
    from_port: Maybe[int | None] = None
    to_port: Maybe[int | None] = None


@dataclass(frozen=True, kw_only=True)
class NetworkAcl:
    """A network ACL and the subnets it guards; ``is_default`` also guards unassociated subnets."""

    id: str
    vpc: Maybe[str] = UNKNOWN
    is_default: Maybe[bool] = False
    subnets: Maybe[tuple[Maybe[str], ...]] = ()
    entries: Maybe[tuple[AclEntry, ...]] = ()


@dataclass(frozen=True, kw_only=True)
class GroupRule:
    """One peer of a security-group rule: exactly one of cidr, group, prefix_list is not None.

    ``protocol`` is ``-1`` or a lower-case name (``tcp``); ports are None for all.
    """

    protocol: Maybe[str]
    from_port: Maybe[int | None] = None
    to_port: Maybe[int | None] = None
    cidr: Maybe[str | None] = None
    group: Maybe[str | None] = None
    prefix_list: Maybe[str | None] = None


@dataclass(frozen=True, kw_only=True)
class SecurityGroup:
    """A security group with all its rules, whichever resources declare them (``declared_by``)."""

    id: str
    name: Maybe[str | None] = None
    vpc: Maybe[str] = UNKNOWN
    ingress: Maybe[tuple[GroupRule, ...]] = ()
    egress: Maybe[tuple[GroupRule, ...]] = ()
    declared_by: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class PrefixList:
    """A managed prefix list, for example the S3 one of a region."""

    id: str
    name: Maybe[str] = UNKNOWN
    cidrs: Maybe[tuple[str, ...]] = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A VPC endpoint. ``type`` is ``Gateway``, ``Interface`` or ``GatewayLoadBalancer``.

    ``policy`` None means the default policy, which allows everything. ``owner`` is the account that
    made it. ``last_error`` is what EC2 says of an endpoint that failed (live only).
    """

    id: str
    service: Maybe[str]
    type: Maybe[str]
    vpc: Maybe[str] = UNKNOWN
    owner: Maybe[str] = UNKNOWN
    subnets: Maybe[tuple[Maybe[str], ...]] = ()
    security_groups: Maybe[tuple[Maybe[str], ...]] = ()
    route_tables: Maybe[tuple[Maybe[str], ...]] = ()
    private_dns: Maybe[bool] = False
    policy: Maybe[Document | None] = None
    state: Maybe[str | None] = None
    last_error: Maybe[str | None] = None
    tags: Maybe[Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class EndpointService:
    """What a region offers: the zones in which an endpoint service can be reached."""

    service: str
    zones: Maybe[tuple[str, ...]] = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class NatGateway:
    """A NAT gateway in a subnet; ``is_public`` is false for private connectivity."""

    id: str
    subnet: Maybe[str]
    is_public: Maybe[bool] = True
    state: Maybe[str | None] = None


@dataclass(frozen=True, kw_only=True)
class InternetGateway:
    """An internet gateway and the VPC it is attached to."""

    id: str
    vpc: Maybe[str | None] = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class NetworkInterface:
    """A network interface in one of the environment's subnets (live only)."""

    id: str
    subnet: str
    security_groups: tuple[str, ...]
    status: str
    address: str
    requester: str | None = None


@dataclass(frozen=True, kw_only=True)
class FlowLog:
    """A flow log on a VPC, a subnet or an interface (``target``)."""

    id: str
    target: Maybe[str]
    traffic: Maybe[str]
    destination: Maybe[str | None] = None


@dataclass(frozen=True, kw_only=True)
class HostedZone:
    """A private Route 53 hosted zone, its VPCs and the names of its records."""

    id: str
    name: Maybe[str]
    vpcs: Maybe[tuple[str, ...]] = ()
    records: Maybe[tuple[str, ...]] = ()
