"""What a verb prints: results on standard output, progress on standard error, never a prompt."""

import json
import os
import re
import sys
from collections.abc import Callable
from enum import StrEnum
from typing import Any


class Format(StrEnum):
    """``--format``: words for people, or one JSON document."""

    TEXT = "text"
    JSON = "json"


_answered = False


def has_answered() -> bool:
    """Whether standard output has its JSON document already."""
    return _answered


def emit(form: Format, document: Any, text: Callable[[], str]) -> None:
    """Print the result: ``document`` as JSON, or the words ``text`` makes."""
    global _answered
    if form is Format.JSON:
        _answered = True
        print(json.dumps(document, indent=2, sort_keys=True, default=str))
    else:
        words = text()
        if words:
            print(words)


def say(words: str) -> None:
    """One line of progress, on standard error so that results can be piped."""
    print(words, file=sys.stderr, flush=True)


class Counter:
    """A counter that redraws itself in a terminal and stays silent elsewhere but for its end."""

    def __init__(self, what: str, total: int) -> None:
        self.what, self.total, self.done = what, total, 0
        self._draws = sys.stderr.isatty()

    def step(self) -> None:
        """Count one; call from one thread only."""
        self.done += 1
        if self._draws and (self.done % 25 == 0 or self.done == self.total):
            end = "\n" if self.done == self.total else ""
            print(f"\r{self.what} {self.done}/{self.total}", end=end, file=sys.stderr, flush=True)


def duration(seconds: float) -> str:
    """``seconds`` as a person says it: ``45 s``, ``12 min 5 s``, ``2 h 10 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def table(rows: list[tuple[str, ...]]) -> str:
    """Rows of equal length as aligned columns."""
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))] if rows else []
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


# Only what begins a line or closes the first sentence is a verdict; ids and words are not.
_COLOURS = {
    **dict.fromkeys(("FAIL", "DRIFT", "BROKEN", "NOT READY", "DRIFTED"), "31"),
    **dict.fromkeys(("UNKNOWN", "SKIPPED", "UNSURE"), "33"),
    **dict.fromkeys(("pass", "HEALTHY", "READY"), "32"),
}
_VERDICT = re.compile(
    r"^(?:FAIL|DRIFT|UNKNOWN|SKIPPED|pass)\b"
    r"|(?<=: )(?:BROKEN|NOT READY|READY|DRIFTED|UNSURE|HEALTHY)(?=\.)",
    re.MULTILINE,
)


def painted(words: str) -> str:
    """``words`` with its verdicts in color, where standard output is a terminal that wants it."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return words
    return _VERDICT.sub(lambda found: f"\x1b[1;{_COLOURS[found[0]]}m{found[0]}\x1b[0m", words)
