"""The evaluator of policies decides as AWS's IAM was recorded to decide."""

from __future__ import annotations

import pytest

from tests.witnesses.iam.decisions import DECISIONS, Decided, decisions
from tests.witnesses.iam.excuses import reason_for, unused

pytestmark = pytest.mark.skipif(
    not DECISIONS.is_file(),
    reason="recorded decisions of IAM: ../shared/recorded/iam_decisions.json is not here",
)


@pytest.fixture(scope="module")
def different() -> list[Decided]:
    return [one for one in decisions() if not one.agreed]


def test_what_differs_has_a_reason(different: list[Decided]) -> None:
    strange = [one for one in different if not reason_for(one.name)]
    assert strange == []


def test_each_reason_is_for_something_that_differs(different: list[Decided]) -> None:
    assert unused([one.name for one in different]) == []


def test_nothing_that_a_live_call_allowed_is_left_open(different: list[Decided]) -> None:
    """An undecided answer is right only where IAM gave none."""
    assert [one for one in different if one.ours in ("undecided", "no answer")] == []


def test_the_recordings_are_compared() -> None:
    assert sum(one.agreed for one in decisions()) > 800
