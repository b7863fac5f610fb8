"""The Apache Airflow environment itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pulumi
from pulumi_aws import mwaa as service

from components.storage import Artifact
from mwaa.names import Names
from mwaa.service.classes import Sizing
from mwaa.settings.replacement import Guards, ReplacementError, refuse, rises


@dataclass(frozen=True, kw_only=True)
class AirflowEnvironmentArgs:
    """Every choice of ``aws.mwaa.Environment``; private unless chosen otherwise.

    ``subnet_ids`` are two private subnets in two zones, ``dag_path`` a prefix in the bucket.
    """

    names: Names
    airflow_version: str
    sizing: Sizing
    role_arn: pulumi.Input[str]
    bucket_arn: pulumi.Input[str]
    dag_path: pulumi.Input[str]
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    security_group_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    environment_class: str = "mw1.small"
    """Absent: ``mw1.small``."""
    key_arn: pulumi.Input[str] | None = None
    """Customer managed key. Absent: MWAA encrypts with a key that AWS owns."""
    options: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None
    """Airflow options, section.option to value; always kept secret. Absent: MWAA's defaults."""
    requirements: Artifact | None = None
    """Absent: nothing is installed."""
    plugins: Artifact | None = None
    """Absent: no plugins."""
    startup_script: Artifact | None = None
    """Absent: none runs."""
    log_levels: Mapping[str, str | None] = field(default_factory=dict)
    """Level per logging module, None switches it off. Absent: all five log at INFO."""
    webserver_access_mode: str = "PRIVATE_ONLY"
    """Absent: the web server is reached only from the VPC."""
    endpoint_management: Literal["SERVICE", "CUSTOMER"] = "SERVICE"
    """Absent: MWAA makes the database and web server endpoints."""
    maintenance_window: str | None = None
    """Weekly start in UTC, ``SUN:03:30``. Absent: AWS chooses."""
    worker_replacement_strategy: Literal["GRACEFUL", "FORCED"] | None = None
    """Give it only when this run updates something else too, see ``mwaa.settings.fingerprint``.
    Absent: the provider sends none."""
    prerequisites: Sequence[pulumi.Resource] = ()
    """What MWAA validates without being asked: policies, routes, endpoints, log groups, objects.
    Absent: only what the inputs name is made first, and the create may fail hours later."""
    create_timeout_minutes: int = 240
    """Absent: four hours."""
    update_timeout_minutes: int = 840
    """Absent: 14 hours, because GRACEFUL waits up to 12 of them."""
    delete_timeout_minutes: int = 120
    """Absent: two hours."""
    protect: bool = True
    """Whether the engine refuses to delete or replace it. Absent: it refuses."""
    force_destroy: bool = False
    """The second key: without it the environment stays protected. Absent: it does."""
    guards: Guards | None = None
    """The choices that can never change. Absent: only ``protect`` stands before a replacement."""
    previous: Mapping[str, Any] | pulumi.Output[Mapping[str, Any]] | None = None
    """``Guards.export()`` as last deployed. Absent: a first deployment, nothing to compare."""
    running_version: str | None = None
    """The Airflow version that the running environment runs. Absent: it was not asked."""
    allow_replacement: bool = False
    """Whether a change may replace the environment. Absent: it is refused."""
    adopt: bool = False
    """Whether an environment of this name is taken over as it is; what can be updated is left
    alone until a later run without it. Absent: it is created."""
    hooks: pulumi.ResourceHookBinding | None = None
    """Hooks around create and update. Absent: none."""
    tags: dict[str, str] = field(default_factory=dict)
    """Absent: no tags."""


class AirflowEnvironment(pulumi.ComponentResource):
    """One environment. With CUSTOMER endpoints it is PENDING when its create returns.

    Raises ``pulumi.RunError`` before the environment is registered when a guarded choice differs
    from ``previous``; in a preview, and also in an update that skipped it.
    """

    environment_name: pulumi.Output[str]
    arn: pulumi.Output[str]
    status: pulumi.Output[str]
    airflow_version: pulumi.Output[str]
    webserver_url: pulumi.Output[str]
    database_endpoint_service: pulumi.Output[str]
    webserver_endpoint_service: pulumi.Output[str]

    def __init__(
        self, name: str, args: AirflowEnvironmentArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        allowed_name = _refuse_replacement(args)
        super().__init__("mwaa:components:AirflowEnvironment", name, None, opts)
        sizing, artifacts = args.sizing, _artifacts(args)
        environment = service.Environment(
            f"{name}-environment",
            name=allowed_name,
            airflow_version=args.airflow_version,
            environment_class=args.environment_class,
            min_workers=sizing.min_workers,
            max_workers=sizing.max_workers,
            schedulers=sizing.schedulers,
            min_webservers=sizing.min_webservers,
            max_webservers=sizing.max_webservers,
            execution_role_arn=args.role_arn,
            kms_key=args.key_arn,
            source_bucket_arn=args.bucket_arn,
            dag_s3_path=args.dag_path,
            **artifacts,
            network_configuration=service.EnvironmentNetworkConfigurationArgs(
                subnet_ids=args.subnet_ids, security_group_ids=args.security_group_ids
            ),
            airflow_configuration_options=(
                None if args.options is None else pulumi.Output.secret(args.options)
            ),
            logging_configuration=_logging(args.log_levels),
            webserver_access_mode=args.webserver_access_mode,
            endpoint_management=args.endpoint_management,
            weekly_maintenance_window_start=args.maintenance_window,
            worker_replacement_strategy=args.worker_replacement_strategy,
            tags=args.tags,
            opts=pulumi.ResourceOptions(
                parent=self,
                # Adopting with a wrong key or subnet would plan a replacement: never of this one.
                protect=args.protect or args.adopt or not args.force_destroy,
                depends_on=list(args.prerequisites),
                custom_timeouts=pulumi.CustomTimeouts(
                    create=f"{args.create_timeout_minutes}m",
                    update=f"{args.update_timeout_minutes}m",
                    delete=f"{args.delete_timeout_minutes}m",
                ),
                hooks=args.hooks,
                import_=args.names.environment if args.adopt else None,
                ignore_changes=_ignored(args, artifacts),
            ),
        )
        self.resource: pulumi.Resource = environment
        self.environment_name, self.arn = environment.name, environment.arn
        self.status = environment.status
        self.airflow_version = environment.airflow_version
        self.webserver_url = environment.webserver_url.apply(_with_scheme)
        # MWAA names no web server endpoint for a public web server.
        self.database_endpoint_service = environment.database_vpc_endpoint_service
        self.webserver_endpoint_service = environment.webserver_vpc_endpoint_service.apply(
            lambda found: found or ""
        )
        self.register_outputs({"arn": self.arn, "webserverUrl": self.webserver_url})


# The engine imports only what equals its inputs. What UpdateEnvironment can change is set aside
# while an environment is adopted; what it cannot (name, subnets, key, endpoint management) must be
# right, or the import is refused.
_UPDATABLE = [
    "airflowConfigurationOptions",
    "airflowVersion",
    "dagS3Path",
    "environmentClass",
    "executionRoleArn",
    "loggingConfiguration",
    "maxWebservers",
    "maxWorkers",
    "minWebservers",
    "minWorkers",
    "networkConfiguration.securityGroupIds",
    "pluginsS3ObjectVersion",
    "pluginsS3Path",
    "requirementsS3ObjectVersion",
    "requirementsS3Path",
    "schedulers",
    "sourceBucketArn",
    "startupScriptS3ObjectVersion",
    "startupScriptS3Path",
    "tags",
    "tagsAll",
    "webserverAccessMode",
    "weeklyMaintenanceWindowStart",
    "workerReplacementStrategy",
]


def _refuse_replacement(args: AirflowEnvironmentArgs) -> pulumi.Input[str]:
    """The environment's name, withheld while ``previous`` has not been found compatible."""
    guards = args.guards
    if guards is None or args.previous is None:
        return args.names.environment

    def judged(previous: Mapping[str, Any]) -> str:
        try:
            refuse(
                previous,
                guards,
                allowed=args.allow_replacement,
                running=args.running_version,
            )
        except ReplacementError as error:
            # A RunError ends the program with its message alone, without a traceback.
            raise pulumi.RunError(str(error)) from None
        return args.names.environment

    if isinstance(args.previous, Mapping):
        return judged(args.previous)
    return args.previous.apply(judged)


def _artifacts(args: AirflowEnvironmentArgs) -> dict[str, pulumi.Input[str]]:
    """Path and version of each artifact; without a new version MWAA goes on using the old file."""
    given = {
        "requirements": args.requirements,
        "plugins": args.plugins,
        "startup_script": args.startup_script,
    }
    inputs: dict[str, pulumi.Input[str]] = {}
    for kind, artifact in given.items():
        if artifact is not None:
            inputs[f"{kind}_s3_path"] = artifact.key
            inputs[f"{kind}_s3_object_version"] = artifact.version
    return inputs


def _ignored(args: AirflowEnvironmentArgs, artifacts: Mapping[str, Any]) -> list[str]:
    if args.adopt:
        return _UPDATABLE
    upgraded = (
        args.running_version == args.airflow_version
        and isinstance(args.previous, Mapping)
        and rises(args.previous, args.airflow_version)
    )
    # Upgraded outside of the program: a state that was not refreshed yet still has the old major
    # version, and the provider would replace the environment to reach the one that it runs.
    return [*_absent_artifacts(artifacts), *(["airflowVersion"] if upgraded else [])]


def _absent_artifacts(artifacts: Mapping[str, Any]) -> list[str]:
    # What others gave the environment stays: MWAA refuses to take a file away, see
    # mwaa.service.artifacts.
    kinds = {
        "requirements": "requirements",
        "plugins": "plugins",
        "startup_script": "startupScript",
    }
    return [
        f"{kind}S3{part}"
        for name, kind in kinds.items()
        if f"{name}_s3_path" not in artifacts
        for part in ("Path", "ObjectVersion")
    ]


def _logging(
    levels: Mapping[str, str | None],
) -> "service.EnvironmentLoggingConfigurationArgsDict":
    # The five modules have types of their own but one shape.
    def module(log: str) -> service.EnvironmentLoggingConfigurationTaskLogsArgsDict:
        level = levels.get(log, "INFO")
        # The API wants a level also of a log that is off.
        return {"enabled": level is not None, "log_level": level or "INFO"}

    return {
        "dag_processing_logs": module("dag_processing"),
        "scheduler_logs": module("scheduler"),
        "task_logs": module("task"),
        "webserver_logs": module("webserver"),
        "worker_logs": module("worker"),
    }


def _with_scheme(url: str | None) -> str:
    # The API's model promises a scheme, GetEnvironment has been seen to answer without one.
    if not url or url.startswith("https://"):
        return url or ""
    return f"https://{url}"
