"""A verb on a stack works in the stack's account, and in no other."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from ops.aws import AwsSession
from ops.commands import drift, wait
from ops.commands.doctor import doctor
from ops.commands.doctor.fleet import Fleet
from ops.credentials import read
from ops.errors import RefusedError
from ops.follow import Goal
from ops.target import NoEnvironmentError, require_account, resolve
from tests.ops.test_cli import Service, account


class Elsewhere(Service):
    """The MWAA of account 222222222222."""

    def get_environment(self, *, Name: str) -> Any:  # noqa: N803 - the API's spelling
        answer = super().get_environment(Name=Name)
        arn = f"arn:aws:airflow:us-east-1:222222222222:environment/{Name}"
        return {"Environment": {**answer["Environment"], "Arn": arn}}


@pytest.mark.parametrize("name", ["production", "gone"])
def test_an_account_that_is_not_the_stacks_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """It may have an environment of the same name; where it has none, none is gone."""
    outputs = {"environmentName": name, "region": "us-east-1", "accountId": "111111111111"}
    there = account(Elsewhere())
    caller = SimpleNamespace(get_caller_identity=lambda: {"Account": "222222222222"})
    monkeypatch.setattr(AwsSession, "client", lambda *_: caller)
    words = "stack prod belongs to account 111111111111, and the credentials to account 2222"
    for module in ("ops.target", "ops.commands.wait", "ops.commands.doctor.doctor"):
        monkeypatch.setattr(f"{module}.access_of", lambda *_, **__: there)
    monkeypatch.setattr("ops.target.stack_outputs", lambda _: outputs)
    monkeypatch.setattr("ops.commands.wait.stack_outputs", lambda _: outputs)
    monkeypatch.setattr("ops.commands.doctor.doctor.pulumi", lambda *_, **__: json.dumps(outputs))
    for ask in (
        lambda: resolve(stack="prod"),
        lambda: drift.compare("prod"),
        lambda: wait.run(stack="prod", goal=Goal.DELETED),
        lambda: doctor.run(stacks=["prod"]),
    ):
        with pytest.raises(RefusedError, match=words) as refused:
            ask()
        assert not isinstance(refused.value, NoEnvironmentError)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"mwaa:expectedAccount": "111111111111"}, "belongs to account 111111111111, and the"),
        ({"aws:allowedAccountIds": '["111111111111"]'}, "belongs to account 111111111111, and the"),
        ({"aws:forbiddenAccountIds": ["222222222222"]}, "belongs to account another, and the"),
        ({"aws:allowedAccountIds": ["222222222222"], "mwaa:expectedAccount": "222222222222"}, ""),
        ({"mwaa:expectedAccount": ""}, ""),
    ],
)
def test_a_stack_that_was_never_made_is_kept_out_of_the_accounts_that_it_names(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any], words: str
) -> None:
    caller = SimpleNamespace(get_caller_identity=lambda: {"Account": "222222222222"})
    monkeypatch.setattr(AwsSession, "client", lambda *_: caller)
    if not words:
        require_account(AwsSession(), "prod", settings)
        return
    with pytest.raises(RefusedError, match=words):
        require_account(AwsSession(), "prod", settings)


def test_stacks_whose_providers_assume_other_roles_share_no_answer() -> None:
    def session(number: int) -> AwsSession:
        role = {"roleArn": f"arn:aws:iam::{number}:role/deploy"}
        return AwsSession(region="us-east-1", provider=read({"assumeRoles": json.dumps([role])}))

    fleet = Fleet()
    first, again, second = (fleet.reader(session(number)) for number in (1, 1, 2))
    assert first._clients is again._clients
    assert first._clients is not second._clients
