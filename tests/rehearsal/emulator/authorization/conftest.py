"""The execution role of an environment that is AVAILABLE."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rehearsal.airflow.account import Account
from rehearsal.emulator.server import Emulator, RunningServer
from tests.rehearsal.emulator.authorization.role import Role
from tests.rehearsal.emulator.platforms.customer import REGION, Customer


@pytest.fixture
def role(emulator: Emulator, available: Customer) -> Iterator[Role]:
    with RunningServer(emulator) as server:
        yield Role(Account(server.url, REGION), available)
