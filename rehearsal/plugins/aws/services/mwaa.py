"""MWAA: environments, with the waits, errors and peculiarities of the published provider.

Two of the latter matter to a program. `workerReplacementStrategy` is read from the last update and
sent only when it differs from that, so a program that sets it sees a difference right after the
create, where there was no update yet. And a create that ends in PENDING, because the program
manages the endpoints itself, counts as done.
Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/mwaa/environment.go
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from mwaa.service.api_names import LOG_PROPERTIES, PROPERTIES
from rehearsal.plugins.aws.context import Context, GoneError, PluginError, error_code
from rehearsal.plugins.aws.resource import Change, Input, ResourceType, State
from rehearsal.plugins.protocol.values import UNKNOWN

# The published provider retries for two minutes, for IAM to spread a new role. The emulated IAM
# has nothing to spread, so one more try keeps the behavior and not the wait.
_CREATE_TRIES = 2
_RETRY_SECONDS = 0.5
_RETRIED = ("ValidationException", "InternalServerException")
_CREATE_SECONDS = 120 * 60.0
_UPDATE_SECONDS = 90 * 60.0
_DELETE_SECONDS = 90 * 60.0

_AT_CREATION = frozenset({"endpointManagement", "kmsKey"})
_OUTPUTS = {
    "arn": "Arn",
    "databaseVpcEndpointService": "DatabaseVpcEndpointService",
    "serviceRoleArn": "ServiceRoleArn",
    "status": "Status",
    "webserverUrl": "WebserverUrl",
    "webserverVpcEndpointService": "WebserverVpcEndpointService",
}


def client(context: Context) -> Any:
    """The MWAA client in the resource's region."""
    return context.client("mwaa")


def _texts(options: Mapping[str, Any]) -> dict[str, str]:
    # The API's option values are texts; a program may give numbers and booleans.
    return {
        key: str(value).lower() if isinstance(value, bool) else str(value)
        for key, value in options.items()
    }


def _plain(name: str, value: Any) -> Any:
    return _texts(value or {}) if name == "airflowConfigurationOptions" else value


def _logging(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        api: {
            "Enabled": bool(given[name].get("enabled", False)),
            "LogLevel": given[name].get("logLevel", "INFO"),
        }
        for name, api in LOG_PROPERTIES.items()
        if given.get(name)
    }


def _create(context: Context, inputs: State) -> str:
    network = inputs["networkConfiguration"]
    request: dict[str, Any] = {
        api: _plain(name, inputs[name]) for name, api in PROPERTIES.items() if inputs.get(name)
    }
    request["NetworkConfiguration"] = {
        "SubnetIds": network["subnetIds"],
        "SecurityGroupIds": network["securityGroupIds"],
    }
    if inputs.get("loggingConfiguration"):
        request["LoggingConfiguration"] = _logging(inputs["loggingConfiguration"])
    if inputs.get("tagsAll"):
        request["Tags"] = inputs["tagsAll"]
    name = str(inputs["name"])
    _request_creation(context, {"Name": name, **request})
    context.created(name)
    _wait(context, name, {"CREATING"}, {"AVAILABLE", "PENDING"}, "create", _CREATE_SECONDS)
    return name


def _request_creation(context: Context, request: dict[str, Any]) -> None:
    for attempt in range(_CREATE_TRIES):
        try:
            client(context).create_environment(**request)
        except Exception as error:
            if error_code(error) not in _RETRIED or attempt == _CREATE_TRIES - 1:
                raise
            time.sleep(_RETRY_SECONDS)
        else:
            return


def _environment(context: Context, name: str) -> dict[str, Any]:
    environment: dict[str, Any] = client(context).get_environment(Name=name)["Environment"]
    if environment["Status"] == "DELETED":
        raise GoneError(f"MWAA environment {name} is deleted.")
    return environment


def _wait(
    context: Context, name: str, pending: set[str], target: set[str], verb: str, seconds: float
) -> None:
    """Wait for a status. Raises RefusedError, with AWS's own words, for any other."""

    def done() -> bool:
        environment = _environment(context, name)
        status = environment["Status"]
        if status in target:
            return True
        if status in pending:
            return False
        error = (environment.get("LastUpdate") or {}).get("Error") or {}
        reason = f"{error.get('ErrorCode')}: {error.get('ErrorMessage')}" if error else "no reason"
        raise PluginError(
            f"MWAA environment {name}: the {verb} ended in {status} instead of "
            f"{' or '.join(sorted(target))}; AWS says: {reason}."
        )

    context.wait(done, f"MWAA environment {name} to {verb}", default_seconds=seconds)


def _read(context: Context, name: str, _known: State) -> State:
    environment = _environment(context, name)
    network = environment.get("NetworkConfiguration", {})
    update = environment.get("LastUpdate") or {}
    error = update.get("Error")
    return {
        "name": name,
        **{property_: environment.get(api) for property_, api in PROPERTIES.items()},
        **{output: environment.get(api) for output, api in _OUTPUTS.items()},
        "createdAt": str(environment.get("CreatedAt", "")),
        "networkConfiguration": {
            "subnetIds": network.get("SubnetIds", []),
            "securityGroupIds": network.get("SecurityGroupIds", []),
        },
        "loggingConfiguration": {
            log: {
                "cloudWatchLogGroupArn": found.get("CloudWatchLogGroupArn", ""),
                "enabled": found.get("Enabled", False),
                "logLevel": found.get("LogLevel", ""),
            }
            for log, api in LOG_PROPERTIES.items()
            if (found := environment.get("LoggingConfiguration", {}).get(api))
        },
        "workerReplacementStrategy": update.get("WorkerReplacementStrategy"),
        "lastUpdateds": [
            {
                "createdAt": str(update.get("CreatedAt", "")),
                "status": update.get("Status", ""),
                "errors": [{"errorCode": error["ErrorCode"], "errorMessage": error["ErrorMessage"]}]
                if error
                else [],
            }
        ],
        "tags": environment.get("Tags", {}),
    }


def _update(context: Context, name: str, change: Change) -> None:
    new = change.new
    request: dict[str, Any] = {
        api: _plain(property_, new.get(property_, ""))
        for property_, api in PROPERTIES.items()
        if property_ not in _AT_CREATION and change.touches(property_)
    }
    if change.touches("loggingConfiguration"):
        request["LoggingConfiguration"] = _logging(new["loggingConfiguration"])
    if change.touches("networkConfiguration"):
        groups = new["networkConfiguration"]["securityGroupIds"]
        request["NetworkConfiguration"] = {"SecurityGroupIds": groups}
    if change.touches("workerReplacementStrategy"):
        request["WorkerReplacementStrategy"] = new["workerReplacementStrategy"]
    client(context).update_environment(Name=name, **request)
    pending = {"UPDATING", "CREATING_SNAPSHOT"}
    _wait(context, name, pending, {"AVAILABLE"}, "update", _UPDATE_SECONDS)


def _delete(context: Context, name: str, _state: State) -> None:
    client(context).delete_environment(Name=name)
    try:
        _wait(context, name, {"DELETING"}, set(), "delete", _DELETE_SECONDS)
    except Exception as error:
        if error_code(error) != "ResourceNotFoundException" and not isinstance(error, GoneError):
            raise


def _retag(
    context: Context, name: str, state: State, tags: Mapping[str, str], gone: list[str]
) -> None:
    arn = state.get("arn") or context.arn("airflow", f"environment/{name}")
    if gone:
        client(context).untag_resource(ResourceArn=arn, tagKeys=gone)
    if tags:
        client(context).tag_resource(ResourceArn=arn, Tags=dict(tags))


def _major_rises(old: Any, new: Any) -> bool:
    if UNKNOWN in (old, new) or not old or not new:
        return False
    before, after = (str(version).split(".")[0] for version in (old, new))
    return before.isdigit() and after.isdigit() and int(before) < int(after)


def _arns(inputs: State) -> Iterator[tuple[str, str]]:
    for name in ("kmsKey", "executionRoleArn", "sourceBucketArn"):
        value = inputs.get(name)
        if isinstance(value, str) and value and not value.startswith("arn:"):
            yield name, f"({value}) is an invalid ARN: arn: prefix expected."


_OPTIONAL = frozenset(
    {"airflowConfigurationOptions", "kmsKey", "pluginsS3Path", "requirementsS3Path",
     "startupScriptS3Path"}
)  # fmt: skip
_REQUIRED = frozenset({"dagS3Path", "executionRoleArn", "sourceBucketArn"})

TYPES = (
    ResourceType(
        name="aws:mwaa/environment:Environment",
        inputs={
            "name": Input(replace=True, autoname="random"),
            **{
                name: Input(
                    required=name in _REQUIRED,
                    replace=_major_rises if name == "airflowVersion" else name in _AT_CREATION,
                    computed=name not in _OPTIONAL | _REQUIRED,
                )
                for name in PROPERTIES
            },
            "networkConfiguration": Input(
                required=True, unordered=True, replace_within=("subnetIds",)
            ),
            "loggingConfiguration": Input(computed=True, partial=True),
            "workerReplacementStrategy": Input(computed=True),
        },
        outputs=("createdAt", "lastUpdateds", *_OUTPUTS),
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
        tagger=_retag,
        validate=_arns,
    ),
)
