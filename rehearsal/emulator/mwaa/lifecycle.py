"""The walk through the twelve statuses over emulated time.

An environment at work has a phase and the time it is due. Whoever asks next lets everything that
is due happen, in order, so that nothing here sleeps or needs a thread.
https://docs.aws.amazon.com/mwaa/latest/APIReference/API_Environment.html (Status)
"""

import logging
import math
from datetime import UTC, datetime, timedelta
from typing import Any

from rehearsal.emulator.clock import PENDING_SECONDS
from rehearsal.emulator.mwaa import build_checks, service_side
from rehearsal.emulator.mwaa.environment import Environment, Work
from rehearsal.emulator.mwaa.exceptions import ValidationError
from rehearsal.emulator.world import world

log = logging.getLogger("rehearsal.emulator")

DELETABLE = ("AVAILABLE", "CREATE_FAILED", "UPDATE_FAILED", "UNAVAILABLE", "PENDING")
DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


def advance(environment: Environment, now: float) -> None:
    """Let everything happen that is due for one environment by ``now``, phase by phase.

    An environment that cannot go on becomes UNAVAILABLE: it must not take the others, and every
    later request, with it.
    """
    try:
        _advance(environment, now)
    except Exception as problem:
        log.warning("environment %s: %r", environment.name, problem, exc_info=True)
        text = f"The emulated service could not go on: {type(problem).__name__}: {problem}"
        environment.findings = [text]
        _close(environment, "FAILED", ("INTERNAL_ERROR", text))
        _rest(environment, "UNAVAILABLE")


def _advance(environment: Environment, now: float) -> None:
    work = environment.work
    if work and work.phase == "pending" and service_side.customer_endpoints_exist(environment):
        # "After you create the VPC endpoints, the process resumes."
        _enter(environment, "CREATING", "resume", now)
    if environment.awaits and not _has_airflow(environment):
        # Its supervisor has gone: the control plane goes on alone.
        replaced(environment)
    while environment.work and environment.work.due <= now:
        _STEPS[environment.work.phase](environment, environment.work)


def _enter(environment: Environment, status: str, phase: str, since: float, **more: Any) -> None:
    environment.status = status
    environment.work = Work(phase, since + world().clock.work(phase), **more)


def _rest(environment: Environment, status: str) -> None:
    environment.status = status
    environment.work = None


def _record(environment: Environment, status: str, when: float, **more: Any) -> None:
    environment.last_update = {"Status": status, "CreatedAt": when, **more}


def _close(environment: Environment, status: str, failure: tuple[str, str] | None = None) -> None:
    """State in LastUpdate how the work that is in it ended."""
    environment.last_update["Status"] = status
    if failure:
        code, message = failure
        environment.last_update["Error"] = {"ErrorCode": code, "ErrorMessage": message}


# Creation


def start_create(environment: Environment, now: float) -> None:
    """The request was accepted."""
    _record(environment, "PENDING", now)
    _enter(environment, "CREATING", "create", now)


def _created(environment: Environment, work: Work) -> None:
    if environment.config["EndpointManagement"] == "CUSTOMER" and work.phase == "create":
        environment.status = "PENDING"
        environment.work = Work("pending", work.due + PENDING_SECONDS)
        if service_side.customer_endpoints_exist(environment):
            _enter(environment, "CREATING", "resume", work.due)
        return
    failure = build_checks.failure(environment)
    if failure:
        _enter(environment, "CREATING", "create-failure", work.due, failure=failure)
        return
    _close(environment, "SUCCESS")
    _rest(environment, "AVAILABLE")
    environment.metrics_until = work.due


def _create_failed(environment: Environment, work: Work) -> None:
    # "If you do not take action to create the endpoints within 72 hours, the status will change
    # to CREATE_FAILED." - CreateEnvironment, EndpointManagement
    _close(environment, "FAILED", work.failure or build_checks.NO_ENDPOINTS)
    _rest(environment, "CREATE_FAILED")


# Update


def start_update(
    environment: Environment, config: dict[str, Any], strategy: str | None, now: float
) -> None:
    """The request was accepted; before a new Airflow version or class there is a snapshot:
    https://docs.aws.amazon.com/mwaa/latest/userguide/upgrading-environment.html; statuses as seen
    in https://github.com/hashicorp/terraform-provider-aws/issues/31833."""
    chosen = {"WorkerReplacementStrategy": strategy} if strategy else {}
    _record(environment, "PENDING", now, **chosen)
    old = environment.config
    big = any(old[member] != config[member] for member in ("AirflowVersion", "EnvironmentClass"))
    _enter(environment, "UPDATING", "before-snapshot" if big else "update", now, config=config)


def _snapshot_begins(environment: Environment, work: Work) -> None:
    _enter(environment, "CREATING_SNAPSHOT", "snapshot", work.due, config=work.config)


def _snapshot_made(environment: Environment, work: Work) -> None:
    _enter(environment, "UPDATING", "update", work.due, config=work.config)


def _updated(environment: Environment, work: Work) -> None:
    assert work.config is not None
    # Tags may have changed by TagResource while the update ran.
    before = {**environment.config}
    environment.config = {**work.config, "Tags": before.get("Tags", {})}
    failure = build_checks.failure(environment)
    if failure:
        environment.config = before
        _enter(environment, "ROLLING_BACK", "rollback", work.due, failure=failure)
        return
    service_side.adapt(environment, before)
    if _has_airflow(environment):
        # AWS does not document what GetEnvironment shows meanwhile; here it is the new.
        environment.work = Work("replacement", math.inf, config=before)
        return
    _close(environment, "SUCCESS")
    _rest(environment, "AVAILABLE")


def _has_airflow(environment: Environment) -> bool:
    return environment.runtime is not None and environment.runtime.is_alive


def replaced(environment: Environment, failure: str | None = None) -> None:
    """The Airflow behind the environment is what was awaited, or why it could not become it."""
    awaited, work = environment.awaits, environment.work
    if work is None or not awaited:
        raise ValueError(f"environment {environment.name} awaits no replacement of its Airflow")
    if failure:
        environment.findings = [failure]
    if awaited == "replacement" and failure:
        assert work.config is not None
        after = environment.config
        environment.config = {**work.config, "Tags": after.get("Tags", {})}
        service_side.adapt(environment, after)
        environment.status = "ROLLING_BACK"
        environment.work = Work(
            "restoration", math.inf, failure=build_checks.INCORRECT_CONFIGURATION
        )
    elif awaited == "replacement":
        _close(environment, "SUCCESS")
        _rest(environment, "AVAILABLE")
    else:
        _close(environment, "FAILED", work.failure)
        _rest(environment, "UNAVAILABLE" if failure else "UPDATE_FAILED")


def _rolled_back(environment: Environment, work: Work) -> None:
    # "the environment did not return to its previous state and is not stable" - UNAVAILABLE
    stable = build_checks.failure(environment) is None
    _close(environment, "FAILED", work.failure)
    _rest(environment, "UPDATE_FAILED" if stable else "UNAVAILABLE")


# Deletion


def start_delete(environment: Environment, now: float) -> None:
    """The request was accepted; a repeated one is, too, and changes nothing."""
    if environment.status in ("DELETING", "DELETED"):
        return
    if environment.status not in DELETABLE:
        raise ValidationError(f"Environments with {environment.status} status cannot be deleted.")
    _record(environment, "PENDING", now)
    _enter(environment, "DELETING", "delete", now)


def _deleted(environment: Environment, work: Work) -> None:
    service_side.remove(environment)
    _close(environment, "SUCCESS")
    _enter(environment, "DELETED", "deleted", work.due)


def _forgotten(environment: Environment, _: Work) -> None:
    # Idle and DELETED: the backend drops it.
    _rest(environment, "DELETED")


# Maintenance


def pass_window(environment: Environment, before: float, after: float) -> None:
    """Start the maintenance if the weekly window lies between two moments.

    Only a clock that is moved brings maintenance: on the wall clock a rehearsal would be
    interrupted by it every week, which the service does not do either.
    """
    start = _next_window(environment.config["WeeklyMaintenanceWindowStart"], before)
    if environment.status in ("AVAILABLE", "UPDATE_FAILED") and start <= after:
        start_maintenance(environment, start)


def _next_window(window: str, now: float) -> float:
    day, hour, minute = window.split(":")
    today = datetime.fromtimestamp(now, UTC)
    start = today.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    start += timedelta(days=(DAYS.index(day) - start.weekday()) % 7)
    if start <= today:
        start += timedelta(days=7)
    return start.timestamp()


def start_maintenance(environment: Environment, when: float | None = None) -> None:
    """The service takes the environment into maintenance, GRACEFUL as the API says."""
    if environment.status not in ("AVAILABLE", "UPDATE_FAILED"):
        raise ValueError(
            f"environment {environment.name} is {environment.status}; maintenance starts from "
            "AVAILABLE or UPDATE_FAILED"
        )
    since = world().clock.now() if when is None else when
    _record(
        environment, "PENDING", since, Source="MAINTENANCE", WorkerReplacementStrategy="GRACEFUL"
    )
    _enter(environment, "MAINTENANCE", "maintenance", since)


def _maintained(environment: Environment, _: Work) -> None:
    failure = build_checks.failure(environment)
    _close(environment, "FAILED" if failure else "SUCCESS", failure)
    _rest(environment, "UNAVAILABLE" if failure else "AVAILABLE")


_STEPS = {
    "create": _created,
    "resume": _created,
    "pending": _create_failed,
    "create-failure": _create_failed,
    "before-snapshot": _snapshot_begins,
    "snapshot": _snapshot_made,
    "update": _updated,
    "rollback": _rolled_back,
    "delete": _deleted,
    "deleted": _forgotten,
    "maintenance": _maintained,
}
