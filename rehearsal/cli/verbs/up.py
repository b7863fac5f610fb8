"""`up`: the platform of a stack, from nothing to AVAILABLE; quick when it is there already."""

from __future__ import annotations

from functools import partial
from typing import Any

from mwaa.words import counted
from rehearsal.cli import impact, leftovers, ready, stackfiles
from rehearsal.cli.console import Console
from rehearsal.cli.events import RunSummary
from rehearsal.cli.leftovers import Leftover
from rehearsal.cli.ready import client
from rehearsal.cli.session import open_stack
from rehearsal.cli.workspace import RehearsalError, Workspace

# Beside the longest name of an output this still fits a wide terminal.
WIDTH = 100


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
    stackfiles.judge(workspace, stack)
    opened = open_stack(workspace, stack, console, port=port, speed=speed)
    with console.timed("preview"):
        looked = opened.look(console.progress)
    if looked.code != 0:
        raise RehearsalError(f"the preview of stack {stack} failed: nothing was changed")
    plan = looked.summary
    tell(plan, stack, console)
    if plan.has_work:
        if taken := list(leftovers.in_the_way(plan.steps, partial(client, opened.environment))):
            raise RehearsalError(_taken(taken, stack))
        for line in impact.lines(plan, workspace.root, opened.environment):
            console.say(f"  {line}")
        with console.timed("update"):
            # What the preview could not decide is judged, and printed, when it can be.
            printed = [advice.rule for advice in plan.advice if not advice.undecided]
            done = opened.operate(
                "up", "--yes", "--skip-preview", "--suppress-outputs", silenced=printed
            )
        if done.code != 0:
            raise RehearsalError(
                f"the update of stack {stack} failed; make status shows what is up"
            )
    outputs = opened.outputs()
    name = outputs.get("environmentName")
    if isinstance(name, str):
        with console.timed("ready"):
            ready.wait(name, opened.environment, console.progress)
    _report(stack, outputs, console, plan)


def _taken(taken: list[Leftover], stack: str) -> str:
    """What stands in the way, and each way out of it."""
    lines = "\n".join(f"  {one}" for one in taken)
    return (
        f"stack {stack} cannot be made: its names are taken by {counted(len(taken), 'resource')} "
        f"that an earlier stack left in the account. Nothing was changed\n{lines}\n"
        f"Adopt them in Pulumi.{stack}.yaml, remove them, or make clean to discard the whole "
        "emulated account"
    )


def tell(plan: RunSummary, stack: str, console: Console) -> None:
    """The plan in a line, and in a line each what the policy pack advises."""
    work = [f"{n} to {op}" for op, n in plan.changes.items() if op not in ("same", "read")]
    if not work and plan.outputs_differ:
        work = ["outputs to change"]
    waiting = {advice.rule for advice in plan.advice if advice.undecided}
    advised = [advice for advice in plan.advice if not advice.undecided]
    judged = [f"{counted(plan.passed, 'rule')} passed, none failed"]
    judged += [f"{counted(len(advised), 'rule')} with advice"] if advised else []
    judged += [f"{len(waiting)} decided after the update"] if waiting else []
    console.say(f"preview: {', '.join(work) or 'nothing to change'}")
    console.say(f"policy pack: {', '.join(judged)}")
    if not plan.has_work:
        return
    for advice in advised:
        console.say(f"  {advice.rule}: {advice.found}")
    if advised:
        console.say(f"  (make preview{_suffix(stack)} says why, and what to do)")


def _report(stack: str, outputs: dict[str, Any], console: Console, plan: RunSummary) -> None:
    console.say("")
    shown = {key: text for key, value in outputs.items() if (text := _line(value))}
    width = max(map(len, shown), default=0)
    for key, text in shown.items():
        console.say(f"  {key:<{width}}  {text}")
    environment = outputs.get("environmentName", stack)
    done = f"{counted(plan.changed, 'resource')} changed" if plan.changed else "nothing to change"
    if plan.outputs_differ and not plan.changed:
        done = "outputs changed"
    console.say("")
    console.say(f"{environment} is AVAILABLE in the emulated AWS: {done} ({console.took()})")
    console.say("")
    console.say("Next:")
    for command, effect in (
        ('eval "$(make -s env)"', "pulumi, aws, boto3 and mwaa talk to the emulated AWS"),
        (f"pulumi stack output -s {stack}", "in that shell: every output in full"),
        ("make status", "what is up"),
        (f"make up STACK={'prod' if stack == 'dev' else 'dev'}", "rehearse another stack file"),
        (f"make down{_suffix(stack)}", "destroy it and stop"),
    ):
        console.say(f"  {command:<29} {effect}")


def _suffix(stack: str) -> str:
    return "" if stack == "local" else f" STACK={stack}"


def _line(value: Any) -> str:
    """An output in one line; a long collection in short, an output that does not apply empty."""
    if isinstance(value, dict):
        text = ", ".join(f"{key}: {_line(item)}" for key, item in value.items())
        return text if len(text) <= WIDTH else f"{len(value)}, by {', '.join(value)}"
    if isinstance(value, list):
        text = ", ".join(map(_line, value))
        return text if len(text) <= WIDTH else f"{len(value)}, from {_line(value[0])} on"
    return str(value)
