"""Reads the environment of a plan: what it asks of the service, and what stands before it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from mwaa.model.platform import UNKNOWN, Environment, LogModule, Maybe, known, or_unknown
from mwaa.service.api_names import LOG_MEMBERS, property_name
from policy.plan import access, identity, keys, network, storage
from policy.plan.resources import Plan, Resource

ENVIRONMENT = "aws:mwaa/environment:Environment"


def environment(plan: Plan, item: Resource) -> Environment:
    """The record of one environment; its order is all that the engine makes first."""
    configured = item.block("networkConfiguration")
    inside: Mapping[str, Any] = {}
    if isinstance(configured, Mapping):
        inside = configured

    def members(
        key: str, types: tuple[str, ...], count: int | None
    ) -> Maybe[tuple[Maybe[str], ...]]:
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
        created_at=_created_at(item.get("createdAt")),
        timeouts=dict(item.timeouts),
        depends_on=frozenset(_before(plan, item)),
        database_endpoint_service=item.text("databaseVpcEndpointService"),
        webserver_endpoint_service=item.text("webserverVpcEndpointService"),
    )


def _created_at(value: Any) -> Maybe[float | None]:
    """When it was created; None where this run creates it, so that nobody can know the time yet."""
    if not isinstance(value, str):
        return None
    # The provider writes Go's form, `2026-11-27 06:00:00 +0000 UTC`.
    text = value.removesuffix(" UTC").replace(" +", "+")
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return UNKNOWN


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
    seen |= {part.urn for part in plan.resources if part.whole in seen}
    for urn in seen:
        yield urn
        if resource := plan.by_urn.get(urn):
            yield resource.identity
            yield resource.arn


def _inputs(resource: Resource) -> Iterator[str]:
    for urns in resource.property_dependencies.values():
        yield from urns
