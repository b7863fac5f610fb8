"""An update is over when the Airflow behind the environment is what it wants."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.emulator.server import Emulator
from tests.rehearsal.emulator.mwaa.test_control_plane import forward
from tests.rehearsal.emulator.mwaa.test_events import occur, run_airflow
from tests.rehearsal.emulator.platforms.customer import Customer

UPDATE = 15 * 60


@pytest.fixture
def updating(emulator: Emulator, available: Customer) -> Customer:
    """An update whose own work is done, and that waits for Airflow."""
    run_airflow(emulator)
    available.mwaa.update_environment(Name="etl", MaxWorkers=7)
    forward(emulator, 24 * 3600)
    assert (available.status, awaited(emulator)) == ("UPDATING", "replacement")
    return available


def awaited(emulator: Emulator) -> str:
    (found,) = emulator.gateway._control("GET", "environments", {}, b"")[1]["environments"]
    return str(found["awaits"])


def told(emulator: Emulator, failure: str | None = None) -> None:
    assert occur(emulator, event="replaced", failure=failure)[0] == 200


def last(customer: Customer) -> tuple[str, str, Any]:
    """Status, that of the last update, and the error of it."""
    found = customer.get()
    update = found["LastUpdate"]
    return found["Status"], update["Status"], update.get("Error", {}).get("ErrorCode")


def test_it_succeeds_when_airflow_says_so(emulator: Emulator, updating: Customer) -> None:
    told(emulator)
    assert last(updating) == ("AVAILABLE", "SUCCESS", None)
    assert updating.get()["MaxWorkers"] == 7
    assert awaited(emulator) == ""


def test_what_airflow_cannot_become_is_rolled_back(emulator: Emulator, updating: Customer) -> None:
    told(emulator, "the scheduler does not start")
    assert last(updating)[0] == "ROLLING_BACK"
    assert updating.get()["MaxWorkers"] == 10
    assert awaited(emulator) == "restoration"
    told(emulator)
    assert last(updating) == ("UPDATE_FAILED", "FAILED", "INCORRECT_CONFIGURATION")


def test_an_airflow_that_cannot_go_back_is_unavailable(
    emulator: Emulator, updating: Customer
) -> None:
    told(emulator, "the scheduler does not start")
    told(emulator, "nor did the old one")
    assert last(updating)[:2] == ("UNAVAILABLE", "FAILED")


def test_a_supervisor_that_died_holds_nothing_up(emulator: Emulator, updating: Customer) -> None:
    run_airflow(emulator, born="another")
    assert last(updating) == ("AVAILABLE", "SUCCESS", None)


def test_only_what_is_awaited_can_be_told(emulator: Emulator, available: Customer) -> None:
    status, answer = occur(emulator, event="replaced", failure=None)
    assert (status, answer["error"]) == (
        400,
        "environment etl awaits no replacement of its Airflow",
    )
