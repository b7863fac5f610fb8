"""Runs a function as a Pulumi program against mocks, to its end."""

from collections.abc import Callable, Coroutine
from typing import Any

from pulumi.runtime import mocks
from pulumi.runtime.settings import SETTINGS
from pulumi.runtime.stack import run_pulumi_func
from pulumi.runtime.sync_await import _sync_await


def run(
    program: Callable[[], Coroutine[Any, Any, None]], cloud: mocks.Mocks, monitor: mocks.MockMonitor
) -> None:
    """Waits for every registration of ``program`` and every output that it made."""
    mocks.set_mocks(
        cloud,
        project="mwaa",
        stack="test",
        organization="organization",
        monitor=monitor,
        preview=False,
    )
    # The SDK waits for every output of the process: those of another test have a closed loop.
    SETTINGS.outputs.clear()
    _sync_await(run_pulumi_func(program))
