"""The program's last word: it waits for AVAILABLE, and a failed wait never turns into success."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pulumi
import pytest
from botocore.exceptions import ClientError

from mwaa.settings.load import Settings
from ops import follow
from ops.aws import AwsSession
from ops.errors import FailedError
from ops.follow import Followed
from ops.hooks import LastLook

T = TypeVar("T")
ACCOUNT = "123456789012"


def run(work: Coroutine[Any, Any, T]) -> T:
    """What ``work`` returns, on a loop that leaves no trace in the SDK or in the thread.

    ``asyncio.run`` would leave the thread without a loop, and the SDK waits for every output that
    was ever made: tests of components in the same process would fail.
    """
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        while left := asyncio.all_tasks(loop):
            loop.run_until_complete(asyncio.wait(left))
        loop.run_until_complete(asyncio.sleep(0))
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


def look(*, customer: bool = False) -> LastLook:
    return LastLook(
        environment="prod", region="us-east-1", customer_endpoints=customer, account=ACCOUNT
    )


@pytest.fixture(autouse=True)
def caller(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What STS answers of the hooks' credentials: the provider's account, unless a test says not.

    An exception as ``Account`` is raised.
    """
    answer: dict[str, Any] = {"Account": ACCOUNT}

    class Sts:
        def get_caller_identity(self) -> dict[str, Any]:
            if isinstance(answer["Account"], Exception):
                raise answer["Account"]
            return answer

    monkeypatch.setattr(AwsSession, "client", lambda _, service: Sts())
    return answer


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the hooks that were made; there is no engine to register them with."""
    names: list[str] = []

    class Hook:
        def __init__(self, name: str, callback: Any) -> None:
            names.append(name)
            self.callback = callback

    monkeypatch.setattr(pulumi, "ResourceHook", Hook)
    return names


def test_service_endpoints_wait_on_the_environment_itself(registered: list[str]) -> None:
    binding = look().for_environment()
    assert binding.after_create
    assert binding.after_update
    assert binding.before_create
    assert binding.before_update
    assert look().for_last_endpoint() is None
    assert not (binding.before_delete or binding.after_delete)


def test_customer_endpoints_wait_on_the_last_endpoint_or_would_deadlock(
    registered: list[str],
) -> None:
    binding = look(customer=True).for_environment()
    assert not binding.after_create
    assert binding.after_update
    last = look(customer=True).for_last_endpoint()
    assert last is not None
    assert last.after_create
    # The hooks of one program need names of their own.
    assert len(set(registered)) == len(registered) == 4


def test_endpoints_that_the_owner_makes_are_waited_for_by_the_environment_itself() -> None:
    looking = replace(look(customer=True), made_by_owner=True)
    assert looking.for_environment().after_create
    assert looking.for_last_endpoint() is None


def settled(monkeypatch: pytest.MonkeyPatch, *, preview: bool, before: str | None = None) -> str:
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: preview)

    async def wait() -> str:
        # What the engine awaits; an Output of plain values needs no engine.
        given = {"status": "PENDING", "environmentArn": "arn", "endpointIds": {}, "other": "kept"}
        outputs = look().settled(given, before=before)
        assert outputs["other"] == "kept"
        return str(await pulumi.Output.from_input(outputs["status"]).future())

    return run(wait())


def test_a_preview_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any, **__: Any) -> Followed:
        raise AssertionError("a preview must not wait")

    monkeypatch.setattr(follow, "follow", never)
    assert settled(monkeypatch, preview=True) == "PENDING"
    assert settled(monkeypatch, preview=True, before="AVAILABLE") == "AVAILABLE"


def test_an_update_exports_the_status_it_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        follow, "follow", lambda *_, **__: Followed("prod", "AVAILABLE", 1.0, ("AVAILABLE",))
    )
    assert settled(monkeypatch, preview=False) == "AVAILABLE"


def test_a_rerun_after_a_failed_wait_fails_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def failed(*_: Any, **__: Any) -> Followed:
        raise FailedError("prod is CREATE_FAILED")

    monkeypatch.setattr(follow, "follow", failed)
    for _ in range(2):
        with pytest.raises(pulumi.RunError, match="CREATE_FAILED"):
            settled(monkeypatch, preview=False)


def test_a_missing_permission_ends_the_program_with_the_statement_to_add(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def denied(*_: Any, **__: Any) -> Followed:
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetEnvironment")

    monkeypatch.setattr(follow, "follow", denied)
    with pytest.raises(pulumi.RunError, match='"Action": \\["airflow:GetEnvironment"\\]'):
        settled(monkeypatch, preview=False)


def proved(monkeypatch: pytest.MonkeyPatch, registered: list[str], answer: Any) -> list[Any]:
    """What the hook before the create asks of the last look, which answers or raises."""
    asked: list[Any] = []

    def prove(account: Any, inputs: Any, *, update: bool, tell: Any) -> Any:
        asked.append((inputs["name"], inputs["dagS3Path"], update))
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr("ops.last_look.prove", prove)
    made = pulumi.ResourceHookArgs("urn", "id", "env", "type", {"dagS3Path": "dags"})
    binding: Any = look().for_environment()
    run(binding.before_create[0].callback(made))
    run(binding.before_update[0].callback(made))
    return asked


def test_the_account_is_proved_before_a_create_and_before_an_update(
    monkeypatch: pytest.MonkeyPatch, registered: list[str]
) -> None:
    asked = proved(monkeypatch, registered, ())
    assert asked == [("prod", "dags", False), ("prod", "dags", True)]


def test_a_broken_rule_ends_the_run_with_its_own_words(
    monkeypatch: pytest.MonkeyPatch, registered: list[str]
) -> None:
    with pytest.raises(pulumi.RunError, match="no endpoint for sqs"):
        proved(monkeypatch, registered, FailedError("prod is not created: no endpoint for sqs"))


def test_what_the_last_look_could_not_see_is_reported_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, registered: list[str]
) -> None:
    warned: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", warned.append)
    proved(monkeypatch, registered, ("kms list_grants: denied, kms:ListGrants",))
    assert "kms:ListGrants" in warned[0]


@pytest.mark.parametrize(
    ("preview", "before", "found"),
    [
        (False, None, "https://a.example"),
        (True, "https://b.example", "https://b.example"),
        (True, None, ""),
    ],
)
def test_behind_customer_endpoints_the_address_is_read_after_the_wait(
    monkeypatch: pytest.MonkeyPatch, preview: bool, before: str | None, found: str
) -> None:
    class Service:
        def get_environment(self, **_: str) -> dict[str, Any]:
            return {"Environment": {"WebserverUrl": "a.example"}}

    class Emulated:
        mwaa = Service()

    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: preview)
    monkeypatch.setattr(LastLook, "_session", lambda _: Emulated())
    monkeypatch.setattr(
        follow, "follow", lambda *_, **__: Followed("prod", "AVAILABLE", 1.0, ("AVAILABLE",))
    )

    async def address() -> str:
        given = {"status": "PENDING", "environmentArn": "arn", "endpointIds": {}}
        outputs = look(customer=True).settled(given, before="AVAILABLE", address=before)
        return str(await pulumi.Output.from_input(outputs["webserverUrl"]).future())

    assert run(address()) == found


@pytest.mark.parametrize(
    ("account", "provider", "words"),
    [
        ("111111111111", {}, "would ask account 111111111111, and the provider works in 1234"),
        (
            ClientError({"Error": {"Code": "AccessDenied"}}, "AssumeRole"),
            {},
            "calling the AssumeRole",
        ),
        (ValueError("a defect"), {}, "(a defect)"),
        (ACCOUNT, {"httpProxy": "http://proxy"}, "cannot follow aws:httpProxy"),
    ],
    ids=["another account", "denied", "defect", "not followed"],
)
def test_hooks_step_aside_rather_than_judge_another_account(
    monkeypatch: pytest.MonkeyPatch,
    registered: list[str],
    caller: dict[str, Any],
    account: Any,
    provider: dict[str, Any],
    words: str,
) -> None:
    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("another account must not be asked")

    caller["Account"] = account
    warned: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", warned.append)
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: False)
    monkeypatch.setattr(follow, "follow", never)
    monkeypatch.setattr("ops.last_look.prove", never)
    monkeypatch.setattr("ops.target.describe", never)
    hooks = LastLook(
        environment="prod",
        region="us-east-1",
        customer_endpoints=True,
        account=ACCOUNT,
        provider=provider,
    )

    async def life() -> list[Any]:
        binding: Any = hooks.for_environment()
        made = pulumi.ResourceHookArgs("urn", "id", "env", "type", {"dagS3Path": "dags"})
        for hook in (*binding.before_create, *binding.before_update, *binding.after_update):
            await hook.callback(made)
        last: Any = hooks.for_last_endpoint()
        await last.after_create[0].callback(made)
        given = {"status": "PENDING", "environmentArn": "arn", "endpointIds": {}}
        outputs = hooks.settled(given, address="https://kept.example")
        return [
            await pulumi.Output.from_input(outputs[name]).future()
            for name in ("status", "webserverUrl")
        ]

    # The provider's own answers stand.
    assert run(life()) == ["PENDING", "https://kept.example"]
    (warning,) = warned
    assert words in warning and "left to the provider" in warning and "\n" not in warning


def test_hooks_are_those_of_the_stack_and_can_be_switched_off() -> None:
    def of(**values: str) -> LastLook | None:
        base = {"environmentName": "orders", "airflowVersion": "2.10.3"}
        zones = {"availabilityZones": '["eu-west-1a", "eu-west-1b"]'}
        settings = Settings.load({**base, **zones, **values}, region="eu-west-1", base=Path())
        return LastLook.of(settings, account=ACCOUNT, provider={"profile": "deploy"})

    found = of()
    assert found is not None
    assert (found.environment, found.region, found.account) == ("orders", "eu-west-1", ACCOUNT)
    assert of(lastLook="false") is None
