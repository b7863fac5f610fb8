"""One Python process that runs one program: the receiving end of `spare.Spare`.

It imports the SDK first and reads its order from standard input after, so that the import runs
while the engine is still starting plugins. Exit codes: the program's own; `REPORTED` when the
error has been shown already and the host must not repeat it.
"""

from __future__ import annotations

import importlib
import json
import os
import runpy
import select
import signal
import sys
import traceback
from contextlib import suppress
from typing import Any, TypedDict

REPORTED = 32
"""The program failed and its error is already in the engine's log."""

# What nearly every program and pack imports; a package that is missing is simply not warmed.
WARM = (
    *("pulumi", "pulumi_aws", "pulumi_awsx", "yaml"),
    *("pydantic.alias_generators", "pydantic.fields", "pydantic.main", "pydantic.types"),
)


DEBUG = "MWAA_REHEARSAL_DEBUG"
"""The variable that asks for the SDK's debug messages, which only `--debug` shows. The SDK sends
several for each resource and waits for every answer: a fifth of the processor time of a preview."""


class Order(TypedDict, total=False):
    """What to run: one JSON object on one line.

    `module` runs like `python -m`, else `path` runs a file or a directory with `__main__.py`.
    `settings` (engine, monitor, project, stack, ...) makes the run a stack's program.
    """

    cwd: str
    argv: list[str]
    env: dict[str, str]
    module: str
    path: str
    settings: dict[str, Any]


def main() -> None:
    """Warm up, wait for an order, obey it, exit."""
    # The engine interrupts the whole process group to end it: die at once, without a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    for name in WARM:
        if select.select([0], [], [], 0)[0]:
            break  # The order has come, and knows what it needs: a policy pack needs half of this.
        with suppress(ImportError):
            importlib.import_module(name)
    line = sys.stdin.readline()
    if not line:
        os._exit(0)  # never needed: the host closed the pipe
    order: Order = json.loads(line)
    os.environ.update(order.get("env", {}))
    os.chdir(order["cwd"])
    if settings := order.get("settings"):
        sys.exit(run_stack(order["path"], order["argv"], settings))
    sys.path[0:0] = [order["cwd"]] if "module" in order else []
    sys.argv = [order.get("module") or order["path"], *order["argv"]]
    if "module" in order:
        runpy.run_module(order["module"], run_name="__main__", alter_sys=True)
    else:
        runpy.run_path(order["path"], run_name="__main__")


def run_stack(path: str, argv: list[str], settings: dict[str, Any]) -> int:
    """Run the program at `path` as a stack's program; the exit code says how it ended."""
    import asyncio

    import grpc
    import pulumi
    import pulumi.runtime

    pulumi.runtime.configure(pulumi.runtime.Settings(**settings))
    pulumi.runtime.set_all_config(
        pulumi.runtime.get_config_env(), pulumi.runtime.get_config_secret_keys_env()
    )
    if DEBUG not in os.environ:
        send_no_debug_messages()
    sys.argv = [path, *argv]

    def program() -> None:
        runpy.run_path(path, run_name="__main__")

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(pulumi.runtime.run_in_stack(program))
    except pulumi.RunError as error:
        return _tell(str(error))
    except grpc.RpcError as error:
        # The engine has closed its side, having said why: another error would only be noise.
        if error.code() == grpc.StatusCode.UNAVAILABLE:
            return REPORTED
        return _report(error)
    except Exception as error:
        return _report(error)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        loop.close()
    return 0


def send_no_debug_messages() -> None:
    """Keep the SDK's debug messages from the engine, which does not show them."""
    from pulumi.runtime.proto import engine_pb2
    from pulumi.runtime.settings import get_engine

    engine: Any = get_engine()
    log = engine.Log

    def send(request: engine_pb2.LogRequest) -> None:
        if request.severity != engine_pb2.DEBUG:
            log(request)

    engine.Log = send


def _report(error: BaseException) -> int:
    """Print the traceback, without the frames of this file and of the SDK's event loop."""
    frames = error.__traceback__
    while frames is not None and frames.tb_next is not None and not _is_users(frames):
        frames = frames.tb_next
    text = "".join(traceback.format_exception(type(error), error, frames))
    return _tell("Program failed with an unhandled exception:\n" + text)


def _tell(text: str) -> int:
    """Put an error into the engine's log; on standard error when the engine is gone."""
    import grpc
    import pulumi

    try:
        pulumi.log.error(text)
    except grpc.RpcError:
        print(text, file=sys.stderr)
    return REPORTED


def _is_users(frames: Any) -> bool:
    name = frames.tb_frame.f_code.co_filename
    return not (
        name == __file__
        or name.startswith("<frozen")
        or name.endswith(("/runpy.py", "/asyncio/base_events.py", "/pulumi/runtime/stack.py"))
    )


if __name__ == "__main__":
    main()
