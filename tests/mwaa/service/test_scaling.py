"""The number of workers, case by case."""

from __future__ import annotations

import pytest

from mwaa.service.classes import CLASSES, IDLE_SECONDS, workers_wanted

# queued, running, workers, idle seconds -> workers, of mw1.small (5 tasks each), 1 to 4 workers.
CASES = {
    "nothing to do": ((0, 0, 1, 0), 1),
    "all fit": ((0, 5, 1, 0), 1),
    "one more than fits": ((1, 5, 1, 0), 2),
    "queued alone count": ((11, 0, 1, 0), 3),
    "as many as are needed, at once": ((16, 0, 1, 0), 4),
    "no more than the most": ((100, 10, 2, 0), 4),
    "fewer tasks take no worker away": ((0, 1, 4, 0), 4),
    "idle, but not long enough": ((0, 0, 4, IDLE_SECONDS - 1), 4),
    "idle for two minutes": ((0, 0, 4, IDLE_SECONDS), 1),
    "one task keeps all": ((0, 1, 4, 10 * IDLE_SECONDS), 4),
    "the most was lowered": ((40, 0, 9, 0), 4),
    "the fewest was raised": ((0, 0, 0, 0), 1),
}


@pytest.mark.parametrize(("given", "wanted"), CASES.values(), ids=CASES)
def test_workers_follow_the_tasks(given: tuple[int, int, int, float], wanted: int) -> None:
    queued, running, workers, idle = given
    found = workers_wanted(
        CLASSES["mw1.small"],
        fewest=1,
        most=4,
        workers=workers,
        tasks_per_worker=5,
        queued=queued,
        running=running,
        idle_seconds=idle,
    )
    assert found == wanted


def test_the_smallest_class_has_one_worker_whatever_comes() -> None:
    found = workers_wanted(
        CLASSES["mw1.micro"],
        fewest=1,
        most=1,
        workers=1,
        tasks_per_worker=3,
        queued=50,
        running=3,
        idle_seconds=0,
    )
    assert found == 1
