"""What the service checks when a request arrives and the service model cannot say.

Each rule names its source. Where the service's own wording is public it is used; other messages
are this emulator's, in the same voice.
"""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from mwaa.service.classes import CLASSES, Count, size
from mwaa.service.versions import Standing, at_least, in_place, standing, supported
from rehearsal.emulator.mwaa import references
from rehearsal.emulator.mwaa.environment import Environment
from rehearsal.emulator.mwaa.exceptions import ValidationError

ARTIFACTS = ("Plugins", "Requirements", "StartupScript")
COUNTS = {
    "MinWorkers": "workers",
    "MaxWorkers": "workers",
    "Schedulers": "schedulers",
    "MinWebservers": "webservers",
    "MaxWebservers": "webservers",
}


def fill(config: dict[str, Any], now: float) -> None:
    """Put in what the service chooses when a member is left out.

    https://docs.aws.amazon.com/mwaa/latest/APIReference/API_CreateEnvironment.html and, for
    those it does not state, https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/mwaa_environment
    """
    config.setdefault("EnvironmentClass", "mw1.small")
    config.setdefault("AirflowVersion", supported(_day(now))[0])
    config.setdefault("WebserverAccessMode", "PRIVATE_ONLY")
    config.setdefault("EndpointManagement", "SERVICE")
    config.setdefault("AirflowConfigurationOptions", {})
    config.setdefault("Tags", {})
    config.setdefault("WeeklyMaintenanceWindowStart", "SUN:03:30")
    logs = config.setdefault("LoggingConfiguration", {})
    logs.setdefault("TaskLogs", {"Enabled": True, "LogLevel": "INFO"})
    _fill_counts(config)


def _fill_counts(config: dict[str, Any]) -> None:
    chosen = CLASSES.get(config["EnvironmentClass"])
    if chosen is None:
        return  # refused by check()
    sizes = size(
        chosen,
        min_workers=config.get("MinWorkers", 1),
        max_workers=config.get("MaxWorkers", 0),
        schedulers=config.get("Schedulers", 0),
        min_webservers=config.get("MinWebservers", 0),
        max_webservers=config.get("MaxWebservers", 0),
    )
    config.setdefault("MinWorkers", sizes.min_workers)
    config.setdefault("MaxWorkers", sizes.max_workers)
    config.setdefault("Schedulers", sizes.schedulers)
    config.setdefault("MinWebservers", sizes.min_webservers)
    config.setdefault("MaxWebservers", sizes.max_webservers)


def merge(config: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """The configuration after an update: members given replace, members left out stay."""
    merged = {**config, **{key: value for key, value in request.items() if key != "Name"}}
    if "NetworkConfiguration" in request:
        merged["NetworkConfiguration"] = {
            **config["NetworkConfiguration"],
            **request["NetworkConfiguration"],
        }
    if "LoggingConfiguration" in request:
        merged["LoggingConfiguration"] = {
            **config["LoggingConfiguration"],
            **request["LoggingConfiguration"],
        }
    if "Teams" in request:
        teams = {**config.get("Teams", {}), **request["Teams"].get("AddOrUpdate", {})}
        removed = request["Teams"].get("Remove", [])
        merged["Teams"] = {name: team for name, team in teams.items() if name not in removed}
    return merged


def check(environment: Environment, now: float, had: str | None = None) -> None:
    """Raise ValidationError for the first thing that is wrong.

    ``had`` is the Airflow version before an update: an ended one may be kept.
    """
    config = environment.config
    _check_counts(config)
    _check_version(config, now, had)
    _check_artifacts(config)
    _check_teams(config)
    check_tags(config.get("Tags", {}))
    references.check_bucket(environment)
    references.check_role(environment)
    references.check_network(environment)
    references.check_key(environment)


def check_change(old: dict[str, Any], new: dict[str, Any]) -> None:
    """Raise ValidationError for an update the service does not make."""
    before, after = old["EnvironmentClass"], new["EnvironmentClass"]
    if before != after and "mw1.micro" in (before, after):
        # https://github.com/duplocloud/terraform-provider-duplocloud/pull/1464
        raise ValidationError(
            f"Environment class {before} does not support updates to class {after}: an "
            "environment cannot change to or from mw1.micro."
        )
    had, wanted = old["AirflowVersion"], new["AirflowVersion"]
    # Wording from https://github.com/hashicorp/terraform-provider-aws/issues/21640
    try:
        can = in_place(had, wanted)
    except ValueError:
        return  # an unreadable version is refused by check()
    if not can:
        raise ValidationError(
            f"Airflow version {had} does not support updates to version {wanted}."
        )


def check_tags(tags: dict[str, str]) -> None:
    """https://docs.aws.amazon.com/general/latest/gr/aws_tagging.html"""
    if len(tags) > 50:
        raise ValidationError(f"An environment has at most 50 tags; this would be {len(tags)}.")
    for key in tags:
        if key.lower().startswith("aws:"):
            raise ValidationError(f"Tag key {key} begins with aws:, which is reserved.")


def _day(now: float) -> Any:
    return datetime.fromtimestamp(now, UTC).date()


def _check_counts(config: dict[str, Any]) -> None:
    # https://docs.aws.amazon.com/mwaa/latest/userguide/environment-class.html
    name = config["EnvironmentClass"]
    chosen = CLASSES.get(name)
    if chosen is None:
        raise ValidationError(
            f"Environment class {name} is not valid. Valid values: {', '.join(CLASSES)}."
        )
    for member, component in COUNTS.items():
        allowed: Count = getattr(chosen, component)
        if not allowed.allows(config[member]):
            raise ValidationError(
                f"{member} is {config[member]}; environment class {name} takes {allowed}."
            )
    for low, high in (("MinWorkers", "MaxWorkers"), ("MinWebservers", "MaxWebservers")):
        if config[low] > config[high]:
            raise ValidationError(
                f"{low} ({config[low]}) must not be greater than {high} ({config[high]})."
            )


def _check_version(config: dict[str, Any], now: float, had: str | None) -> None:
    # "You can continue to use and update environments that run a deprecated version" -
    # https://docs.aws.amazon.com/mwaa/latest/userguide/airflow-versions.html
    wanted = config["AirflowVersion"]
    offered = supported(_day(now))
    try:
        verdict = standing(wanted, _day(now))
    except ValueError:
        verdict = Standing.NEVER
    if wanted != had and verdict not in (Standing.SUPPORTED, Standing.ENDING):
        raise ValidationError(
            f"Airflow version {wanted} is not supported. Supported versions: {', '.join(offered)}."
        )
    mode = config["WebserverAccessMode"]
    if mode == "PUBLIC_AND_PRIVATE" and not at_least(wanted, "3.2"):
        raise ValidationError(
            f"WebserverAccessMode PUBLIC_AND_PRIVATE needs Airflow 3.2 or later; got {wanted}."
        )


def _check_artifacts(config: dict[str, Any]) -> None:
    # "If specified, then a version is required" - API_CreateEnvironment, RequirementsS3Path.
    for artifact in ARTIFACTS:
        path, version = f"{artifact}S3Path", f"{artifact}S3ObjectVersion"
        if config.get(path) and not config.get(version) and artifact != "StartupScript":
            raise ValidationError(f"{version} is required when {path} is specified.")
        if config.get(version) and not config.get(path):
            raise ValidationError(f"{path} is required when {version} is specified.")
    for path in ("DagS3Path", *(f"{artifact}S3Path" for artifact in ARTIFACTS)):
        value = config.get(path) or ""
        if value.startswith(("s3://", "/")):
            raise ValidationError(f"{path} is relative to the bucket; got {value}.")


def _check_teams(config: dict[str, Any]) -> None:
    # "you must configure IAM Identity Center for the environment before you add teams" -
    # API_CreateEnvironment, Teams.
    teams = config.get("Teams") or {}
    if teams and not config.get("IdentityCenterConfiguration"):
        raise ValidationError("Teams need an IdentityCenterConfiguration.")
    folders = sorted((team["SourceBucketArn"], team["DagS3Path"]) for team in teams.values())
    for (bucket, folder), (other_bucket, other) in pairwise(folders):
        if bucket == other_bucket and other.startswith(folder):
            raise ValidationError(
                f"The DAG folders of teams must not contain each other: {folder}, {other}."
            )
