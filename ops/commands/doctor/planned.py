"""An environment that a stack file describes and nobody has created: what can be read of it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from mwaa.model.platform import Endpoint, Platform, Route, RouteTable, Subnet, known
from mwaa.model.unknown import UNKNOWN
from mwaa.names import partition_of
from mwaa.service.api_names import LOG_MEMBERS
from mwaa.service.endpoints import service_name
from mwaa.settings.load import Settings
from mwaa.settings.problems import SettingsError
from ops import project
from ops.errors import RefusedError
from ops.stack import of_engine, of_file, of_program


def settings(stack: str, *, initialized: bool = True) -> Settings:
    """The settings of a stack (empty: the selected one), as the program would read them.

    A stack that nobody has ``initialized`` is read from its file alone. Raises ``RefusedError``
    with every problem of the stack file.
    """
    values = of_engine(stack) if initialized else of_file(stack)
    try:
        region = values.get("aws:region", "")
        return Settings.load(of_program(values), region=region, base=project.root())
    except SettingsError as problem:
        raise RefusedError(str(problem)) from None


def described(found: Settings) -> dict[str, Any]:
    """GetEnvironment's form of what a create would say; ``UNKNOWN`` for what is not made yet."""
    key: Any = {"aws-owned": None, "existing": found.existing_key_arn}
    sizing = found.sizing
    bucket = found.existing_bucket_name
    return {
        "Name": found.environment_name,
        "AirflowVersion": found.airflow_version,
        "EnvironmentClass": found.environment_class,
        "MinWorkers": sizing.min_workers,
        "MaxWorkers": sizing.max_workers,
        "Schedulers": sizing.schedulers,
        "MinWebservers": sizing.min_webservers,
        "MaxWebservers": sizing.max_webservers,
        "WebserverAccessMode": found.webserver_access_mode,
        "EndpointManagement": found.endpoint_management,
        "KmsKey": key.get(found.encryption, UNKNOWN),
        "ExecutionRoleArn": found.existing_role_arn or UNKNOWN,
        "SourceBucketArn": f"arn:{partition_of(found.region)}:s3:::{bucket}" if bucket else UNKNOWN,
        "DagS3Path": found.dag_s3_path,
        "NetworkConfiguration": {
            "SubnetIds": found.existing_subnet_ids or UNKNOWN,
            "SecurityGroupIds": (UNKNOWN, *found.additional_security_group_ids),
        },
        "AirflowConfigurationOptions": UNKNOWN,
        "LoggingConfiguration": {
            LOG_MEMBERS[module]: {"Enabled": level is not None, "LogLevel": level or "INFO"}
            for module, level in found.log_group_levels.items()
        },
        "WeeklyMaintenanceWindowStart": found.weekly_maintenance_window_start or None,
        "Tags": dict(found.tags),
    }


def with_own_parts(platform: Platform, found: Settings) -> Platform:
    """``platform`` with what the program would add, as far as the settings alone say.

    To an existing VPC it adds endpoints, and a second one with private DNS for a service is
    refused; a new VPC has its subnets in zones where every endpoint service must be offered.
    """
    platform = replace(platform, log_groups=UNKNOWN)
    if not found.existing_vpc_id:
        return _in_new_vpc(platform, found)
    if not known(platform.endpoints) or not known(platform.vpcs):
        return platform
    own = tuple(_endpoints(found, platform.vpcs[0].id))
    return with_customer_endpoints(replace(platform, endpoints=(*platform.endpoints, *own)))


def with_customer_endpoints(platform: Platform) -> Platform:
    """``platform`` with the two endpoints that a program with CUSTOMER management makes after the
    environment: their services are known only once it exists."""
    environment = platform.environment
    waits = environment.endpoint_management == "CUSTOMER" and environment.status is None
    if not waits or not known(platform.endpoints) or not known(platform.vpcs):
        return platform
    wanted = ["database"]
    if environment.webserver_access_mode != "PUBLIC_ONLY":
        wanted.append("webserver")
    own = tuple(
        Endpoint(
            id=f"planned-{part}",
            service=UNKNOWN,
            type="Interface",
            vpc=platform.vpcs[0].id,
            subnets=environment.subnets,
            security_groups=environment.security_groups,
            private_dns=False,
            policy=None,
            state=UNKNOWN,
        )
        for part in wanted
    )
    return replace(
        platform,
        environment=replace(
            environment, database_endpoint_service=UNKNOWN, webserver_endpoint_service=UNKNOWN
        ),
        endpoints=(*platform.endpoints, *own),
    )


def _endpoints(found: Settings, vpc: str) -> Iterator[Endpoint]:
    tables = found.existing_route_table_ids
    for suffix in found.endpoint_services:
        is_gateway = suffix == "s3" and bool(tables)
        yield Endpoint(
            id=f"planned-{suffix}",
            service=service_name(suffix, found.region),
            type="Gateway" if is_gateway else "Interface",
            vpc=vpc,
            subnets=() if is_gateway else tuple(found.existing_subnet_ids),
            security_groups=() if is_gateway else UNKNOWN,
            route_tables=tuple(tables) if is_gateway else (),
            private_dns=suffix != "s3",
            policy=UNKNOWN,
            state=UNKNOWN,
        )


def _in_new_vpc(platform: Platform, found: Settings) -> Platform:
    plan = found.address_plan
    if plan is None:
        return platform
    subnets = tuple(
        Subnet(id=f"planned-{zone}", vpc="planned", zone=zone, cidr=str(block))
        for zone, block in zip(found.zones, plan.private, strict=True)
    )
    out = () if found.egress == "none" else (Route(destination="0.0.0.0/0", kind="nat"),)
    tables = tuple(
        RouteTable(
            id=f"planned-routes-{subnet.zone}",
            vpc="planned",
            subnets=(subnet.id,),
            routes=(Route(destination=found.vpc_cidr, kind="local", target="local"), *out),
        )
        for subnet in subnets
    )
    chosen = replace(platform.environment, subnets=tuple(subnet.id for subnet in subnets))
    return replace(platform, environment=chosen, subnets=subnets, route_tables=tables)
