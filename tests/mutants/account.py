"""How a living account is broken: by boto3, in GetEnvironment's answer, or in another answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from day2 import live
from day2.account import Account
from day2.living.eyes import Eyes
from local.emulator import state
from local.emulator.accounts import Accounts
from local.emulator.clock import Clock
from local.emulator.server import create_app
from local.emulator.world import found
from mwaa.subject import Subject
from tests.mutants.recorded import NAME, Recorded

ACCOUNT, REGION = "123456789012", "us-east-1"
Answers = Mapping[tuple[str, str], Callable[[Any], Any]]


class Court:
    """The recorded account, alive in this process, and put back after each mutant."""

    def __init__(self, recorded: Recorded) -> None:
        self.emulator = create_app(clock=Clock(speed=10_000.0))
        self.emulator.load()
        found(self.emulator.world)
        offset = state.load(recorded.account)
        self.emulator.clock.offset = offset or 0.0
        self.clients = Accounts()
        self.clients.connect(self.emulator)
        self.ids = {
            f"{r.type.rpartition(':')[2]} {r.name}": str(r.props["id"])
            for r in recorded.plan
            if r.type.startswith("aws:") and "id" in r.props
        }
        self.ids["bucket"] = self.ids["Bucket mwaa-source-bucket"]
        self._made: dict[str, Any] = {}
        self._log()
        self._kept = state.dump(self.emulator.clock.now())

    def client(self, service: str) -> Any:
        return self.clients.client(service, ACCOUNT, REGION)

    def restore(self) -> None:
        """The account as it was recorded."""
        state.restore(self._kept)

    def close(self) -> None:
        self.emulator.reset()
        self.emulator.close()

    def read(self, mutant: LiveMutant | None = None) -> Subject:
        """The subject, with what the mutant does to the account or to its answers."""
        account = Account(region=REGION)
        account.__dict__["session"] = self.clients.session(ACCOUNT, REGION)
        account.__dict__["config"] = None
        eyes = Altered(account, _clients=self._made)
        described = dict(self.client("mwaa").get_environment(Name=NAME)["Environment"])
        if mutant:
            if mutant.act:
                mutant.act(self)
            described |= mutant.described
            eyes.answers = mutant.answers
        subject = live.read(eyes, described, before=bool(mutant and mutant.before))
        assert not eyes.denied, eyes.denied
        return subject

    def _log(self) -> None:
        """What a running environment logs."""
        logs = self.client("logs")
        for group in logs.describe_log_groups(logGroupNamePrefix=f"airflow-{NAME}-")["logGroups"]:
            name = group["logGroupName"]
            logs.create_log_stream(logGroupName=name, logStreamName="mutants")
            now = self.emulator.clock.now()
            event = {"timestamp": int(now * 1000), "message": "alive"}
            logs.put_log_events(logGroupName=name, logStreamName="mutants", logEvents=[event])


@dataclass
class Altered(Eyes):
    """Eyes that see other answers than AWS gave."""

    answers: Answers = field(default_factory=dict)

    def see(self, service: str, operation: str, *given: Any, **wish: Any) -> Any:
        answer = super().see(service, operation, *given, **wish)
        change = self.answers.get((service, operation))
        return change(json.loads(json.dumps(answer, default=_plain))) if change else answer


def _plain(value: Any) -> Any:
    return value.timestamp() if hasattr(value, "timestamp") else str(value)


@dataclass(frozen=True, kw_only=True)
class LiveMutant:
    """One broken thing in an account: ``act`` breaks it, or an answer says that it is broken."""

    rule: str
    act: Callable[[Court], Any] | None = None
    described: Mapping[str, Any]
    answers: Answers
    before: bool = False


def acted(rule: str, act: Callable[[Court], Any]) -> LiveMutant:
    """Broken by calls of boto3."""
    return LiveMutant(rule=rule, act=act, described={}, answers={})


def told(rule: str, **described: Any) -> LiveMutant:
    """GetEnvironment says so."""
    return LiveMutant(rule=rule, described=described, answers={})


def answered(
    rule: str, service: str, operation: str, change: Callable[[Any], Any], *, before: bool = False
) -> LiveMutant:
    """Another call says so."""
    return LiveMutant(
        rule=rule, described={}, answers={(service, operation): change}, before=before
    )


def with_act(mutant: LiveMutant, act: Callable[[Court], Any]) -> LiveMutant:
    return replace(mutant, act=act)
