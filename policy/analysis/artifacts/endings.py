"""What keeps the shell of a startup script, and the options of bash that end it."""

import re

from policy.analysis.artifacts.shell import Command

# Only those that nothing ends stand among the commands.
LOOPS = {"while", "until", "for"}
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


def never_ends(command: Command) -> bool:
    """Whether the script does not come past the command."""
    words = command.arguments
    sleeps = command.program == "sleep" and words[:1] in (("infinity",), ("inf",))
    follows = command.program == "tail" and any(re.fullmatch(r"-\w*[fF]", w) for w in words)
    loops = command.program in LOOPS
    return (sleeps or follows or loops) and not command.background


def waits(command: Command) -> float:
    """The seconds that ``sleep`` takes; 0 for any other command."""
    if command.program != "sleep" or command.background:
        return 0
    parts = [re.fullmatch(r"(\d+\.?\d*)([smhd]?)", word) for word in command.arguments]
    return sum(float(part[1]) * _SECONDS[part[2]] for part in parts if part)


def switched(command: Command, since: int, letter: str, name: str) -> int:
    """The line from which an option of the shell is on after this ``set``; 0 when it is off."""
    words = command.arguments
    for word, following in zip(words, (*words[1:], ""), strict=True):
        short = word[:1] in ("-", "+") and word[:2] != "--" and letter in word
        if short or (word[-1:] == "o" and word[:1] in ("-", "+") and following == name):
            since = command.line if word.startswith("-") else 0
    return since
