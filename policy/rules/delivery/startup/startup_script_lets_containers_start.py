"""A startup script that ends the shell it runs in."""

import re
from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.analysis.artifacts.shell import Command
from policy.rules.facts.artifacts import script
from policy.rules.rule import FILES, Finding, Fix, Rule, fail
from policy.rules.sources import IMAGES

# Commands of bash that do not fail, and what only looks.
SAFE = {
    *("set", "echo", "printf", "export", "true", ":", "shopt", "alias", "umask", "exit", "return"),
    *("local", "declare", "wait", "trap", "[", "[[", "test"),
}
# Only those that nothing ends stand among the commands.
LOOPS = {"while", "until", "for"}
SHOWN = 3


class StartupScriptLetsContainersStart(Rule):
    id = "mwaa-delivery-startup-script-lets-containers-start"
    title = "The startup script hands back to the image, whatever fails in it"
    enforcement = "mandatory"
    severity = "high"
    why = (
        "The image runs the script in its own shell and saves the variables after it. `exec` "
        "replaces that shell, and with `set -e` a command that fails ends it: the variables are "
        "not saved, and the container stops."
    )
    fix = Fix(
        setting="startupScriptFile: no `set -e` and no `exec`; `command || echo failed` instead",
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
            if _never_ends(command):
                yield fail(f"line {command.line} runs {' '.join(command.words)}, which never ends")
            if command.program == "set" and not command.apart:
                since = _errexit(command, since)
            elif since and not (command.guarded or command.captured or command.program in SAFE):
                fallible.append(f"{command.program} in line {command.line}")
        if fallible:
            more = f" and {len(fallible) - SHOWN} more" if len(fallible) > SHOWN else ""
            yield fail(f"with `set -e` a failure ends it: {', '.join(fallible[:SHOWN])}{more}")


def _replaces(command: Command) -> bool:
    """Whether it replaces the image's shell: with redirections alone, or apart, it does not."""
    return not command.apart and any(not word.startswith("-") for word in command.arguments)


def _never_ends(command: Command) -> bool:
    words = command.arguments
    waits = command.program == "sleep" and words[:1] in (("infinity",), ("inf",))
    follows = command.program == "tail" and any(re.fullmatch(r"-\w*[fF]", w) for w in words)
    loops = command.program in LOOPS
    return (waits or follows or loops) and not command.background


def _errexit(command: Command, since: int) -> int:
    """The line from which ``set -e`` is on after this ``set``; 0 when it is off."""
    words = command.arguments
    for word, following in zip(words, (*words[1:], ""), strict=True):
        short = word[:1] in ("-", "+") and word[:2] != "--" and "e" in word and "o" not in word[:2]
        if short or (word in ("-o", "+o") and following == "errexit"):
            since = command.line if word.startswith("-") else 0
    return since
