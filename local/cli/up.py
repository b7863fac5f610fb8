"""`up`: the platform of a stack, from nothing to AVAILABLE; quick when it is there already."""

from __future__ import annotations

from typing import Any

from local.cli import ready
from local.cli.console import Console
from local.cli.session import open_stack
from local.cli.workspace import RehearsalError, Workspace


def run(
    workspace: Workspace,
    stack: str,
    console: Console,
    *,
    port: int | None = None,
    speed: float | None = None,
) -> None:
    """Preview with the policy pack, update when there is something to do, wait, print.

    Raises `RehearsalError` when a step fails; the engine has printed why.
    """
    opened = open_stack(workspace, stack, console, port=port, speed=speed)
    with console.timed("preview"):
        plan = opened.operate("preview", "--suppress-outputs")
    if plan.code != 0:
        raise RehearsalError(f"the preview of stack {stack} failed: nothing was changed")
    if plan.changed:
        with console.timed("update"):
            done = opened.operate("up", "--yes", "--skip-preview", "--suppress-outputs")
        if done.code != 0:
            raise RehearsalError(
                f"the update of stack {stack} failed; make status shows what is up"
            )
    outputs = opened.outputs()
    name = outputs.get("environmentName")
    if isinstance(name, str):
        with console.timed("ready"):
            ready.wait(name, opened.environment, console.progress)
    _report(stack, outputs, console, changed=plan.changed)


def _report(stack: str, outputs: dict[str, Any], console: Console, *, changed: int) -> None:
    console.say("")
    width = max((len(key) for key in outputs), default=0)
    for key, value in outputs.items():
        for line, text in enumerate(_lines(value)):
            console.say(f"  {key if line == 0 else '':<{width}}  {text}")
    environment = outputs.get("environmentName", stack)
    done = "nothing to change" if changed == 0 else f"{changed} resources changed"
    suffix = "" if stack == "local" else f" STACK={stack}"
    console.say("")
    console.say(f"{environment} is AVAILABLE in the emulated AWS: {done} ({console.took()})")
    console.say("")
    console.say("Next:")
    for command, effect in (
        ('eval "$(make -s env)"', "pulumi, aws, boto3 and mwaa talk to the emulated AWS"),
        ("make status", "what is up"),
        ("make up STACK=dev", "rehearse another stack file"),
        (f"make down{suffix}", "destroy it and stop"),
    ):
        console.say(f"  {command:<24} {effect}")


def _lines(value: Any) -> list[str]:
    """An output in lines: an element or a pair each; an output that does not apply has none."""
    if isinstance(value, dict):
        pairs = ((key, " ".join(_lines(item))) for key, item in value.items())
        return [f"{key}: {text}" for key, text in pairs]
    if isinstance(value, list):
        return [" ".join(_lines(item)) for item in value]
    return [] if value == "" else [str(value)]
