"""One emulated AWS in this process for all tests of the room, emptied between tests."""

from collections.abc import Iterator

import pytest

from local.emulator.accounts import Accounts
from local.emulator.clock import Clock
from local.emulator.server import Emulator, create_app
from local.emulator.world import found
from tests.local.emulator.customer import Customer


@pytest.fixture(scope="session")
def app() -> Iterator[Emulator]:
    emulator = create_app(clock=Clock(speed=1.0))
    emulator.load()
    yield emulator
    emulator.close()


@pytest.fixture
def emulator(app: Emulator) -> Iterator[Emulator]:
    """Stopped clock, real durations: a test moves time by hand."""
    found(app.world)
    app.reset()
    app.clock.start()
    app.clock.offset = 0.0
    app.clock.stop()
    yield app
    app.reset()


@pytest.fixture(scope="session")
def _clients() -> Accounts:
    return Accounts()


@pytest.fixture
def clients(emulator: Emulator, _clients: Accounts) -> Accounts:
    """Clients that come in by the front door, log and faults included."""
    _clients.connect(emulator)
    return _clients


@pytest.fixture
def customer(clients: Accounts) -> Customer:
    return Customer(clients)
