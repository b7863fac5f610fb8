"""The wait knows all twelve statuses, survives lost answers and ends with the cause."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from ops.errors import FailedError
from ops.follow import LOST_ANSWERS, Goal, follow
from ops.target import ANY_STATUS

CREATED = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


def absent() -> ClientError:
    return ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "GetEnvironment")


def refused(code: str, status: int) -> ClientError:
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "GetEnvironment")


class Answers:
    """Stands in for the MWAA client: each look gets the next answer, then always the last."""

    def __init__(self, *answers: str | Mapping[str, Any] | Exception) -> None:
        self.answers: list[Any] = list(answers)
        self.looks = 0

    def get_environment(self, *, Name: str) -> dict[str, Any]:  # noqa: N803 - the API's spelling
        answer = self.answers[min(self.looks, len(self.answers) - 1)]
        self.looks += 1
        if isinstance(answer, Exception):
            raise answer
        found = {"Status": answer} if isinstance(answer, str) else dict(answer)
        return {"Environment": {"Name": Name, "CreatedAt": CREATED, **found}}


def waited(
    *answers: str | Mapping[str, Any] | Exception, goal: Goal = Goal.AVAILABLE, timeout: float = 0
) -> tuple[Sequence[str], list[str]]:
    """The statuses seen and the lines printed; time passes only by sleeping."""
    now = [0.0]
    printed: list[str] = []

    def sleep(seconds: float) -> None:
        now[0] += seconds

    ended = follow(
        Answers(*answers),  # type: ignore[arg-type]
        "prod",
        goal=goal,
        timeout_seconds=timeout,
        tell=printed.append,
        sleep=sleep,
        clock=lambda: now[0],
    )
    return ended.seen, printed


@pytest.mark.parametrize(
    ("answers", "goal"),
    [
        (("AVAILABLE",), Goal.AVAILABLE),
        (("CREATING", "CREATING", "AVAILABLE"), Goal.AVAILABLE),
        (("CREATING", "PENDING", "CREATING", "AVAILABLE"), Goal.AVAILABLE),
        (("CREATING_SNAPSHOT", "UPDATING", "AVAILABLE"), Goal.AVAILABLE),
        (("MAINTENANCE", "AVAILABLE"), Goal.AVAILABLE),
        (("DELETING", absent()), Goal.DELETED),
        ((absent(),), Goal.DELETED),
        (("CREATING", "DELETING", "DELETED"), Goal.DELETED),
    ],
)
def test_follows_every_change_to_its_goal(answers: tuple[Any, ...], goal: Goal) -> None:
    seen, _ = waited(*answers, goal=goal)
    assert seen[-1] == ("AVAILABLE" if goal is Goal.AVAILABLE else "DELETED")


@pytest.mark.parametrize("status", sorted(ANY_STATUS))
@pytest.mark.parametrize("goal", list(Goal))
def test_no_status_is_waited_on_for_ever_without_an_end(status: str, goal: Goal) -> None:
    # Every status ends, or goes on only because the service itself is changing something.
    try:
        waited(status, goal=goal, timeout=60)
    except FailedError as failure:
        assert status in str(failure)


def test_pending_names_the_endpoint_services_and_the_72_hour_deadline() -> None:
    pending = {
        "Status": "PENDING",
        "DatabaseVpcEndpointService": "com.amazonaws.vpce.db",
        "WebserverVpcEndpointService": "com.amazonaws.vpce.web",
    }
    _, printed = waited(pending, "AVAILABLE")
    assert "2026-01-04 12:00 UTC" in printed[0]
    assert "com.amazonaws.vpce.db and com.amazonaws.vpce.web" in printed[0]


def test_a_failed_create_ends_with_the_services_words_and_the_likely_cause() -> None:
    failed = {
        "Status": "CREATE_FAILED",
        "LastUpdate": {
            "Status": "FAILED",
            "Error": {
                "ErrorCode": "INCORRECT_CONFIGURATION",
                "ErrorMessage": "You may need to check the execution role permissions policy",
            },
        },
    }
    with pytest.raises(FailedError) as failure:
        waited("CREATING", failed)
    assert "execution role permissions policy" in str(failure.value)
    assert "likely:" in str(failure.value)
    assert "mwaa doctor" in str(failure.value)


def test_available_after_a_failed_update_is_a_failure() -> None:
    with pytest.raises(FailedError):
        waited({"Status": "AVAILABLE", "LastUpdate": {"Status": "FAILED"}})


def test_graceful_update_says_that_tasks_may_run_for_hours() -> None:
    updating = {"Status": "UPDATING", "LastUpdate": {"WorkerReplacementStrategy": "GRACEFUL"}}
    _, printed = waited(updating, "AVAILABLE")
    assert "12 hours" in printed[0]


def test_what_ends_soon_is_seen_soon_and_what_takes_long_is_asked_rarely() -> None:
    slept: list[float] = []
    now = [0.0]

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    answers: Any = Answers(*["CREATING"] * 12, "AVAILABLE")
    follow(answers, "prod", tell=lambda _: None, sleep=sleep, clock=lambda: now[0])
    assert slept[:3] == [1, 1.5, 2.25]
    assert slept == sorted(slept)
    assert slept[-3:] == [15, 15, 15]


def test_an_unchanged_status_is_repeated_as_a_sign_of_life() -> None:
    _, printed = waited(*["CREATING"] * 60, "AVAILABLE")
    assert 3 <= len([line for line in printed if "CREATING" in line]) <= 5


@pytest.mark.parametrize(
    "lost",
    [
        refused("ThrottlingException", 400),
        refused("InternalServerException", 500),
        EndpointConnectionError(endpoint_url="https://example.invalid"),
    ],
)
def test_survives_lost_answers_but_not_for_ever(lost: Exception) -> None:
    assert waited("CREATING", *[lost] * LOST_ANSWERS, "AVAILABLE")[0][-1] == "AVAILABLE"
    with pytest.raises(type(lost)):
        waited("CREATING", lost)


def test_a_denied_call_ends_at_once() -> None:
    answers = Answers(refused("AccessDeniedException", 403))
    with pytest.raises(ClientError):
        follow(answers, "prod", sleep=lambda _: None)  # type: ignore[arg-type]
    assert answers.looks == 1


def test_the_timeout_says_how_to_go_on() -> None:
    with pytest.raises(FailedError, match="mwaa wait"):
        waited("CREATING", timeout=60)


def test_gone_environment_cannot_become_available() -> None:
    with pytest.raises(FailedError, match="DELETED"):
        waited("CREATING", absent())


def test_a_wait_that_fails_adds_what_others_know_of_the_cause() -> None:
    with pytest.raises(FailedError, match="UPDATE_FAILED") as failed:
        follow(
            Answers("UPDATE_FAILED"),  # type: ignore[arg-type]
            "prod",
            more=lambda: "  wrote: no module",
            tell=str,
        )
    assert str(failed.value).endswith("\n  wrote: no module")
