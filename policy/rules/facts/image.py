"""The image that an environment runs, as several rules ask for it."""

from datetime import UTC, date, datetime

from mwaa.model.platform import Platform
from mwaa.service.known_defects import Defect, defects
from mwaa.service.versions import VERSIONS, supported
from policy.rules.rule import require


def image_day(platform: Platform) -> date:
    """The day of the image: of the last create or update, or now for one that is to come."""
    environment = platform.environment
    update = require(environment.last_update, "the last update")
    seconds = update.created_at if update is not None and update.status == "SUCCESS" else None
    if seconds is None:
        seconds = require(environment.created_at, "when the environment was created")
    if seconds is None:
        seconds = require(platform.account.now, "the time of the judgment")
    return datetime.fromtimestamp(seconds, UTC).date()


def successor(version: str, today: date) -> str:
    """The newest supported version of the same major one, else the newest of all."""
    offered = supported(today)
    major = version.partition(".")[0]
    return next((one for one in offered if one.partition(".")[0] == major), offered[0])


def known_defects(platform: Platform) -> tuple[Defect, ...]:
    """The known defects of the environment's image."""
    version = require(platform.environment.airflow_version, "the Airflow version")
    if version is None or version not in VERSIONS:
        return ()
    return tuple(defects(version, image_day(platform)))
