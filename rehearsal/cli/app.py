"""The command line of a rehearsal. Each verb has a file of its own; this one only chooses."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rehearsal.cli import engine_run
from rehearsal.cli.console import Console
from rehearsal.cli.verbs import airflow, clean, down, env, preview, status, up, upgrade
from rehearsal.cli.workspace import RehearsalError, Workspace
from rehearsal.engine import EngineError

DEFAULT_STACK = "local"


def parser() -> argparse.ArgumentParser:
    """The verbs and their options."""
    top = argparse.ArgumentParser(prog="python -m rehearsal", description=__doc__.split("\n")[0])
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(name: str, text: str, *, stack: str | None = DEFAULT_STACK) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=text, description=text)
        if name not in ("status", "clean", "serve", "upgrade"):
            added.add_argument("--stack", default=stack, help="a Pulumi.<stack>.yaml (%(default)s)")
        return added

    up = verb("up", "bring a stack up in the emulated AWS and wait until it is AVAILABLE")
    preview = verb("preview", "show what up would do, judged by the policy pack")
    airflow = verb("airflow", "run a real Airflow behind the environment of a stack that is up")
    verb("status", "show what is up; starts nothing")
    verb("down", "destroy one stack, or all, and stop the emulated AWS", stack=None)
    verb("env", "print shell exports that select the emulated AWS; starts it")
    verb("clean", "stop the emulated AWS and discard the rehearsal's state")
    upgrade = verb("upgrade", "try an upgrade on a copy: `mwaa upgrade --rehearse` starts this")
    upgrade.add_argument("folder", type=Path, help="the copy, as mwaa writes it")
    upgrade.add_argument("--to", required=True, help="the Airflow version")
    serve = verb("serve", "run the emulated AWS in the foreground")
    for command in (up, preview):
        command.add_argument(
            "--policy-config",
            type=Path,
            help="JSON file of rule to enforcement for the policy pack (each as it is)",
        )
        command.add_argument(
            "--plugins",
            choices=("stand-in", "published"),
            default="stand-in",
            help="the provider plugins (%(default)s)",
        )
    for command in (up, airflow, serve):
        command.add_argument("--port", type=_port, help="a port of 127.0.0.1 (a free one)")
    for command in (up, serve):
        command.add_argument("--speed", type=_speed, help="emulated seconds per second")
    serve.add_argument("--state", type=Path, help="file that keeps the account over a restart")
    serve.add_argument("--forks", type=Path, help="socket behind which plugins are forked")
    return top


def main(arguments: Sequence[str] | None = None, workspace: Workspace | None = None) -> int:
    """Run one verb; the exit code is 0 when it did what was asked."""
    given = parser().parse_args(arguments)
    if given.verb == "serve":
        return _serve(given.port or 0, given.speed, given.state, given.forks)
    with Console() as console:
        try:
            code = _run(given, _configured(workspace or Workspace(), given), console)
            sys.stdout.flush()
            return code
        except (RehearsalError, EngineError) as error:
            console.say(f"error: {error}")
            return 1
        except KeyboardInterrupt:
            console.say("interrupted: what was done is kept, the same command goes on from there")
            return 128 + signal.SIGINT
        except BrokenPipeError:
            # The reader has gone; https://docs.python.org/3/library/signal.html#note-on-sigpipe
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 128 + signal.SIGPIPE


def _configured(workspace: Workspace, given: argparse.Namespace) -> Workspace:
    """The workspace with the plugins and the pack configuration that were given, the latter read
    once before anything else."""
    workspace = replace(workspace, published=getattr(given, "plugins", "") == "published")
    file: Path | None = getattr(given, "policy_config", None)
    if file is None:
        return workspace
    engine_run.policy_config(file)
    return replace(workspace, policy_config=file.resolve())


def _run(given: argparse.Namespace, workspace: Workspace, console: Console) -> int:
    match given.verb:
        case "up":
            up.run(workspace, given.stack, console, port=given.port, speed=given.speed)
        case "airflow":
            airflow.run(workspace, given.stack, console, port=given.port)
        case "preview":
            preview.run(workspace, given.stack, console)
        case "down":
            down.run(workspace, given.stack, console)
        case "env":
            env.run(workspace, given.stack, console)
        case "upgrade":
            upgrade.run(given.folder, given.to, console)
        case "clean":
            clean.run(workspace, console)
        case "status":
            return 0 if status.run(workspace, console) else 1
    return 0


def _serve(port: int, speed: float | None, state: Path | None, forks: Path | None) -> int:
    from rehearsal.emulator.server import EmulatorError, serve
    from rehearsal.forks.start import started

    try:
        with started(forks):
            if speed is None:
                return serve(port=port, state=state)
            return serve(port=port, speed=speed, state=state)
    except EmulatorError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _port(text: str) -> int:
    if text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port; allowed: 1 to 65535")


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if 0 < speed < float("inf"):
        return speed
    raise argparse.ArgumentTypeError(f"{text!r} is not a speed; allowed: a number above 0")
