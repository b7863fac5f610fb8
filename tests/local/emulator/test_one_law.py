"""What the emulated service fails late, the doctor names, by the same law."""

from collections.abc import Callable

import pytest

from checks.catalogue import judge
from day2 import live
from day2.account import Account
from day2.living.eyes import Eyes
from local.emulator.accounts import Accounts
from local.emulator.backends.mwaa import lifecycle, survey
from local.emulator.server import Emulator
from mwaa.subject import Subject
from proofs import permissions, reachability
from proofs.verdict import Verdict
from tests.local.emulator.customer import ACCOUNT, REGION, Customer
from tests.local.emulator.test_control_plane import forward
from tests.local.emulator.test_lifecycle import LATE


def seen_by_the_doctor(clients: Accounts, customer: Customer) -> Subject:
    account = Account(region=REGION)
    # A cached property: the doctor's session is answered in this process.
    account.__dict__["session"] = clients.session(ACCOUNT, REGION)
    return live.read(Eyes(account), customer.get())


def broken(clients: Accounts, customer: Customer) -> set[str]:
    """The mandatory checks that fail on the living environment."""
    subject = seen_by_the_doctor(clients, customer)
    return {
        judgement.check.id
        for judgement in judge(subject)
        if judgement.check.severity == "mandatory" and judgement.verdict is Verdict.FAIL
    }


@pytest.mark.parametrize("break_it", LATE, ids=lambda value: value.__name__)
def test_the_doctor_names_what_the_service_keeps_to_itself(
    emulator: Emulator,
    customer: Customer,
    clients: Accounts,
    break_it: Callable[[Customer], None],
) -> None:
    customer.create()
    lawful = broken(clients, customer)
    break_it(customer)
    named = broken(clients, customer) - lawful
    forward(emulator, 25 * 60 + 3600)
    assert customer.status == "CREATE_FAILED"
    assert named
    assert all(name.split("-")[1] in ("network", "identity", "encryption") for name in named)


def test_the_service_and_the_doctor_see_the_same_network(
    emulator: Emulator, customer: Customer, clients: Accounts
) -> None:
    customer.create()
    forward(emulator, 25 * 60)
    (environment,) = lifecycle.environments()
    service, doctor = survey.read(environment), seen_by_the_doctor(clients, customer)
    proved = [
        {(reach.subnet, reach.target, reach.port): reach.verdict for reach in found}
        for found in (reachability.prove(service), reachability.prove(doctor))
    ]
    assert proved[0] == proved[1]
    may = [
        [(item.need.action, item.need.resources, item.verdict) for item in found]
        for found in (permissions.prove(service), permissions.prove(doctor))
    ]
    assert may[0] == may[1]
