"""What GetEnvironment says, as the platform's record; and what a create will say, in its form."""

from collections.abc import Mapping
from typing import Any

from mwaa.model.platform import UNKNOWN, Environment, LastUpdate, LogModule, Maybe, known
from mwaa.service.api_names import LOG_MEMBERS


def environment(described: Mapping[str, Any]) -> Environment:
    """The record of an environment, running or to be created (without ``Status``)."""

    def text(name: str) -> Maybe[str | None]:
        value: Maybe[str | None] = described.get(name)
        return None if value == "" else value

    def number(name: str) -> Maybe[int | None]:
        value: Maybe[int | None] = described.get(name)
        return value

    last, created = described.get("LastUpdate"), described.get("CreatedAt")
    return Environment(
        id=described.get("Arn") or described["Name"],
        name=described["Name"],
        airflow_version=text("AirflowVersion"),
        environment_class=text("EnvironmentClass"),
        min_workers=number("MinWorkers"),
        max_workers=number("MaxWorkers"),
        schedulers=number("Schedulers"),
        min_webservers=number("MinWebservers"),
        max_webservers=number("MaxWebservers"),
        webserver_access_mode=text("WebserverAccessMode"),
        endpoint_management=text("EndpointManagement"),
        kms_key=text("KmsKey"),
        execution_role=described.get("ExecutionRoleArn", UNKNOWN),
        source_bucket=described.get("SourceBucketArn", UNKNOWN),
        dag_s3_path=described.get("DagS3Path", UNKNOWN),
        requirements_s3_path=text("RequirementsS3Path"),
        requirements_s3_object_version=text("RequirementsS3ObjectVersion"),
        plugins_s3_path=text("PluginsS3Path"),
        plugins_s3_object_version=text("PluginsS3ObjectVersion"),
        startup_script_s3_path=text("StartupScriptS3Path"),
        startup_script_s3_object_version=text("StartupScriptS3ObjectVersion"),
        subnets=_ids(described, "SubnetIds"),
        security_groups=_ids(described, "SecurityGroupIds"),
        options=_options(described),
        logging=_logging(described.get("LoggingConfiguration") or {}),
        weekly_maintenance_window_start=text("WeeklyMaintenanceWindowStart"),
        # The API returns the strategy of the last update only, which is no setting.
        worker_replacement_strategy=UNKNOWN,
        tags=_tags(described),
        status=described.get("Status"),
        created_at=created.timestamp() if created else None,
        last_update=_last_update(last) if last else None,
        webserver_url=text("WebserverUrl"),
        database_endpoint_service=text("DatabaseVpcEndpointService"),
        webserver_endpoint_service=text("WebserverVpcEndpointService"),
        celery_queue=text("CeleryExecutorQueue"),
    )


def _ids(described: Mapping[str, Any], name: str) -> Maybe[tuple[Maybe[str], ...]]:
    values: Maybe[list[Maybe[str]]] = (described.get("NetworkConfiguration") or {}).get(
        name, UNKNOWN
    )
    return tuple(values) if known(values) else UNKNOWN


def _options(described: Mapping[str, Any]) -> Maybe[dict[str, Maybe[str]]]:
    options: Maybe[dict[str, Maybe[str]] | None] = described.get("AirflowConfigurationOptions")
    return dict(options or {}) if known(options) else UNKNOWN


def _logging(modules: Mapping[str, Any]) -> dict[str, LogModule]:
    return {
        module: LogModule(
            enabled=one.get("Enabled", False),
            level=one.get("LogLevel"),
            log_group_arn=one.get("CloudWatchLogGroupArn"),
        )
        for module, member in LOG_MEMBERS.items()
        if (one := modules.get(member) or {}) or modules
    }


def _tags(described: Mapping[str, Any]) -> Maybe[dict[str, str]]:
    tags: Maybe[dict[str, str] | None] = described.get("Tags")
    if not known(tags):
        return UNKNOWN
    # Those of AWS itself are nobody's choice.
    return {name: value for name, value in (tags or {}).items() if not name.startswith("aws:")}


def _last_update(last: Mapping[str, Any]) -> LastUpdate:
    error, when = last.get("Error") or {}, last.get("CreatedAt")
    return LastUpdate(
        status=last.get("Status", ""),
        created_at=when.timestamp() if when else None,
        error_code=error.get("ErrorCode"),
        error_message=error.get("ErrorMessage"),
        source=last.get("Source"),
        worker_replacement_strategy=last.get("WorkerReplacementStrategy"),
    )


def from_inputs(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The provider's inputs of an ``aws.mwaa.Environment`` in the form of GetEnvironment.

    Both speak of the same things: the provider in camelCase, the API in PascalCase.
    """
    return {_capital(key): _value(key, value) for key, value in inputs.items()}


# Maps whose keys are the user's own.
VERBATIM = frozenset({"airflowConfigurationOptions", "tags", "tagsAll"})


def _capital(key: str) -> str:
    return key[:1].upper() + key[1:]


def _value(key: str, value: Any) -> Any:
    if isinstance(value, Mapping) and key not in VERBATIM:
        return {_capital(name): _value(name, inner) for name, inner in value.items()}
    return value
