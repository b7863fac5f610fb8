"""Commands that run another command: `sudo`, `env`, `xargs` and their like."""

import re

_ASSIGNMENT = re.compile(r"\w+=")
# Programs that run the command that follows them, and their options that take a value.
WRAPPERS = {
    "sudo": {"-u", "-g", "-h", "-p", "-C", "-D"},
    "env": {"-u", "-C", "-S"},
    "timeout": {"-s", "-k"},
    "nice": {"-n"},
    "command": set(),
    "builtin": set(),
    "nohup": set(),
    "time": set(),
    "xargs": {"-n", "-I", "-P", "-L", "-d"},
    "parallel": {"-j", "--jobs"},
    "setsid": set(),
    "stdbuf": {"-o", "-e", "-i"},
}


def unwrap(words: list[str]) -> list[str]:
    """The command that ``sudo``, ``env`` and their like run."""
    while words and words[0].rsplit("/", 1)[-1] in WRAPPERS:
        name = words[0].rsplit("/", 1)[-1]
        takes, rest = WRAPPERS[name], words[1:]
        sets = name in ("env", "sudo")
        while rest and (rest[0].startswith("-") or (sets and _ASSIGNMENT.match(rest[0]))):
            rest = rest[2:] if rest[0] in takes else rest[1:]
        if name == "timeout":
            rest = rest[1:]
        if not rest:
            return words
        words = rest
    return words
