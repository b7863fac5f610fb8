"""What the emulated service fails late, the policy pack refuses and the doctor names."""

from collections.abc import Callable
from functools import cache

import pytest

from ops.aws import AwsSession
from ops.commands.doctor import doctor
from ops.live import platform as live
from ops.live.reader import AwsReader
from policy.analysis.iam import permissions
from policy.analysis.network import reachability
from policy.rules.catalog import catalog
from policy.rules.rule import Verdict
from policy.verdicts import Verdicts
from rehearsal.emulator.accounts import Accounts
from rehearsal.emulator.mwaa import models, reading
from rehearsal.emulator.mwaa.build_checks import INCORRECT_CONFIGURATION
from rehearsal.emulator.server import Emulator
from tests.rehearsal.emulator.mwaa.test_control_plane import forward
from tests.rehearsal.emulator.mwaa.test_lifecycle import CREATE, HOUR
from tests.rehearsal.emulator.platforms.customer import ACCOUNT, REGION, SERVICES, Customer
from tests.rehearsal.emulator.platforms.late import LATE
from tests.rehearsal.emulator.platforms.planned import PLANNED, Planned

CAUSE = {
    **{f"no_{service}": "mwaa-network-required-endpoints" for service in SERVICES},
    "no_self_rule_443": "mwaa-network-reaches-itself",
    "no_self_rule_5432": "mwaa-network-reaches-itself",
    "acl_in_the_way": "mwaa-network-acls-pass",
    "endpoint_without_private_dns": "mwaa-network-endpoint-private-dns",
    "endpoint_closed_by_its_group": "mwaa-network-endpoint-groups-admit-https",
    "endpoint_closed_by_its_policy": "mwaa-network-endpoint-policies-allow",
    "role_without_ReadSourceBucket": "mwaa-identity-may-read-bucket",
    "role_without_WriteLogs": "mwaa-identity-may-write-logs",
    "role_without_UseCeleryQueue": "mwaa-identity-may-use-queue",
    "role_without_the_key": "mwaa-identity-may-use-customer-key",
    "role_behind_a_boundary": "mwaa-identity-boundary-permits",
}
"""The rule that names the cause of each late failure, for plan and account alike."""

# The boundary is a policy that the plan makes, so that the pack says what it keeps the role from.
IN_THE_PLAN = CAUSE | {"role_behind_a_boundary": "mwaa-identity-may-use-queue"}
RULES = {rule.id: rule for rule in catalog()}


def refused(plan: Planned) -> set[str]:
    """The mandatory policies that the plan violates, judged as the pack judges a preview."""
    verdicts = Verdicts()
    verdicts.judge(plan.resources.values())
    return {
        rule.id
        for rule in catalog()
        if rule.enforcement == "mandatory"
        for finding, *_ in verdicts.take(rule, plan.resources.values)
        if finding.verdict is Verdict.FAIL
    }


@pytest.fixture(scope="module")
def account(_clients: Accounts) -> AwsSession:
    """The doctor's way into the account: its session is answered in this process."""
    account = AwsSession(region=REGION)
    session = _clients.session(ACCOUNT, REGION)
    setattr(session, "client", cache(session.client))  # noqa: B010 - each takes a tenth of a second
    account.__dict__["session"] = session  # a cached property
    return account


def test_every_late_failure_is_a_case_of_both_origins() -> None:
    late = {break_it.__name__ for break_it in LATE}
    assert late == set(CAUSE) == set(PLANNED)
    assert {RULES[name].enforcement for name in (*CAUSE.values(), *IN_THE_PLAN.values())} == {
        "mandatory"
    }


def test_a_compliant_plan_is_not_refused_for_network_role_or_key() -> None:
    rooms = {name.split("-")[1] for name in refused(Planned())}
    assert not rooms & {"network", "encryption"}
    assert not refused(Planned()) & set(IN_THE_PLAN.values())


@pytest.mark.parametrize("name", sorted(PLANNED))
def test_the_policy_pack_refuses_at_preview_what_the_service_fails_late(name: str) -> None:
    plan = Planned()
    PLANNED[name](plan)
    assert IN_THE_PLAN[name] in refused(plan)


def test_a_compliant_environment_is_not_failed(available: Customer, account: AwsSession) -> None:
    inspected = doctor.Inspected(aws=account, name="etl", described=available.get())
    found = doctor.examine(inspected, AwsReader(account))
    broken = {one.rule.id for one in found.judgments if one.verdict is Verdict.FAIL}
    assert not broken & set(CAUSE.values())


@pytest.mark.parametrize("break_it", LATE, ids=lambda value: value.__name__)
def test_what_the_service_keeps_to_itself_the_doctor_names_in_its_first_line(
    emulator: Emulator,
    customer: Customer,
    account: AwsSession,
    break_it: Callable[[Customer], None],
) -> None:
    break_it(customer)
    customer.create()
    forward(emulator, CREATE)
    assert customer.status == "CREATING"
    forward(emulator, HOUR)
    environment = customer.get()
    error = environment["LastUpdate"]["Error"]
    assert (environment["Status"], environment["LastUpdate"]["Status"]) == (
        "CREATE_FAILED",
        "FAILED",
    )
    assert (error["ErrorCode"], error["ErrorMessage"]) == INCORRECT_CONFIGURATION
    inspected = doctor.Inspected(aws=account, name="etl", described=environment)
    first = doctor.examine(inspected, AwsReader(account)).text(passes=False).splitlines()[0]
    assert "CREATE_FAILED" in first
    assert RULES[CAUSE[break_it.__name__]].title in first
    customer.mwaa.delete_environment(Name="etl")
    forward(emulator, HOUR)
    assert customer.mwaa.list_environments()["Environments"] == []


def test_the_service_and_the_doctor_see_the_same_network(
    available: Customer, account: AwsSession
) -> None:
    (environment,) = models.environments()
    service = reading.platform(environment)
    doctors = live.read(AwsReader(account), available.get())
    proved = [
        {(reach.subnet, reach.target, reach.port): reach.verdict for reach in found}
        for found in (reachability.prove(service), reachability.prove(doctors))
    ]
    assert proved[0] == proved[1]
    may = [
        [(item.required.action, item.required.resources, item.verdict) for item in found]
        for found in (permissions.prove(service), permissions.prove(doctors))
    ]
    assert may[0] == may[1]
