"""Reads a Pulumi plan as platforms: one per MWAA environment, whoever wrote the program."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mwaa.model.platform import (
    UNKNOWN,
    Account,
    Alarm,
    Environment,
    HostedZone,
    LogGroup,
    LogModule,
    Maybe,
    Platform,
    known,
    or_unknown,
)
from mwaa.service.api_names import LOG_MEMBERS, property_name
from policy.plan import access, identity, keys, network, storage
from policy.plan.resources import Plan, Resource

ENVIRONMENT = "aws:mwaa/environment:Environment"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
ZONE = "aws:route53/zone:Zone"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One environment of the plan; ``urns`` leads from an identity back to its resource."""

    platform: Platform
    urn: str
    urns: Mapping[str, str]


def read(resources: Iterable[Resource], *, now: Maybe[float] = UNKNOWN) -> tuple[Reading, ...]:
    """Every MWAA environment of the plan with all that stands around it.

    ``now`` is the time of the judgement in seconds since the epoch, for rules about ages.
    """
    plan = Plan(resources)
    # A component may repeat the ids of its children as outputs: they name the children.
    own = [r for r in plan.resources if r.type.startswith("aws:")]
    urns = {name: r.urn for r in own for name in (r.urn, r.identity, r.arn)}
    return tuple(
        Reading(platform=_subject(plan, item, now), urn=item.urn, urns=urns)
        for item in plan.of(ENVIRONMENT)
    )


def _subject(plan: Plan, item: Resource, now: Maybe[float]) -> Platform:
    environment = _environment(plan, item)
    account = _account(plan, item, now)
    subnets = network.subnets(plan)
    chosen, worn = _known(environment.subnets), _known(environment.security_groups)
    ours = {s.vpc for s in subnets if s.id in chosen and known(s.vpc)}
    managed = bool(ours) and all(
        any(vpc.identity == own for vpc in plan.of(*network.VPCS)) for own in ours
    )

    def within(facts: Iterable[Any]) -> Any:
        """The facts of the environment's VPC; all of them where it is not known which it is."""
        return tuple(f for f in facts if not ours or f.vpc in ours or f.vpc is UNKNOWN)

    def complete(facts: Any) -> Any:
        """A VPC outside of the plan may hold more than the plan declares."""
        return facts if managed else UNKNOWN

    groups = access.security_groups(plan)
    name = environment.name
    prefix = f"airflow-{name}-" if isinstance(name, str) else ""
    return Platform(
        origin="plan",
        environment=environment,
        account=account,
        vpcs=complete(tuple(v for v in network.vpcs(plan, item, account.id) if v.id in ours)),
        dhcp_options=complete(network.dhcp_options(plan)),
        subnets=complete(within(subnets)) if ours else UNKNOWN,
        route_tables=complete(within(network.route_tables(plan))),
        network_acls=complete(within(network.network_acls(plan))),
        # That the environment's groups are of its VPC is a rule, and no fact.
        security_groups=tuple(g for g in groups if g.id in worn or within((g,))),
        prefix_lists=access.prefix_lists(plan),
        endpoints=within(access.endpoints(plan)),
        nat_gateways=complete(network.nat_gateways(plan)),
        internet_gateways=complete(within(network.internet_gateways(plan))),
        flow_logs=complete(network.flow_logs(plan)),
        hosted_zones=complete(_zones(plan)),
        bucket=storage.bucket(plan, item),
        key=keys.key(plan, item, account.id, account.partition),
        role=identity.role(plan, item),
        access_policies=identity.access_policies(plan, item),
        log_groups=tuple(_log_groups(plan, prefix)),
        alarms=tuple(_alarms(plan)),
        partial=frozenset() if managed else frozenset({"endpoints", "security_groups"}),
    )


def _known(values: Maybe[tuple[Maybe[str], ...]]) -> tuple[Maybe[str], ...]:
    return values if known(values) else ()


def _environment(plan: Plan, item: Resource) -> Environment:
    configured = item.block("networkConfiguration")
    inside: Mapping[str, Any] = {}
    if isinstance(configured, Mapping):
        inside = configured

    def members(key: str, types: tuple[str, ...], count: int | None) -> Any:
        if not known(configured):
            value: Any = UNKNOWN
        else:
            value = inside.get(key)
        if value is None:
            return ()
        return plan.refer_all(item, "networkConfiguration", *types, values=value, count=count)

    def text(key: str) -> Maybe[str | None]:
        # What the program leaves to the service is absent, though the provider will compute it.
        return item.text(key) if item.declares(key) else None

    def number(key: str) -> Maybe[int | None]:
        return item.number(key) if item.declares(key) else None

    role = identity.find_role(plan, item)
    role_arn = item.text("executionRoleArn")
    bucket_arn = item.text("sourceBucketArn")
    name, dags = item.text("name"), item.text("dagS3Path")
    if not known(role_arn) and role is not None:
        role_arn = role.arn
    if not known(bucket_arn):
        bucket_arn = plan.refer(item, "sourceBucketArn", *storage.BUCKETS)
    return Environment(
        id=item.arn,
        name=or_unknown(name),
        airflow_version=text("airflowVersion"),
        environment_class=text("environmentClass"),
        min_workers=number("minWorkers"),
        max_workers=number("maxWorkers"),
        schedulers=number("schedulers"),
        min_webservers=number("minWebservers"),
        max_webservers=number("maxWebservers"),
        webserver_access_mode=text("webserverAccessMode"),
        endpoint_management=text("endpointManagement"),
        kms_key=keys.key_of_environment(plan, item) if item.declares("kmsKey") else None,
        execution_role=or_unknown(role_arn),
        source_bucket=or_unknown(bucket_arn),
        dag_s3_path=or_unknown(dags),
        requirements_s3_path=text("requirementsS3Path"),
        requirements_s3_object_version=text("requirementsS3ObjectVersion"),
        plugins_s3_path=text("pluginsS3Path"),
        plugins_s3_object_version=text("pluginsS3ObjectVersion"),
        startup_script_s3_path=text("startupScriptS3Path"),
        startup_script_s3_object_version=text("startupScriptS3ObjectVersion"),
        subnets=members("subnetIds", network.SUBNETS, 2),
        security_groups=members("securityGroupIds", access.GROUPS, None),
        options=_options(item),
        logging=_logging(item),
        weekly_maintenance_window_start=text("weeklyMaintenanceWindowStart"),
        worker_replacement_strategy=text("workerReplacementStrategy"),
        tags=_tags(item),
        protected=item.protect,
        timeouts=dict(item.timeouts),
        depends_on=frozenset(_before(plan, item)),
        database_endpoint_service=item.text("databaseVpcEndpointService"),
        webserver_endpoint_service=item.text("webserverVpcEndpointService"),
    )


def _options(item: Resource) -> Maybe[Mapping[str, Maybe[str]]]:
    """The options; a value that the program itself marked as secret is not looked at.

    The provider marks the map as a whole, which says nothing about any one value.
    """
    field = "airflowConfigurationOptions"
    options = item.get(field)
    if not known(options):
        return UNKNOWN if item.declares(field) else {}
    return {
        key: UNKNOWN if not known(value) or f"{field}.{key}" in item.secret else str(value)
        for key, value in (options or {}).items()
    }


def _logging(item: Resource) -> Maybe[Mapping[str, LogModule]]:
    configuration = item.block("loggingConfiguration")
    if not known(configuration):
        if item.declares("loggingConfiguration"):
            return UNKNOWN
        configuration = {}
    modules = {}
    for module, member in LOG_MEMBERS.items():
        block = (configuration or {}).get(property_name(member))
        if isinstance(block, list):
            block = block[0] if block else None
        if not known(block):
            modules[module] = LogModule(enabled=UNKNOWN, level=UNKNOWN, log_group_arn=UNKNOWN)
            continue
        block = block or {}
        enabled = block.get("enabled", False)
        modules[module] = LogModule(
            enabled=bool(enabled) if known(enabled) else enabled,
            level=block.get("logLevel"),
            log_group_arn=block.get("cloudWatchLogGroupArn"),
        )
    return modules


def _tags(item: Resource) -> Maybe[Mapping[str, str]]:
    tags = item.get("tags")
    if not known(tags):
        return UNKNOWN if item.declares("tags") else {}
    return UNKNOWN if tags and UNKNOWN in tags.values() else dict(tags or {})


def _before(plan: Plan, item: Resource) -> Iterator[str]:
    """Everything that the engine makes before ``item``, by URN and by every known name."""
    seen: set[str] = set()
    waiting = [item.urn]
    while waiting:
        resource = plan.by_urn.get(waiting.pop())
        if resource is None:
            continue
        for urn in (*resource.dependencies, *_inputs(resource)):
            if urn not in seen:
                seen.add(urn)
                waiting.append(urn)
    for urn in seen:
        yield urn
        if resource := plan.by_urn.get(urn):
            yield resource.identity
            yield resource.arn


def _inputs(resource: Resource) -> Iterator[str]:
    for urns in resource.property_dependencies.values():
        yield from urns


def _account(plan: Plan, item: Resource, now: Maybe[float]) -> Account:
    """What ARNs and the provider's settings say about the account, before any call is made."""
    region = item.text("region") or item.provider.get("region")
    fields: list[str] = []
    for holder in (item, *plan.resources):
        for key in ("executionRoleArn", "arn", "sourceBucketArn"):
            value = holder.props.get(key)
            if isinstance(value, str) and value.startswith("arn:") and not fields:
                candidate = value.split(":")
                fields = candidate if len(candidate) > 5 and candidate[4].isdigit() else []
    return Account(
        id=fields[4] if fields else UNKNOWN,
        partition=fields[1] if fields else UNKNOWN,
        region=region if isinstance(region, str) else UNKNOWN,
        now=now,
    )


def _log_groups(plan: Plan, prefix: str) -> Iterator[LogGroup]:
    for item in plan.of(LOG_GROUP):
        name, arn = item.text("name"), item.text("arn")
        if isinstance(name, str) and not name.startswith(prefix):
            continue
        days = item.number("retentionInDays")
        yield LogGroup(
            id=item.identity,
            name=or_unknown(name),
            arn=or_unknown(arn),
            retention_days=days if not known(days) or days else None,
            key=keys.key_reference(plan, item, "kmsKeyId", item.get("kmsKeyId")),
            protected=item.protect,
            retained=item.flag("skipDestroy"),
        )


def _alarms(plan: Plan) -> Iterator[Alarm]:
    for item in plan.of(ALARM):
        actions = item.get("alarmActions")
        count = len(actions or ()) if known(actions) else UNKNOWN
        queries = item.blocks("metricQueries")
        measured: list[Mapping[str, Any]] = [item.props]
        if known(queries) and queries:
            measured = [q["metric"] for q in queries if isinstance(q.get("metric"), Mapping)]
        for metric in measured:
            dimensions = metric.get("dimensions")
            yield Alarm(
                id=item.arn,
                namespace=metric.get("namespace"),
                metric=metric.get("metricName"),
                dimensions=dict(dimensions or {}) if known(dimensions) else UNKNOWN,
                actions=count,
            )


def _zones(plan: Plan) -> tuple[HostedZone, ...]:
    found = []
    for item in plan.of(ZONE):
        name = item.text("name")
        vpcs = item.blocks("vpcs")
        if not known(vpcs) or not vpcs:
            continue
        members = plan.refer_all(
            item, "vpcs", *network.VPCS, values=[block.get("vpcId") for block in vpcs]
        )
        records = [
            record.text("name")
            for record in plan.of("aws:route53/record:Record")
            if plan.target(record, "zoneId", ZONE) is item
        ]
        found.append(
            HostedZone(
                id=item.identity,
                name=or_unknown(name),
                vpcs=UNKNOWN
                if not known(members) or UNKNOWN in members
                else tuple(m for m in members if isinstance(m, str)),
                records=UNKNOWN
                if UNKNOWN in records
                else tuple(r for r in records if isinstance(r, str)),
            )
        )
    return tuple(found)
