"""A running environment in an emulated AWS inside this process, and aws that look at it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from mwaa.iam_policies import execution_trust
from ops.aws import AwsSession
from ops.live.reader import AwsReader
from rehearsal.emulator import state
from rehearsal.emulator.accounts import Accounts
from rehearsal.emulator.clock import Clock
from rehearsal.emulator.server import Emulator, create_app
from rehearsal.emulator.world import install
from tests.rehearsal.emulator.platforms.customer import ACCOUNT, REGION, Customer


@dataclass
class Emulated:
    """One account with one AVAILABLE environment."""

    emulator: Emulator
    clients: Accounts
    customer: Customer
    made: dict[str, Any] = field(default_factory=dict)
    """Clients by service: to make one takes longer than all it is asked here."""

    def account(self) -> AwsSession:
        """The account as a verb sees it, answered in this process."""
        account = AwsSession(region=REGION)
        account.__dict__["session"] = self.clients.session(ACCOUNT, REGION)
        account.__dict__["config"] = None
        return account

    def aws(self) -> AwsReader:
        return AwsReader(self.account(), _clients=self.made)

    def described(self) -> dict[str, Any]:
        return self.customer.get()

    def multiply(self, number: int) -> list[str]:
        """Make it ``number`` environments that share network, role, key and bucket; their names."""
        names = self.customer.names
        trust = json.dumps(execution_trust(names))
        self.customer.client("iam").update_assume_role_policy(
            RoleName=names.role,
            PolicyDocument=trust.replace("environment/etl", "environment/*"),
        )
        more = [f"etl-{one}" for one in range(1, number)]
        for name in more:
            self.customer.create(Name=name)
        self.emulator.clock.advance(25 * 60)
        self.emulator.advance()
        return ["etl", *more]

    def requests(self) -> list[dict[str, Any]]:
        return self.emulator.gateway.journal.read()


@cache
def _emulated() -> tuple[Emulator, Accounts]:
    """One emulated AWS for all, and clients that know their services' models already."""
    return create_app(clock=Clock(speed=10_000.0)), Accounts()


_made: list[tuple[bytes, Customer]] = []
"""The account as it is made first, as the state file would carry it over a restart."""


@contextmanager
def emulated() -> Iterator[Emulated]:
    """An environment made by the API alone: nothing in the account is from this project."""
    emulator, clients = _emulated()
    emulator.load()
    install(emulator.world)
    emulator.reset()
    clients.connect(emulator)
    try:
        if not _made:
            _made.append(_customer(emulator, clients))
        body, customer = _made[0]
        emulator.clock.offset = state.restore(body)
        yield Emulated(emulator, clients, copy.deepcopy(customer))
    finally:
        emulator.reset()


def _customer(emulator: Emulator, clients: Accounts) -> tuple[bytes, Customer]:
    emulator.clock.offset = 0.0
    customer = Customer(clients)
    customer.create()
    emulator.clock.advance(25 * 60)
    emulator.advance()
    assert customer.status == "AVAILABLE"
    return state.dump(emulator.clock.offset), customer
