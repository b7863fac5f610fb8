"""What the MWAA backend needs of its surroundings: the clock, and the accounts by their APIs.

moto keeps its accounts in process-wide dictionaries, so there is one world per process.
"""

from dataclasses import dataclass, field

from rehearsal.emulator.accounts import Accounts
from rehearsal.emulator.clock import Clock


@dataclass
class World:
    """The surroundings of the emulated services."""

    clock: Clock = field(default_factory=Clock)
    accounts: Accounts = field(default_factory=Accounts)


_worlds: list[World] = [World()]


def world() -> World:
    """The world of this process."""
    return _worlds[-1]


def install(new: World) -> World:
    """Make ``new`` the world of this process."""
    _worlds[:] = [new]
    return new
