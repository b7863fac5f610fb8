"""The whole platform: the settings of a stack mapped onto the arguments of every component."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pulumi
import pulumi_aws as aws
from pulumi import dynamic

from components import logs, stack
from components.access import AirflowAccess, AirflowAccessArgs
from components.airflow_objects import AirflowObjects, objects_of
from components.customer_endpoints import CustomerEndpoints, CustomerEndpointsArgs
from components.encryption import EnvironmentKey, EnvironmentKeyArgs
from components.endpoints import PrivateEndpoints, PrivateEndpointsArgs
from components.environment import AirflowEnvironment, AirflowEnvironmentArgs
from components.identity import ExecutionRole, ExecutionRoleArgs
from components.logs import LogGroups, LogGroupsArgs
from components.monitoring import Monitoring, MonitoringArgs
from components.network import Network, NetworkArgs
from components.outputs import parameter_values, stack_outputs
from components.parameters import StackParameters, StackParametersArgs
from components.storage import SourceBucket, SourceBucketArgs
from mwaa.settings.fingerprint import fingerprint
from mwaa.settings.load import Settings
from mwaa.settings.replacement import guards_of, rises


@dataclass(frozen=True, kw_only=True)
class PlatformArgs:
    """The settings of one environment, and what its stack knows of the past."""

    settings: Settings
    account: str | None = None
    """AWS account id. Absent: the provider's credentials say."""
    previous: Mapping[str, Any] | None = None
    """The output ``replacementGuards`` as last deployed. Absent: nothing to compare."""
    deployed: str | None = None
    """The output ``environmentFingerprint`` as last deployed. Absent: no update to make."""
    deployed_artifacts: Collection[str] = ()
    """The kinds of artifacts that the environment was given. Absent: none yet."""
    running_version: str | None = None
    """The Airflow version that the running environment runs. Absent: it was not asked."""
    hooks: pulumi.ResourceHookBinding | None = None
    """Hooks around the environment's create and update. Absent: none."""
    endpoint_hooks: pulumi.ResourceHookBinding | None = None
    """Hooks of the last customer endpoint, after which the environment finishes. Absent: none."""
    airflow_provider: dynamic.ResourceProvider | None = None
    """Speaks to Airflow: ``ops.airflow.provider``. Absent: airflowObjects are refused."""


class Platform(pulumi.ComponentResource):
    """Everything one environment needs. ``outputs`` are those that ``mwaa.settings.outputs``
    documents.

    Raises ``pulumi.RunError`` before any resource is registered when the settings would replace the
    environment that the stack has.
    """

    outputs: dict[str, pulumi.Input[Any]]

    def __init__(
        self, name: str, args: PlatformArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        settings = args.settings
        guards = guards_of(settings)
        # Here and not only in AirflowEnvironment: a new name would also replace bucket, role and
        # log groups, which are registered long before it.
        stack.refuse_changes(settings, args.previous, args.running_version)
        super().__init__("mwaa:components:Platform", name, None, opts)
        self._name, self._args, self._settings, self._guards = name, args, settings, guards
        self._fingerprint = fingerprint(settings)
        self._child = pulumi.ResourceOptions(parent=self)
        self._invoke = pulumi.InvokeOptions(parent=self)
        account = args.account or stack.account(self._invoke, expected=settings.expected_account)
        self._names = settings.names(account)
        self._tags = dict(settings.tags)
        self._data = {"protect": settings.protect, "force_destroy": settings.force_destroy}
        self._owner = self._vpc_owner()
        self.key = self._key()
        self.network = self._network()
        self.endpoints = self._endpoints()
        self.bucket = self._bucket()
        self.role = self._role()
        self.logs = self._logs()
        self.environment = self._environment()
        self.customer_endpoints = self._customer_endpoints()
        self.objects = self._objects()
        self.access = self._access()
        self.monitoring = self._monitoring()
        self.outputs = stack_outputs(
            settings,
            account=account,
            fingerprint=self._fingerprint,
            guards=guards,
            key=self.key,
            network=self.network,
            endpoints=self.endpoints,
            bucket=self.bucket,
            role=self.role,
            logs=self.logs,
            environment=self.environment,
            customer_endpoints=self.customer_endpoints,
            access=self.access,
            monitoring=self.monitoring,
        )
        self.parameters = self._parameters()
        self.register_outputs({"environmentArn": self.environment.arn})

    def _vpc_owner(self) -> pulumi.ProviderResource | None:
        """The provider that makes endpoints in a VPC of another account; None in one of ours."""
        role = self._settings.endpoint_owner_role_arn
        if not role:
            return None
        return aws.Provider(
            f"{self._name}-vpc-owner",
            stack.provider_as(role, region=self._settings.region),
            opts=self._child,
        )

    def _key(self) -> EnvironmentKey:
        settings = self._settings
        return EnvironmentKey(
            f"{self._name}-encryption",
            EnvironmentKeyArgs(
                names=self._names,
                existing_key_arn=settings.existing_key_arn or None,
                aws_owned=settings.encryption == "aws-owned",
                rotation_days=settings.key_rotation_days,
                deletion_window_days=settings.key_deletion_window_days,
                alarm_topic=settings.alarms and not settings.existing_alarm_topic_arn,
                **self._data,
                tags=self._tags,
            ),
            self._child,
        )

    def _network(self) -> Network:
        settings, exists = self._settings, bool(self._settings.existing_vpc_id)
        return Network(
            f"{self._name}-network",
            NetworkArgs(
                names=self._names,
                egress=settings.egress,
                vpc_cidr=None if exists else settings.vpc_cidr,
                availability_zones=settings.zones,
                existing_vpc_id=settings.existing_vpc_id or None,
                existing_subnet_ids=settings.existing_subnet_ids,
                existing_route_table_ids=settings.existing_route_table_ids,
                existing_vpc_cidr=settings.existing_vpc_cidr or None,
                look_up_storage=not settings.makes_s3_gateway,
                foreign_database_endpoint=settings.customer_endpoints == "wait",
                additional_security_group_ids=settings.additional_security_group_ids,
                client_cidrs=settings.webserver_client_cidrs,
                client_security_group_ids=settings.webserver_client_security_group_ids,
                flow_logs=settings.flow_logs,
                log_retention_days=settings.log_retention_days,
                # An existing key's policy knows nothing of flow logs.
                key_arn=self.key.key_arn if settings.makes_key else None,
                tags=self._tags,
            ),
            self._child,
        )

    def _endpoints(self) -> PrivateEndpoints:
        settings = self._settings
        tables = self.network.route_table_ids if settings.knows_route_tables else None
        return PrivateEndpoints(
            f"{self._name}-endpoints",
            PrivateEndpointsArgs(
                names=self._names,
                services=settings.endpoint_services,
                vpc_id=self.network.vpc_id,
                subnet_ids=self.network.subnet_ids,
                environment_group_id=self.network.security_group_id,
                route_table_ids=tables,
                open_gateway_egress=settings.egress == "none",
                # Private DNS leads every host of a VPC to these endpoints.
                client_cidr=settings.endpoint_client_cidr or None,
                key_arn=self.key.key_arn,
                other_buckets=settings.endpoint_bucket_names,
                write_prefixes=settings.write_prefixes,
                neighbors=settings.neighbors(self._names.account),
                open_policies=settings.endpoint_policies == "open",
                owner=self._owner,
                tags=self._tags,
            ),
            # Endpoints that come after the routes never see a subnet without them.
            self._child,
        )

    def _bucket(self) -> SourceBucket:
        settings = self._settings
        return SourceBucket(
            f"{self._name}-source",
            SourceBucketArgs(
                names=self._names,
                dag_path=settings.dag_s3_path.strip("/"),
                existing_bucket_name=settings.existing_bucket_name or None,
                key_arn=self.key.key_arn,
                requirements_file=settings.file("requirements_file"),
                plugins_file=settings.file("plugins_file"),
                startup_script_file=settings.file("startup_script_file"),
                deployed_artifacts=self._args.deployed_artifacts,
                noncurrent_version_days=settings.noncurrent_version_days,
                access_logs_bucket=settings.access_logs_bucket_name or None,
                **self._data,
                tags=self._tags,
            ),
            self._child,
        )

    def _role(self) -> ExecutionRole:
        settings = self._settings
        has_secrets = settings.secrets_backend == "secrets-manager"
        return ExecutionRole(
            f"{self._name}-execution",
            ExecutionRoleArgs(
                names=self._names,
                existing_role_arn=settings.existing_role_arn or None,
                key_arn=self.key.key_arn,
                secrets_prefix=settings.secrets_prefix if has_secrets else "",
                # The owner of an existing role gives its rights; the endpoint lets them pass.
                write_prefixes=() if settings.existing_role_arn else settings.write_prefixes,
                trusted_principal_arns=settings.additional_trusted_principal_arns,
                permissions_boundary_arn=settings.permissions_boundary_arn or None,
                managed_policy_arns=settings.additional_managed_policy_arns,
                statements=settings.additional_role_statements,
                tags=self._tags,
            ),
            self._child,
        )

    def _logs(self) -> LogGroups:
        settings = self._settings
        return LogGroups(
            f"{self._name}-logs",
            LogGroupsArgs(
                names=self._names,
                key_arn=self.key.key_arn,
                retention_days=settings.log_retention_days,
                adopt=logs.existing(self._names, self._invoke) if settings.adopt_log_groups else (),
                **self._data,
                tags=self._tags,
            ),
            self._child,
        )

    def _environment(self) -> AirflowEnvironment:
        settings = self._settings
        options = settings.airflow_options
        return AirflowEnvironment(
            f"{self._name}-airflow",
            AirflowEnvironmentArgs(
                names=self._names,
                airflow_version=settings.airflow_version,
                environment_class=settings.environment_class,
                sizing=settings.sizing,
                role_arn=self.role.role_arn,
                key_arn=self.key.key_arn,
                bucket_arn=self.bucket.bucket_arn,
                dag_path=self.bucket.dag_path,
                requirements=self.bucket.requirements,
                plugins=self.bucket.plugins,
                startup_script=self.bucket.startup_script,
                subnet_ids=self.network.subnet_ids,
                security_group_ids=self.network.security_group_ids,
                options=options or None,
                log_levels=settings.log_group_levels,
                webserver_access_mode=settings.webserver_access_mode,
                endpoint_management=settings.endpoint_management,
                maintenance_window=settings.weekly_maintenance_window_start or None,
                worker_replacement_strategy=self._strategy(),
                prerequisites=[
                    self.network,
                    self.endpoints,
                    self.key,
                    self.bucket,
                    self.role,
                    self.logs,
                ],
                create_timeout_minutes=settings.create_timeout_minutes,
                update_timeout_minutes=settings.update_timeout_minutes,
                delete_timeout_minutes=settings.delete_timeout_minutes,
                **self._data,
                guards=self._guards,
                previous=self._args.previous,
                running_version=self._args.running_version,
                allow_replacement=settings.allow_replacement,
                adopt=settings.adopt_environment,
                hooks=self._args.hooks,
                tags=self._tags,
            ),
            self._child,
        )

    def _strategy(self) -> Literal["GRACEFUL", "FORCED"] | None:
        known = [None, self._fingerprint]
        if rises(self._args.previous, self._settings.airflow_version):
            # A version that the environment was brought to outside of the program is no update.
            last = str((self._args.previous or {})["airflowVersion"])
            known.append(fingerprint(self._settings, airflow_version=last))
        changes = self._args.deployed not in known
        return self._settings.worker_replacement_strategy if changes else None

    def _customer_endpoints(self) -> CustomerEndpoints | None:
        settings = self._settings
        if not settings.makes_customer_endpoints:
            return None
        is_public = settings.webserver_access_mode == "PUBLIC_ONLY"
        return CustomerEndpoints(
            f"{self._name}-customer",
            CustomerEndpointsArgs(
                names=self._names,
                vpc_id=self.network.vpc_id,
                subnet_ids=self.network.subnet_ids,
                security_group_ids=[self.network.security_group_id],
                owner=self._owner,
                client_cidr=settings.existing_vpc_cidr or None,
                database_service=self.environment.database_endpoint_service,
                webserver_service=(
                    None if is_public else self.environment.webserver_endpoint_service
                ),
                hooks=self._args.endpoint_hooks,
                tags=self._tags,
            ),
            self._child,
        )

    def _objects(self) -> AirflowObjects | None:
        settings, environment = self._settings, self.environment
        if not settings.objects:
            return None
        args = objects_of(settings, self._args.airflow_provider, environment)
        # An environment with endpoints of the customer is AVAILABLE only after them.
        after = [part for part in (environment, self.customer_endpoints) if part]
        opts = pulumi.ResourceOptions(parent=self, depends_on=after)
        return AirflowObjects(f"{self._name}-objects", args, opts)

    def _access(self) -> AirflowAccess | None:
        settings = self._settings
        if not settings.create_access_policies:
            return None
        return AirflowAccess(
            f"{self._name}-access",
            AirflowAccessArgs(
                names=self._names, airflow_roles=settings.airflow_roles, tags=self._tags
            ),
            self._child,
        )

    def _monitoring(self) -> Monitoring:
        settings = self._settings
        return Monitoring(
            f"{self._name}-monitoring",
            MonitoringArgs(
                names=self._names,
                environment_class=settings.environment_class,
                max_workers=settings.sizing.max_workers,
                alarms=settings.alarms,
                dashboard=settings.dashboard,
                existing_topic_arn=settings.existing_alarm_topic_arn or None,
                emails=settings.alarm_emails,
                key_arn=self.key.key_arn if settings.makes_key else None,
                tags=self._tags,
            ),
            self._child,
        )

    def _parameters(self) -> StackParameters | None:
        settings = self._settings
        if not settings.ssm_prefix:
            return None
        return StackParameters(
            f"{self._name}-parameters",
            StackParametersArgs(
                prefix=settings.ssm_prefix, values=parameter_values(self.outputs), tags=self._tags
            ),
            self._child,
        )
