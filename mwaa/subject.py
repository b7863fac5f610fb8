"""The platform as plain facts: what the checks judge, whoever read it.

``policy/plan.py`` fills these dataclasses from a Pulumi plan, ``day2/live.py`` from an account.
Nothing here knows Pulumi or boto3. Conventions, the same for both readers:

* ``UNKNOWN`` means the value exists or may exist but cannot be known now (a preview, or a denied
  call). ``None`` means it is known to be absent. An empty tuple means known to be none.
* Identity is a string: the real id or ARN where it is known, otherwise the resource's URN. Every
  reference between two resources uses the identity of its target.
* Policy documents are parsed JSON. Times are seconds since the epoch, sizes bytes, periods days.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias, TypeGuard, TypeVar


class Unknown(Enum):
    """The type of ``UNKNOWN``; an enum so that type checkers narrow ``value is UNKNOWN``."""

    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        raise TypeError("an unknown value is neither true nor false: compare it with UNKNOWN first")


UNKNOWN = Unknown.UNKNOWN

T = TypeVar("T")
Maybe: TypeAlias = T | Unknown
Document: TypeAlias = Mapping[str, Any]


def known(value: Maybe[T]) -> TypeGuard[T]:
    """Whether ``value`` can be judged."""
    return value is not UNKNOWN


@dataclass(frozen=True, kw_only=True)
class LogModule:
    """One of the five ``LoggingConfiguration`` modules of an environment."""

    enabled: Maybe[bool]
    level: Maybe[str | None]
    log_group_arn: Maybe[str | None] = None


@dataclass(frozen=True, kw_only=True)
class LastUpdate:
    """``Environment.LastUpdate`` of GetEnvironment; exists only on a living environment."""

    status: str
    created_at: float | None = None
    error_code: str | None = None
    error_message: str | None = None
    source: str | None = None
    worker_replacement_strategy: str | None = None


@dataclass(frozen=True, kw_only=True)
class Environment:
    """An MWAA environment. Paths are relative to the bucket; counts are as the API states them.

    ``options`` maps each Airflow configuration option to its value, or to ``UNKNOWN`` where the
    value is secret or not yet computed; no rule may print a value.
    ``logging`` is keyed ``dag_processing``, ``scheduler``, ``task``, ``webserver``, ``worker``.
    ``depends_on`` holds the identities of all resources the engine creates first (plan only;
    ``UNKNOWN`` on a living environment, where order is history).
    """

    id: str
    name: Maybe[str]
    airflow_version: Maybe[str | None]
    environment_class: Maybe[str | None]
    min_workers: Maybe[int | None] = None
    max_workers: Maybe[int | None] = None
    schedulers: Maybe[int | None] = None
    min_webservers: Maybe[int | None] = None
    max_webservers: Maybe[int | None] = None
    webserver_access_mode: Maybe[str | None] = None
    endpoint_management: Maybe[str | None] = None
    kms_key: Maybe[str | None] = None
    execution_role: Maybe[str] = UNKNOWN
    source_bucket: Maybe[str] = UNKNOWN
    dag_s3_path: Maybe[str] = UNKNOWN
    requirements_s3_path: Maybe[str | None] = None
    requirements_s3_object_version: Maybe[str | None] = None
    plugins_s3_path: Maybe[str | None] = None
    plugins_s3_object_version: Maybe[str | None] = None
    startup_script_s3_path: Maybe[str | None] = None
    startup_script_s3_object_version: Maybe[str | None] = None
    subnets: Maybe[tuple[Maybe[str], ...]] = UNKNOWN
    security_groups: Maybe[tuple[Maybe[str], ...]] = UNKNOWN
    options: Maybe[Mapping[str, Maybe[str]]] = field(default_factory=dict)
    logging: Maybe[Mapping[str, LogModule]] = field(default_factory=dict)
    weekly_maintenance_window_start: Maybe[str | None] = None
    worker_replacement_strategy: Maybe[str | None] = None
    tags: Maybe[Mapping[str, str]] = field(default_factory=dict)
    protected: Maybe[bool] = UNKNOWN
    timeouts: Maybe[Mapping[str, float]] = UNKNOWN
    depends_on: Maybe[frozenset[str]] = UNKNOWN
    status: Maybe[str | None] = None
    created_at: Maybe[float | None] = None
    last_update: Maybe[LastUpdate | None] = None
    webserver_url: Maybe[str | None] = None
    database_endpoint_service: Maybe[str | None] = None
    webserver_endpoint_service: Maybe[str | None] = None
    celery_queue: Maybe[str | None] = None


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

    ``policy`` None means the default policy, which allows everything.
    """

    id: str
    service: Maybe[str]
    type: Maybe[str]
    vpc: Maybe[str] = UNKNOWN
    subnets: Maybe[tuple[Maybe[str], ...]] = ()
    security_groups: Maybe[tuple[Maybe[str], ...]] = ()
    route_tables: Maybe[tuple[Maybe[str], ...]] = ()
    private_dns: Maybe[bool] = False
    policy: Maybe[Document | None] = None
    state: Maybe[str | None] = None
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


@dataclass(frozen=True, kw_only=True)
class PublicAccessBlock:
    """The four public-access flags of a bucket or an account."""

    block_public_acls: Maybe[bool] = False
    ignore_public_acls: Maybe[bool] = False
    block_public_policy: Maybe[bool] = False
    restrict_public_buckets: Maybe[bool] = False


@dataclass(frozen=True, kw_only=True)
class BucketEncryption:
    """Default encryption: ``algorithm`` is ``AES256``, ``aws:kms`` or ``aws:kms:dsse``."""

    algorithm: Maybe[str]
    key: Maybe[str | None] = None
    bucket_key: Maybe[bool] = False


@dataclass(frozen=True, kw_only=True)
class LifecycleRule:
    """A lifecycle rule; days are None where the rule has no such action."""

    id: Maybe[str | None]
    enabled: Maybe[bool]
    prefix: Maybe[str]
    noncurrent_days: Maybe[int | None] = None
    noncurrent_kept: Maybe[int | None] = None
    current_days: Maybe[int | None] = None


@dataclass(frozen=True, kw_only=True)
class ObjectVersion:
    """A version of an object that the environment uses or could use."""

    key: str
    version: Maybe[str | None]
    is_latest: Maybe[bool] = UNKNOWN
    size: Maybe[int] = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """The source bucket. ``versioning`` is ``Enabled``, ``Suspended`` or ``Disabled``.

    ``objects`` lists the pinned artefacts and at least one key under the DAG prefix.
    """

    id: str
    name: Maybe[str]
    region: Maybe[str] = UNKNOWN
    owner: Maybe[str] = UNKNOWN
    versioning: Maybe[str] = "Disabled"
    public_access: Maybe[PublicAccessBlock | None] = None
    encryption: Maybe[BucketEncryption | None] = None
    policy: Maybe[Document | None] = None
    ownership: Maybe[str | None] = None
    lifecycle: Maybe[tuple[LifecycleRule, ...]] = ()
    access_logs: Maybe[str | None] = None
    objects: Maybe[tuple[ObjectVersion, ...]] = ()
    protected: Maybe[bool] = UNKNOWN
    force_destroy: Maybe[bool] = UNKNOWN
    parts: frozenset[str] = frozenset()
    """Identities of the bucket's separate resources: versioning, access block, policy (plan)."""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A grant on a KMS key (live only)."""

    name: str | None
    grantee: str
    operations: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Key:
    """A KMS key. ``manager`` is ``CUSTOMER`` or ``AWS``; ``deletion_window`` is in days."""

    id: str
    arn: Maybe[str] = UNKNOWN
    state: Maybe[str] = "Enabled"
    usage: Maybe[str] = "ENCRYPT_DECRYPT"
    spec: Maybe[str] = "SYMMETRIC_DEFAULT"
    manager: Maybe[str] = "CUSTOMER"
    multi_region: Maybe[bool] = False
    rotation: Maybe[bool] = False
    deletion_window: Maybe[int | None] = UNKNOWN
    policy: Maybe[Document | None] = UNKNOWN
    bypass_lockout_check: Maybe[bool] = UNKNOWN
    grants: Maybe[tuple[Grant, ...]] = UNKNOWN
    protected: Maybe[bool] = UNKNOWN
    parts: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Policy:
    """An identity policy of a role; ``arn`` is None for an inline one.

    ``concerns`` bounds what a document that is not known can speak of, as action patterns
    (``("kms:*",)``), where a reader can tell that; ``UNKNOWN`` means anything.
    """

    id: str
    name: Maybe[str]
    document: Maybe[Document]
    arn: Maybe[str | None] = None
    concerns: Maybe[tuple[str, ...]] = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Role:
    """An IAM role with every policy that bears on it, inline and attached."""

    id: str
    name: Maybe[str]
    arn: Maybe[str] = UNKNOWN
    trust: Maybe[Document] = UNKNOWN
    policies: Maybe[tuple[Policy, ...]] = ()
    managed_policy_arns: Maybe[tuple[Maybe[str], ...]] = ()
    boundary: Maybe[Policy | None] = None
    parts: frozenset[str] = frozenset()
    exclusive: bool = False
    """Whether the plan manages policies exclusively (``inline_policies``, PolicyAttachment)."""


@dataclass(frozen=True, kw_only=True)
class LogGroup:
    """A CloudWatch log group; ``retention_days`` None means events never expire."""

    id: str
    name: Maybe[str]
    arn: Maybe[str] = UNKNOWN
    retention_days: Maybe[int | None] = None
    key: Maybe[str | None] = None
    last_event: Maybe[float | None] = UNKNOWN
    protected: Maybe[bool] = UNKNOWN
    retained: Maybe[bool] = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """A CloudWatch metric alarm."""

    id: str
    namespace: Maybe[str | None]
    metric: Maybe[str | None]
    dimensions: Maybe[Mapping[str, Maybe[str]]] = field(default_factory=dict)
    actions: Maybe[int] = 0


@dataclass(frozen=True, kw_only=True)
class Metric:
    """The newest datapoint of a CloudWatch metric in the asked window (live only)."""

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    value: float | None
    timestamp: float | None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What the account itself says one principal may do (``iam:SimulatePrincipalPolicy``)."""

    action: str
    resource: str
    allowed: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class Account:
    """Facts about the account and region in which the platform stands."""

    id: Maybe[str] = UNKNOWN
    region: Maybe[str] = UNKNOWN
    partition: Maybe[str] = UNKNOWN
    caller: Maybe[str] = UNKNOWN
    caller_rights: Maybe[tuple[Decision, ...]] = UNKNOWN
    environments: Maybe[tuple[str, ...]] = UNKNOWN
    environment_quota: Maybe[int] = UNKNOWN
    worker_quota: Maybe[int] = UNKNOWN
    has_service_linked_role: Maybe[bool] = UNKNOWN
    public_access: Maybe[PublicAccessBlock | None] = UNKNOWN
    now: Maybe[float] = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Denied:
    """Something a live reader was not allowed to see: the call and the permission it lacked."""

    call: str
    permission: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One environment, or the plan of one, with everything around it.

    ``origin`` is ``plan`` or ``live``. A collection is complete when it is a tuple; it is
    ``UNKNOWN`` when the reader could not list it. ``other_roles`` are roles of users (for rights
    to the web server). ``denied`` explains unknowns of a live reader.
    """

    origin: str
    environment: Environment
    account: Account = Account()
    vpcs: Maybe[tuple[Vpc, ...]] = ()
    dhcp_options: Maybe[tuple[DhcpOptions, ...]] = ()
    subnets: Maybe[tuple[Subnet, ...]] = ()
    route_tables: Maybe[tuple[RouteTable, ...]] = ()
    network_acls: Maybe[tuple[NetworkAcl, ...]] = ()
    security_groups: Maybe[tuple[SecurityGroup, ...]] = ()
    prefix_lists: Maybe[tuple[PrefixList, ...]] = ()
    endpoints: Maybe[tuple[Endpoint, ...]] = ()
    endpoint_services: Maybe[tuple[EndpointService, ...]] = UNKNOWN
    nat_gateways: Maybe[tuple[NatGateway, ...]] = ()
    internet_gateways: Maybe[tuple[InternetGateway, ...]] = ()
    interfaces: Maybe[tuple[NetworkInterface, ...]] = UNKNOWN
    flow_logs: Maybe[tuple[FlowLog, ...]] = ()
    hosted_zones: Maybe[tuple[HostedZone, ...]] = UNKNOWN
    bucket: Maybe[Bucket | None] = UNKNOWN
    key: Maybe[Key | None] = UNKNOWN
    role: Maybe[Role | None] = UNKNOWN
    access_policies: Maybe[tuple[Policy, ...]] = ()
    log_groups: Maybe[tuple[LogGroup, ...]] = ()
    alarms: Maybe[tuple[Alarm, ...]] = ()
    metrics: Maybe[tuple[Metric, ...]] = UNKNOWN
    denied: tuple[Denied, ...] = ()
    partial: frozenset[str] = frozenset()
    """Names of collections that may hold more than they list: a VPC made outside of the plan."""
