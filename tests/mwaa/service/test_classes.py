"""Counts that a stack leaves open are filled lawfully, for each class."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mwaa.service.classes import CLASSES, Count, Sizing, size

OPEN = st.integers(min_value=0, max_value=5)


def test_there_are_six_classes_in_growing_order() -> None:
    assert list(CLASSES) == [
        f"mw1.{s}" for s in ("micro", "small", "medium", "large", "xlarge", "2xlarge")
    ]
    dags = [c.dags for c in CLASSES.values()]
    assert dags == sorted(dags) == [25, 50, 250, 1000, 2000, 4000]
    assert [c.tasks_per_worker for c in CLASSES.values()] == [3, 5, 10, 20, 40, 80]
    assert [name for name, c in CLASSES.items() if not c.scales] == ["mw1.micro"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("mw1.micro", Sizing(min_workers=1, max_workers=1, schedulers=1, min_webservers=1,
                          max_webservers=1)),
     ("mw1.small", Sizing(min_workers=1, max_workers=10, schedulers=2, min_webservers=2,
                          max_webservers=2))],
)  # fmt: skip
def test_defaults_are_those_of_the_service(name: str, expected: Sizing) -> None:
    assert size(CLASSES[name]) == expected


@given(
    st.sampled_from([c for c in CLASSES.values() if c.scales]),
    st.integers(min_value=1, max_value=60),
    st.integers(min_value=0, max_value=60),
    OPEN, OPEN, OPEN,
)  # fmt: skip
def test_open_ends_never_contradict_given_ones(
    facts: object, low: int, high: int, schedulers: int, web_low: int, web_high: int
) -> None:
    sizing = size(
        facts,  # type: ignore[arg-type]
        min_workers=low,
        max_workers=high,
        schedulers=schedulers,
        min_webservers=web_low,
        max_webservers=web_high,
    )
    assert sizing.min_workers == low
    assert high in (0, sizing.max_workers)
    assert schedulers in (0, sizing.schedulers)
    if not high:
        assert sizing.min_workers <= sizing.max_workers
    if not (web_low and web_high):
        assert sizing.min_webservers <= sizing.max_webservers


@pytest.mark.parametrize(
    ("count", "words"),
    [(Count(1, 1, 1), "exactly 1"), (Count(2, 5, 2), "2 to 5"), (Count(1, None, 10), "1 or more")],
)
def test_a_range_reads_as_words(count: Count, words: str) -> None:
    assert str(count) == words
