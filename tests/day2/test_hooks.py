"""The program's last word: it waits for AVAILABLE, and a failed wait never turns into success."""

import asyncio
from typing import Any

import pulumi
import pytest

from day2 import hooks
from day2.failure import FailedError
from day2.hooks import LastLook
from day2.wait import Followed


def look(*, customer: bool = False) -> LastLook:
    return LastLook(environment="prod", region="us-east-1", customer_endpoints=customer)


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
    # Two hooks of one program need two names.
    assert len(set(registered)) == 2


def settled(monkeypatch: pytest.MonkeyPatch, *, preview: bool, before: str | None = None) -> str:
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: preview)

    async def wait() -> str:
        # What the engine awaits; an Output of plain values needs no engine.
        given = {"status": "PENDING", "environmentArn": "arn", "endpointIds": {}, "other": "kept"}
        outputs = look().settled(given, before=before)
        assert outputs["other"] == "kept"
        return str(await pulumi.Output.from_input(outputs["status"]).future())

    return asyncio.run(wait())


def test_a_preview_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any, **__: Any) -> Followed:
        raise AssertionError("a preview must not wait")

    monkeypatch.setattr(hooks, "follow", never)
    assert settled(monkeypatch, preview=True) == "PENDING"
    assert settled(monkeypatch, preview=True, before="AVAILABLE") == "AVAILABLE"


def test_an_update_exports_the_status_it_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        hooks, "follow", lambda *_, **__: Followed("prod", "AVAILABLE", 1.0, ("AVAILABLE",))
    )
    assert settled(monkeypatch, preview=False) == "AVAILABLE"


def test_a_rerun_after_a_failed_wait_fails_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def failed(*_: Any, **__: Any) -> Followed:
        raise FailedError("prod is CREATE_FAILED")

    monkeypatch.setattr(hooks, "follow", failed)
    for _ in range(2):
        with pytest.raises(pulumi.RunError, match="CREATE_FAILED"):
            settled(monkeypatch, preview=False)


def test_a_missing_permission_ends_the_program_with_the_statement_to_add(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from botocore.exceptions import ClientError

    def denied(*_: Any, **__: Any) -> Followed:
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetEnvironment")

    monkeypatch.setattr(hooks, "follow", denied)
    with pytest.raises(pulumi.RunError, match='"Action": \\["airflow:GetEnvironment"\\]'):
        settled(monkeypatch, preview=False)
