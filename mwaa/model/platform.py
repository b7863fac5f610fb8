"""The platform as plain facts: what the rules judge, whoever read it.

``policy/plan/platform.py`` fills these dataclasses from a Pulumi plan, ``ops/live/platform.py``
from an account, ``ops/artifacts/platform.py`` from files. Nothing here knows Pulumi or boto3.
Conventions, the same for all readers:

* ``UNKNOWN`` means the value exists or may exist but cannot be known now (a preview, or a denied
  call). ``None`` means it is known to be absent. An empty tuple means known to be none.
* Identity is a string: the real id or ARN where it is known, otherwise the resource's URN. Every
  reference between two resources uses the identity of its target.
* Policy documents are parsed JSON. Times are seconds since the epoch, sizes bytes, periods days.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mwaa.model.artifacts import Fault, Trial
from mwaa.model.network import (
    AclEntry,
    DhcpOptions,
    Endpoint,
    EndpointService,
    FlowLog,
    GroupRule,
    HostedZone,
    InternetGateway,
    NatGateway,
    NetworkAcl,
    NetworkInterface,
    PrefixList,
    Route,
    RouteTable,
    SecurityGroup,
    Subnet,
    Vpc,
)
from mwaa.model.resources import (
    Account,
    Alarm,
    Bucket,
    BucketEncryption,
    Decision,
    Denied,
    Grant,
    Key,
    LifecycleRule,
    LogGroup,
    LogStream,
    Metric,
    ObjectVersion,
    Policy,
    PublicAccessBlock,
    Role,
)
from mwaa.model.unknown import UNKNOWN, Document, Maybe, Unknown, known, or_unknown

__all__ = [
    "UNKNOWN",
    "Account",
    "AclEntry",
    "Alarm",
    "Bucket",
    "BucketEncryption",
    "Decision",
    "Denied",
    "DhcpOptions",
    "Document",
    "Endpoint",
    "EndpointService",
    "Environment",
    "Fault",
    "FlowLog",
    "Grant",
    "GroupRule",
    "HostedZone",
    "InternetGateway",
    "Key",
    "LastUpdate",
    "LifecycleRule",
    "LogGroup",
    "LogModule",
    "LogStream",
    "Maybe",
    "Metric",
    "NatGateway",
    "NetworkAcl",
    "NetworkInterface",
    "ObjectVersion",
    "Platform",
    "Policy",
    "PrefixList",
    "PublicAccessBlock",
    "Role",
    "Route",
    "RouteTable",
    "SecurityGroup",
    "Subnet",
    "Trial",
    "Unknown",
    "Vpc",
    "known",
    "or_unknown",
]


@dataclass(frozen=True, kw_only=True)
class LogModule:
    """One of the five ``LoggingConfiguration`` modules of an environment."""

    enabled: Maybe[bool]
    level: Maybe[str | None]
    log_group_arn: Maybe[str | None] = None


@dataclass(frozen=True, kw_only=True)
class LastUpdate:
    """``Environment.LastUpdate`` of GetEnvironment; exists only on a running environment."""

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
    ``UNKNOWN`` on a running environment, where order is history).
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
class Platform:
    """One environment, or the plan of one, with everything around it.

    ``origin`` is ``artifacts`` (files), ``plan`` or ``live``. A collection is complete when it is a
    tuple; it is ``UNKNOWN`` when the reader could not list it. ``trial`` is what the real tools
    made of files. ``denied`` explains unknowns of a live reader.
    """

    origin: str
    environment: Environment
    account: Account = field(default_factory=Account)
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
    trial: Trial = field(default_factory=Trial)
    unread: Maybe[str | None] = None
    """How a plan declares an environment that its reader cannot read; nothing else is known then.
    ``UNKNOWN`` where it cannot even be seen whether it declares one."""
    denied: tuple[Denied, ...] = ()
    partial: frozenset[str] = frozenset()
    """Names of collections that may hold more than they list: a VPC made outside of the plan."""
