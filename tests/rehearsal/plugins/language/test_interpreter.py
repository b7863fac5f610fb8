"""What a program of a rehearsal imports ahead, and sends to the engine beside its resources."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

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


def test_an_order_that_has_come_waits_for_no_import(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("import sys\nprint('pulumi' in sys.modules)\n")
    order: interpreter.Order = {"cwd": str(tmp_path), "argv": [], "path": str(program)}
    told = tmp_path / "order.json"
    told.write_text(json.dumps(order))
    command = [sys.executable, "-P", interpreter.__file__]
    # A file can be read at any moment, as a pipe that something is in.
    with told.open() as order_file:
        done = subprocess.run(command, stdin=order_file, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
