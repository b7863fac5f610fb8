"""How a living account is broken: by boto3, by an event of the service, or before a create.

The doctor looks at what is left. Where no account can be so, its answer is altered: see
``answers``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError, ParamValidationError

from mwaa.names import Names
from mwaa.settings.load import Settings
from ops.aws import AwsSession
from ops.commands.doctor import planned
from ops.commands.doctor.doctor import Inspected, Rules, examine
from ops.live.reader import AwsReader
from ops.target import describe
from policy.rules.catalog import catalog
from policy.rules.rule import Verdict
from rehearsal.cli.workspace import ROOT
from rehearsal.emulator import control, state
from rehearsal.emulator.accounts import Accounts
from rehearsal.emulator.clock import Clock
from rehearsal.emulator.server import create_app
from rehearsal.emulator.world import install
from tests.e2e.stacks.shapes import private_vpc, write_log_events
from tests.mutants.recorded import AGE, NAME, Recorded

ACCOUNT, OTHER, REGION = "123456789012", "999999999999", "us-east-1"
NAMES = Names(NAME, REGION, ACCOUNT)
NEXT = "next"
"""The environment that is to be created, where the doctor looks before a create."""


@dataclass(frozen=True, kw_only=True)
class LiveMutant:
    """One broken thing in an account. ``act`` breaks it.

    ``before``: the doctor looks before a create, and ``act`` returns the settings of the stack that
    differ. ``answered`` are members of GetEnvironment's answer no account has, and ``reason`` why.
    """

    rule: str
    act: Callable[[LiveAccount], Any] = lambda _: None
    before: bool = False
    answered: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


def acted(rule: str, act: Callable[[LiveAccount], Any]) -> LiveMutant:
    """Broken by calls of boto3, after the create."""
    return LiveMutant(rule=rule, act=act)


def before(rule: str, act: Callable[[LiveAccount], Mapping[str, Any] | None]) -> LiveMutant:
    """Broken before a create: an account, or a choice, that cannot carry the environment."""
    return LiveMutant(rule=rule, act=act, before=True)


class LiveAccount:
    """The recorded account, alive in this process, and put back after each mutant.

    It is broken as old as it was recorded; the doctor looks ``AGE`` later.
    """

    def __init__(self, recorded: Recorded) -> None:
        # The service's work takes no time: what is asked of it is done at the next call.
        self.emulator = create_app(clock=Clock(speed=1e9))
        self.emulator.load()
        self.emulator.reset()
        install(self.emulator.world)
        assert state.load(recorded.account) == -AGE
        self.clients = Accounts()
        self.clients.connect(self.emulator)
        self.ids = {
            f"{r.type.rpartition(':')[2]} {r.name}": str(r.props["id"])
            for r in recorded.plan
            if r.type.startswith("aws:") and "id" in r.props
        }
        self.bucket = self.ids["Bucket mwaa-source-bucket"]
        self.key = self.ids["Key mwaa-encryption-key"]
        self.credentials: tuple[str, str] | None = None
        self.emulator.clock.offset = -AGE
        write_log_events(self.client("logs"), NAME)
        self.vpc = private_vpc(self.client("ec2"))
        _forget_other_partitions()
        self._kept = state.dump(-AGE)
        # Clients cost more than a diagnosis: by who calls.
        self._made: dict[tuple[str, str] | None, dict[str, Any]] = {}

    def client(self, service: str, region: str = REGION, account: str = ACCOUNT) -> Any:
        return self.clients.client(service, account, region)

    def restore(self) -> None:
        """The account as it was recorded."""
        self.emulator.clock.offset = state.restore(self._kept)
        self.credentials = None

    def close(self) -> None:
        self.emulator.reset()
        self.emulator.close()

    def occur(self, **event: Any) -> None:
        """Let an event happen to the environment, over the emulator's control endpoint."""
        body = json.dumps({"name": NAME, **event}).encode()
        status, answer = control.answer(self.emulator, "POST", "environments", {}, body)
        assert status == 200, answer

    def update(self, **changes: Any) -> None:
        """UpdateEnvironment, to its end."""
        self.client("mwaa").update_environment(Name=NAME, **changes)
        self.emulator.advance()

    def recreate(self, **changes: Any) -> None:
        """The environment deleted and created again with other members; None leaves one out."""
        mwaa = self.client("mwaa")
        wish = mwaa.get_environment(Name=NAME)["Environment"]
        members = mwaa.meta.service_model.operation_model("CreateEnvironment").input_shape.members
        wish = {k: v for k, v in {**wish, **changes}.items() if k in members}
        for module in wish["LoggingConfiguration"].values():
            module.pop("CloudWatchLogGroupArn", None)
        wish = {k: v for k, v in wish.items() if v not in (None, {})}
        mwaa.delete_environment(Name=NAME)
        self.emulator.advance()
        mwaa.create_environment(**wish)
        self.emulator.advance()

    def resists(self, mutant: LiveMutant) -> bool:
        """Whether the account does not become what the mutant tells, though it is asked to."""
        try:
            self.recreate(**mutant.answered)
        except (ClientError, ParamValidationError):
            return True
        there = self.client("mwaa").get_environment(Name=NAME)["Environment"]
        return any(there.get(member) != value for member, value in mutant.answered.items())

    def diagnose(
        self, mutant: LiveMutant | None = None, *, is_before: bool = False
    ) -> frozenset[str]:
        """The rules that the doctor finds broken, once the mutant has been at work."""
        chosen = (mutant.act(self) if mutant else None) or {}
        self.emulator.clock.advance(max(0.0, -self.emulator.clock.offset))
        is_before = mutant.before if mutant else is_before
        account = self._account()
        if is_before:
            inspected = self._planned(account, chosen)
        else:
            answered = mutant.answered if mutant else {}
            inspected = Inspected(account, NAME, {**describe(account, NAME), **answered})
        rules = profile_of(mutant.rule) if mutant else Rules.NO_INTERNET
        made = self._made.setdefault(self.credentials, {})
        diagnosis = examine(inspected, AwsReader(account, _clients=made), rules)
        assert not diagnosis.denied, diagnosis.denied
        return frozenset(j.rule.id for j in diagnosis.judgments if j.verdict is Verdict.FAIL)

    def _planned(self, account: AwsSession, chosen: Mapping[str, Any]) -> Inspected:
        """The inspected that the doctor makes of a stack which was never brought up."""
        values = {**self.settings(), **chosen}
        raw = {
            key: value if isinstance(value, str) else json.dumps(value)
            for key, value in values.items()
            if value is not None
        }
        settings = Settings.load(raw, region=REGION, base=ROOT)
        name = settings.environment_name
        return Inspected(account, name, planned.described(settings), {}, settings)

    def settings(self) -> dict[str, Any]:
        """The settings of a compliant stack in a VPC that exists."""
        return {
            "environmentName": NEXT,
            "airflowVersion": "3.2.1",
            **self.vpc.settings,
            "endpointProfile": "full",
            "weeklyMaintenanceWindowStart": "SUN:03:30",
            "webserverClientCidrs": ["10.64.0.0/16"],
        }

    def _account(self) -> AwsSession:
        account = AwsSession(region=REGION)
        session = self.clients.session(ACCOUNT, REGION)
        if self.credentials:
            session._session.set_credentials(*self.credentials)
        account.__dict__["session"] = session
        account.__dict__["config"] = None
        return account


def _forget_other_partitions() -> None:
    """moto has an IAM per partition, each with a thousand policies: five sixths of a restore."""
    from moto.iam.models import iam_backends

    for _, partition, backend in list(iam_backends.iter_backends()):
        if partition != "aws":
            iam_backends[backend.account_id].pop(partition, None)


def profile_of(rule: str) -> Rules:
    """The profile that judges a mutant: its rule's own, else the one the platform chooses."""
    profiles = {rule.id: rule.profile for rule in catalog()}
    return Rules(profiles.get(rule) or Rules.NO_INTERNET)
