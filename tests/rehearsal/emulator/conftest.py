"""One emulated AWS in this process for all tests of the room, emptied between tests."""

import copy
from collections.abc import Callable, Iterator

import pytest

from rehearsal.emulator import state
from rehearsal.emulator.accounts import Accounts
from rehearsal.emulator.clock import Clock
from rehearsal.emulator.server import Emulator, create_app
from rehearsal.emulator.world import install
from tests.rehearsal.emulator.platforms.customer import Customer


@pytest.fixture(scope="session")
def app() -> Iterator[Emulator]:
    emulator = create_app(clock=Clock(speed=1.0))
    emulator.load()
    yield emulator
    emulator.close()


@pytest.fixture
def emulator(app: Emulator) -> Iterator[Emulator]:
    """Stopped clock, real durations: a test moves time by hand."""
    install(app.world)
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


@pytest.fixture(scope="session")
def _kept() -> dict[str, tuple[bytes, Customer]]:
    """Accounts by name, as the state file would carry them over a restart."""
    return {}


def _again(
    emulator: Emulator,
    kept: dict[str, tuple[bytes, Customer]],
    name: str,
    build: Callable[[], Customer],
) -> Customer:
    """What ``build`` makes, built once: later tests find the account and the time as then."""
    if name not in kept:
        built = build()
        kept[name] = (state.dump(emulator.clock.now()), built)
    body, customer = kept[name]
    emulator.clock.stopped_at = state.restore(body)
    return copy.deepcopy(customer)


@pytest.fixture
def customer(
    emulator: Emulator, clients: Accounts, _kept: dict[str, tuple[bytes, Customer]]
) -> Customer:
    return _again(emulator, _kept, "customer", lambda: Customer(clients))


@pytest.fixture
def available(
    emulator: Emulator, clients: Accounts, _kept: dict[str, tuple[bytes, Customer]]
) -> Customer:
    """The customer with an environment that is AVAILABLE."""

    def build() -> Customer:
        customer = Customer(clients)
        customer.create()
        emulator.clock.advance(25 * 60)
        emulator.advance()
        assert customer.status == "AVAILABLE"
        return customer

    return _again(emulator, _kept, "available", build)
