"""What a program of a rehearsal sends to the engine beside its resources."""

from __future__ import annotations

import pulumi
import pytest
from pulumi.runtime.proto import engine_pb2

from rehearsal.plugins.language import interpreter


class Engine:
    """Remembers the messages."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def Log(self, request: engine_pb2.LogRequest) -> None:  # noqa: N802
        self.told.append(request.message)


def test_debug_messages_stay_here_and_all_others_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine()
    monkeypatch.setattr("pulumi.runtime.settings.get_engine", lambda: engine)
    interpreter.send_no_debug_messages()
    for level in ("debug", "info", "warn", "error"):
        getattr(pulumi.log, level)(level)
    assert engine.told == ["info", "warn", "error"]
