"""Signals: thresholds that the class of the environment can reach, and does not reach idly."""

import pytest

from mwaa.service.alarms import GIB, PERIOD_MINUTES, AlarmDefinition, alarm_definitions, connections
from mwaa.service.classes import CLASSES


def of(name: str, environment_class: str = "mw1.small", max_workers: int = 0) -> AlarmDefinition:
    found = alarm_definitions(CLASSES[environment_class], max_workers=max_workers)
    return {alarm.name: alarm for alarm in found}[name]


@pytest.mark.parametrize(
    ("environment_class", "most", "threshold"),
    [
        ("mw1.micro", 419, 335),
        ("mw1.small", 419, 335),
        ("mw1.medium", 839, 671),
        ("mw1.large", 839, 671),
        ("mw1.xlarge", 3357, 2685),
        ("mw1.2xlarge", 5000, 4000),
    ],
)
def test_connections_alarm_before_the_database_refuses(
    environment_class: str, most: int, threshold: int
) -> None:
    # An alarm above what the database takes would never speak.
    assert connections(CLASSES[environment_class].database) == most
    assert of("database-connections", environment_class).threshold == threshold


@pytest.mark.parametrize(
    ("environment_class", "gib"), [("mw1.micro", 0.25), ("mw1.large", 0.5), ("mw1.2xlarge", 4)]
)
def test_free_memory_is_a_share_of_the_database(environment_class: str, gib: float) -> None:
    assert of("database-memory", environment_class).threshold == gib * GIB


@pytest.mark.parametrize(
    ("environment_class", "max_workers", "tasks"),
    [("mw1.micro", 0, 3), ("mw1.small", 0, 50), ("mw1.medium", 4, 40), ("mw1.2xlarge", 25, 2000)],
)
def test_a_long_queue_is_more_than_all_workers_run(
    environment_class: str, max_workers: int, tasks: int
) -> None:
    alarm = of("queued-tasks", environment_class, max_workers)
    assert alarm.threshold == tasks
    assert f"({tasks})" in alarm.meaning


@pytest.mark.parametrize("environment_class", CLASSES)
def test_alarms_are_distinct_and_last_whole_periods(environment_class: str) -> None:
    found = alarm_definitions(CLASSES[environment_class])
    assert len({s.name for s in found}) == len(found)
    assert all(s.minutes % PERIOD_MINUTES == 0 and s.minutes >= 10 for s in found)
    # CloudWatch takes descriptions of up to 1024 characters.
    assert all(0 < len(s.meaning) <= 1024 for s in found)


def test_only_the_heartbeat_alarms_by_its_silence() -> None:
    silent = {s.name for s in alarm_definitions(CLASSES["mw1.small"]) if s.silence == "breaching"}
    assert silent == {"scheduler-heartbeat"}
