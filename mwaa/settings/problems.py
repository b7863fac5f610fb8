"""What is wrong with a stack's settings, in words that teach.

A ``Problem`` stops the program, an ``Advice`` is printed and the program goes on. Neither ever
holds the value of a secret setting.
"""

from collections.abc import Iterable
from dataclasses import dataclass

HIDDEN = "[secret]"


_SHORTEST_SECRET = 4


@dataclass(frozen=True)
class Problem:
    """One refused setting: its YAML name, the value given, what is allowed, why, what to do."""

    setting: str
    got: str
    allowed: str
    why: str
    do: str

    def __str__(self) -> str:
        return (
            f"{key_of(self.setting)}: got {self.got}. "
            f"Allowed: {self.allowed}. Why: {self.why}. Do: {self.do}."
        )

    def without(self, secrets: Iterable[str]) -> "Problem":
        """The same problem with secret texts hidden, wherever a rule quoted them."""
        words = (self.got, self.allowed, self.why, self.do)
        return Problem(self.setting, *(hide(word, secrets) for word in words))


@dataclass(frozen=True)
class Advice:
    """One setting that can be built but may not be meant."""

    setting: str
    text: str

    def __str__(self) -> str:
        return f"{key_of(self.setting)}: {self.text}"


class SettingsError(Exception):
    """All problems of one stack file, one per line; raised before anything is sent to AWS."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        head = "1 setting is" if count == 1 else f"{count} settings are"
        lines = "\n".join(f"- {problem}" for problem in self.problems)
        super().__init__(f"{head} refused; nothing was sent to AWS.\n{lines}")


def key_of(setting: str) -> str:
    """The key in the stack file; only another namespace's is given in full."""
    return setting if ":" in setting else f"mwaa:{setting}"


def hide(text: str, secrets: Iterable[str]) -> str:
    """The text without the secrets; the longest first, as one may contain another."""
    for secret in sorted(secrets, key=len, reverse=True):
        # Shorter texts are no secrets, and hiding a "1" would garble every number.
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, HIDDEN)
    return text


def quoted(value: object) -> str:
    """A value as a stack file would show it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list | tuple):
        return "[" + ", ".join(quoted(item) for item in value) + "]"
    return str(value)


def listed(words: Iterable[object]) -> str:
    """Words with commas, for the "allowed" part of a message."""
    return ", ".join(str(word) for word in words)
