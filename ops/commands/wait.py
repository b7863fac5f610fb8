"""``mwaa wait``: follow a create, update or delete to its end.

The MWAA API has no waiters, and the provider's own end at PENDING when the customer makes the
endpoints; ``follow`` is the one that knows all twelve statuses. The resource hooks use it too.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from ops import options
from ops.causes import causes
from ops.errors import FailedError, RefusedError, code
from ops.target import ANY_STATUS, CHANGING, describe, stack_outputs
from ops.terminal import Format, duration, emit, say

if TYPE_CHECKING:
    from mypy_boto3_mwaa import MWAAClient
    from mypy_boto3_mwaa.type_defs import EnvironmentTypeDef

PERMISSIONS = ("airflow:GetEnvironment", "airflow:ListEnvironments")
STATUSES = ANY_STATUS
EXAMPLES = (
    "mwaa wait --environment prod",
    "mwaa wait --stack prod --timeout 180 --format json",
    "mwaa wait --environment prod --for deleted",
)

# Customer-managed endpoints must exist within 72 hours, else the create fails:
# https://docs.aws.amazon.com/mwaa/latest/API/API_CreateEnvironment.html#mwaa-CreateEnvironment-request-EndpointManagement
ENDPOINT_DEADLINE = timedelta(hours=72)
REPEAT_SECONDS = 300.0  # the same status is told again after this, as a sign of life
LOST_ANSWERS = 10  # this many polls may fail in a row before the wait gives up


class Goal(StrEnum):
    """What is waited for."""

    AVAILABLE = "available"
    DELETED = "deleted"


@dataclass(frozen=True)
class Followed:
    """How a wait ended: the last status, the seconds waited, the statuses seen in order."""

    name: str
    status: str
    seconds: float
    seen: tuple[str, ...]


def run(
    environment: options.Environment = "",
    stack: options.Stack = "",
    goal: Annotated[Goal, typer.Option("--for", help="The end that is waited for.")] = (
        Goal.AVAILABLE
    ),
    timeout: Annotated[
        float, typer.Option(min=0, help="Give up after this many minutes; 0: never.")
    ] = 0,
    interval: Annotated[
        float, typer.Option(min=0.1, help="Seconds between two looks at the environment.")
    ] = 15,
    profile: options.Profile = "",
    region: options.Region = "",
    form: options.Form = Format.TEXT,
) -> None:
    """Tells each status, the time it took, and what is waited for. Ends with 0 when the
    environment is as asked, with 1 and the likely causes when the service gave up."""
    # Not target.resolve: an absent environment is a success for --for deleted.
    from ops.aws import AwsSession

    if environment and stack:
        raise RefusedError("--environment and --stack exclude each other: give one of them")
    name = environment
    if not name:
        outputs = stack_outputs(stack)
        name, region = str(outputs["environmentName"]), region or str(outputs.get("region", ""))
    account = AwsSession(profile=profile, region=region)
    if goal is Goal.AVAILABLE:
        describe(account, name)
    ended = follow(account.mwaa, name, goal=goal, timeout=timeout * 60, interval=interval)
    emit(
        form,
        {"environment": name, "status": ended.status, "seconds": round(ended.seconds, 1)}
        | {"statuses": list(ended.seen)},
        lambda: (
            f"{name} is {ended.status} after {duration(ended.seconds)}"
            if ended.seen != ("DELETED",)
            else f"there is no environment {name} in {account.session.region_name}: deleted, or "
            "never made"
        ),
    )


def follow(
    client: "MWAAClient",
    name: str,
    *,
    goal: Goal = Goal.AVAILABLE,
    timeout: float = 0,
    interval: float = 15,
    strict: bool = True,
    tell: Callable[[str], None] = say,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Followed:
    """Poll until ``goal``; ``timeout`` and ``interval`` in seconds, timeout 0 waits for ever.

    ``strict`` also fails on an environment that is AVAILABLE after a failed update.
    Raises ``FailedError`` when the service gave up or the timeout passed, with the cause.
    """
    start = told = clock()
    seen: list[str] = []
    lost = 0
    while True:
        try:
            found = _read(client, name)
            lost = 0
        except Exception as error:
            # A wait of hours must survive a minute without answers; a denied call is final.
            lost += 1
            if lost > LOST_ANSWERS or not _passing(error):
                raise
            sleep(interval)
            continue
        status = "DELETED" if found is None else str(found.get("Status", "UNAVAILABLE"))
        now = clock()
        if not seen or seen[-1] != status or now - told >= REPEAT_SECONDS:
            tell(f"{duration(now - start)}: {name} is {status}{_waiting_for(status, found)}")
            told = now
            if not seen or seen[-1] != status:
                seen.append(status)
        if _ended(name, status, found, goal, strict):
            return Followed(name, status, now - start, tuple(seen))
        if timeout and now - start >= timeout:
            raise FailedError(
                f"{name} is still {status} after {duration(now - start)}"
                f"{_waiting_for(status, found)}; the service goes on: `mwaa wait` again to follow"
            )
        sleep(interval)


def _read(client: "MWAAClient", name: str) -> "EnvironmentTypeDef | None":
    from botocore.exceptions import ClientError

    try:
        return client.get_environment(Name=name)["Environment"]
    except ClientError as error:
        if code(error) == "ResourceNotFoundException":
            return None
        raise


def _passing(error: Exception) -> bool:
    from botocore import exceptions as aws

    if isinstance(error, aws.ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return status >= 500 or status == 429 or "Throttl" in code(error)
    return isinstance(error, aws.HTTPClientError | aws.ConnectionError)


def _ended(
    name: str, status: str, found: "EnvironmentTypeDef | None", goal: Goal, strict: bool
) -> bool:
    """Whether the goal is reached; raises ``FailedError`` when it cannot be any more."""
    if goal is Goal.DELETED:
        if status not in CHANGING | {"DELETED"}:
            raise FailedError(
                f"{name} is {status} and is not being deleted: delete it first "
                "(pulumi destroy), then wait"
            )
        return status == "DELETED"
    if status in {"DELETED", "DELETING"}:
        raise FailedError(f"{name} is {status}: it will not become AVAILABLE; create it again")
    last = (found or {}).get("LastUpdate", {})
    if status in {"CREATE_FAILED", "UPDATE_FAILED", "UNAVAILABLE"} or (
        strict and status == "AVAILABLE" and last.get("Status") == "FAILED"
    ):
        raise FailedError(f"{name} is {status}. {_why(found)}")
    return status == "AVAILABLE"


def _why(found: "EnvironmentTypeDef | None") -> str:
    error = (found or {}).get("LastUpdate", {}).get("Error", {})
    error_code, message = error.get("ErrorCode", ""), error.get("ErrorMessage", "")
    if not (error_code or message):
        return "The service gave no reason: `mwaa doctor` looks for it."
    lines = [f"The service says: {error_code} {message}".strip()]
    for cause in causes(message, error_code):
        lines.append(f"  likely: {cause.meaning}\n    do: {cause.remedy}")
    return "\n".join(lines)


def _waiting_for(status: str, found: "EnvironmentTypeDef | None") -> str:
    if found is None:
        return ""
    if status == "CREATING":
        return " (a create takes 20 to 30 minutes)"
    if status == "UPDATING" and found.get("LastUpdate", {}).get("WorkerReplacementStrategy") == (
        "GRACEFUL"
    ):
        return " (GRACEFUL: running tasks may go on for up to 12 hours)"
    if status == "ROLLING_BACK":
        return " (the update failed; the service returns to the previous set)"
    if status != "PENDING":
        return ""
    services = (
        str(found.get("DatabaseVpcEndpointService", "")),
        str(found.get("WebserverVpcEndpointService", "")),
    )
    until = ""
    created = found.get("CreatedAt")
    if isinstance(created, datetime):
        until = f" until {(created + ENDPOINT_DEADLINE).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    named = " and ".join(service for service in services if service) or "its two services"
    return f" (waits{until} for VPC endpoints to {named})"
