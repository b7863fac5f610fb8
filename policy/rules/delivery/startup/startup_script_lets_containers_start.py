"""A startup script that ends the shell it runs in."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.image import STARTUP_MINUTES
from policy.analysis.artifacts.endings import never_ends, switched, waits
from policy.analysis.artifacts.shell import Command, Script
from policy.rules.facts.artifacts import script
from policy.rules.rule import FILES, Finding, Fix, Rule, fail
from policy.rules.sources import IMAGES

# Commands of bash that do not fail, and what only looks.
SAFE = {
    *("set", "echo", "printf", "export", "true", ":", "shopt", "alias", "umask", "exit", "return"),
    *("local", "declare", "wait", "trap", "[", "[[", "test"),
}
SHOWN = 3


class StartupScriptLetsContainersStart(Rule):
    id = "mwaa-delivery-startup-script-lets-containers-start"
    title = "The startup script hands back to the image, whatever fails in it"
    enforcement = "mandatory"
    severity = "high"
    why = (
        "The image runs the script in its own shell and saves the variables after it. `exec` "
        "replaces that shell; with `set -e` a command that fails ends it, with `set -u` or "
        "`${X:?}` a variable that is not set: the variables are not saved, the container stops."
    )
    fix = Fix(
        setting="startupScriptFile: no `set -e`, `set -u` and `exec`; `command || echo failed`, "
        "`${X:-default}` instead",
        command="aws s3 cp startup.sh s3://BUCKET/startup.sh",
    )
    source = IMAGES
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = script(platform)
        if found is None:
            return
        since, fallible = 0, []
        for command in sorted(found.commands, key=lambda one: one.line):
            if command.program == "exec" and _replaces(command):
                yield fail(f"line {command.line} runs exec, which replaces the image's own shell")
            if command.unaliased and not command.apart:
                yield fail(f"line {command.line} exits past the alias with which the image goes on")
            if never_ends(command):
                yield fail(f"line {command.line} runs {' '.join(command.words)}, which never ends")
            if (seconds := waits(command)) >= STARTUP_MINUTES * 60:
                yield fail(
                    f"line {command.line} waits {seconds:g} seconds; the script is given "
                    f"{STARTUP_MINUTES} minutes"
                )
            if command.program == "set" and not command.apart:
                since = switched(command, since, "e", "errexit")
            elif since and not (command.guarded or command.captured or command.program in SAFE):
                fallible.append(f"{command.program} in line {command.line}")
        if fallible:
            more = f" and {len(fallible) - SHOWN} more" if len(fallible) > SHOWN else ""
            yield fail(f"with `set -e` a failure ends it: {', '.join(fallible[:SHOWN])}{more}")
        yield from _unset(found)


def _unset(found: Script) -> Iterator[Finding]:
    """Variables that end the shell where they are not set."""
    switches = [c for c in found.commands if c.program == "set" and not c.apart]
    switches.sort(key=lambda command: command.line)
    for one in found.expansions:
        if one.demanded:
            yield fail(f"line {one.line} ends the shell where {one.name} is not set")
            continue
        since = 0
        for command in switches:
            if command.line <= one.line:
                since = switched(command, since, "u", "nounset")
        if since:
            yield fail(f"with `set -u` line {one.line} ends it: {one.name} is set nowhere")


def _replaces(command: Command) -> bool:
    """Whether it replaces the image's shell: with redirections alone, or apart, it does not."""
    return not command.apart and any(not word.startswith("-") for word in command.arguments)
