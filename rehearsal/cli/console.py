"""What a command prints while it works: a changing line in a terminal, plain lines in a log."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TextIO

from rich.console import Console as Terminal
from rich.status import Status

# A log wants a sign of life, not a line per second.
PLAIN_SECONDS = 15


class Console:
    """Progress on `stream` (default standard error, so that output can be piped)."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._terminal = Terminal(file=self._stream, highlight=False, soft_wrap=True)
        self._status: Status | None = None
        self._last: tuple[str, float] = ("", 0.0)
        self.seconds: dict[str, float] = {}

    def say(self, line: str) -> None:
        """One line that stays."""
        self._end_status()
        self._terminal.print(line, markup=False)

    def progress(self, line: str) -> None:
        """One line that the next may replace; a log gets it when it says something new."""
        if self._terminal.is_terminal:
            if self._status is None:
                self._status = self._terminal.status(line)
                self._status.start()
            self._status.update(line)
            return
        # Counters change every second: only other words, or a long silence, are news.
        words, moment = re.sub(r"\d+", "", line), time.monotonic()
        if words == self._last[0] and moment - self._last[1] < PLAIN_SECONDS:
            return
        self._last = (words, moment)
        print(line, file=self._stream, flush=True)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Record how long the block takes, in seconds, under `name`."""
        started = time.monotonic()
        try:
            yield
        finally:
            self._end_status()
            self.seconds[name] = self.seconds.get(name, 0.0) + time.monotonic() - started

    def took(self) -> str:
        """Where the time went, as `engine 0.1 s, preview 8.2 s`."""
        return ", ".join(f"{name} {seconds:.1f} s" for name, seconds in self.seconds.items())

    def __enter__(self) -> Console:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end_status()

    def _end_status(self) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None
