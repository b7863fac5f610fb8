"""Follows an environment to the end of what it is doing.

The MWAA API has no waiters, and the provider's own end at PENDING when the customer makes the
endpoints; ``follow`` knows all twelve statuses. ``mwaa wait``, the resource hooks and the rehearsal
use it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from ops.causes import causes
from ops.errors import FailedError, code
from ops.target import CHANGING, find
from ops.terminal import duration, say

if TYPE_CHECKING:
    from mypy_boto3_mwaa import MWAAClient
    from mypy_boto3_mwaa.type_defs import EnvironmentTypeDef

PERMISSIONS = ("airflow:GetEnvironment",)

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


def follow(
    client: "MWAAClient",
    name: str,
    *,
    goal: Goal = Goal.AVAILABLE,
    timeout_seconds: float = 0,
    interval_seconds: float = 15,
    strict: bool = True,
    more: Callable[[], str] = str,
    tell: Callable[[str], object] = say,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Followed:
    """Poll until ``goal``, each second at first and soon every ``interval_seconds``; a timeout of 0
    waits as long as the service works.

    ``strict`` also fails on an environment that is AVAILABLE after a failed update.
    Raises ``FailedError`` when the service gave up or the timeout passed, with the cause, to which
    ``more`` adds what others know of it.
    """
    start = told = clock()
    seen: list[str] = []
    lost = 0
    while True:
        try:
            found = find(client, name)
            lost = 0
        except Exception as error:
            # A wait of hours must survive a minute without answers; a denied call is final.
            lost += 1
            if lost > LOST_ANSWERS or not _passing(error):
                raise
            sleep(interval_seconds)
            continue
        status = "DELETED" if found is None else str(found.get("Status", "UNAVAILABLE"))
        now = clock()
        if not seen or seen[-1] != status or now - told >= REPEAT_SECONDS:
            tell(f"{duration(now - start)}: {name} is {status}{_waiting_for(status, found)}")
            told = now
            if not seen or seen[-1] != status:
                seen.append(status)
        if _ended(name, status, found, goal, strict, more):
            return Followed(name, status, now - start, tuple(seen))
        if timeout_seconds and now - start >= timeout_seconds:
            raise FailedError(
                f"{name} is still {status} after {duration(now - start)}"
                f"{_waiting_for(status, found)}; the service goes on: `mwaa wait` again to follow"
                f"{_line(more())}"
            )
        # What ends within seconds is noticed within seconds.
        sleep(min(interval_seconds, 1 + (now - start) / 2))


def _passing(error: Exception) -> bool:
    from botocore import exceptions as aws

    if isinstance(error, aws.ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return status >= 500 or status == 429 or "Throttl" in code(error)
    return isinstance(error, aws.HTTPClientError | aws.ConnectionError)


def _ended(
    name: str,
    status: str,
    found: "EnvironmentTypeDef | None",
    goal: Goal,
    strict: bool,
    more: Callable[[], str],
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
        raise FailedError(
            f"{name} is {status}: it will not become AVAILABLE; create it again (`pulumi up "
            "--refresh`, where a program made it)"
        )
    last = (found or {}).get("LastUpdate", {})
    if status in {"CREATE_FAILED", "UPDATE_FAILED", "UNAVAILABLE"} or (
        strict and status == "AVAILABLE" and last.get("Status") == "FAILED"
    ):
        raise FailedError(f"{name} is {status}. {_why(found)}{_line(more())}")
    return status == "AVAILABLE"


def _line(words: str) -> str:
    return f"\n{words}" if words else ""


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
