"""Nothing is lost: every drill of ``make drills`` that is not a test of its own elsewhere."""

import logging
from typing import TYPE_CHECKING

import pytest

from ops.cli import VERBS
from tests.ops.drill import build, carry, pause, rollback, upgrade
from tests.ops.drills import DRILLED, NOT_DRILLED
from tests.ops.faults import Fault

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries without their back-off, and a server that does not tell each request."""
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    monkeypatch.setattr(logging.getLogger("werkzeug"), "level", logging.ERROR)


# The other faults run in `make drills`: to the SDK's retries one fault is like another.
@pytest.mark.parametrize("fault", [Fault.KILLED_AFTER, Fault.LOST_ANSWER])
def test_a_rollback_survives_at_every_request(s3: "S3Client", fault: Fault) -> None:
    points, survived = rollback.drill_requests(s3, fault)
    assert (points > 5, survived) == (True, points)


def test_a_rollback_survives_at_every_file_setting_and_moment_of_the_update(
    s3: "S3Client",
) -> None:
    points, survived = rollback.drill_effects(s3)
    assert (points > 15, survived) == (True, points)


def test_a_build_survives_at_every_file() -> None:
    points, survived = build.drill()
    assert (points > 5, survived) == (True, points)


@pytest.mark.parametrize("fault", [Fault.KILLED_AFTER, Fault.LOST_ANSWER])
def test_a_pause_and_a_resume_survive_at_every_request(s3: "S3Client", fault: Fault) -> None:
    for drilled in (pause.drill_pause, pause.drill_resume):
        points, survived = drilled(s3, fault)
        assert (points > 5, survived) == (True, points)


@pytest.mark.parametrize("fault", [Fault.KILLED_AFTER, Fault.LOST_ANSWER])
@pytest.mark.parametrize("api", [1, 2])
def test_an_import_survives_at_every_request(api: int, fault: Fault) -> None:
    points, survived = carry.drill_import(api, fault)
    assert (points > 5, survived) == (True, points)


def test_an_export_is_whole_at_every_moment() -> None:
    points, survived = carry.drill_export()
    assert (points > 3, survived) == (True, points)


def test_an_upgrade_survives_at_every_call_setting_and_run_of_the_engine(
    s3: "S3Client",
) -> None:
    points, survived = upgrade.drill(s3)
    assert (points > 30, survived) == (True, points)


def test_every_verb_has_a_drill_or_a_reason() -> None:
    assert sorted(VERBS) == sorted((*DRILLED, *NOT_DRILLED)), "see tests/ops/drills.py"
