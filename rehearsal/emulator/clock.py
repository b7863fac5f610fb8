"""Emulated time: a clock a test may stop or move, and how long the service's work takes.

The clock runs at the pace of the wall clock until it is moved. What is compressed is *work*
(creating, updating, deleting), by ``speed``; deadlines such as the 72 hours of a PENDING
environment are clock time, so they pass only when somebody moves the clock.
"""

import time
from dataclasses import dataclass, field

DURATIONS: dict[str, float] = {
    # "It takes about 20-30 minutes" - https://docs.aws.amazon.com/mwaa/latest/userguide/create-environment.html
    "create": 25 * 60,
    # Minutes that a doomed creation adds before it is called off.
    "create-failure": 60 * 60,
    "resume": 10 * 60,
    "before-snapshot": 60,
    "snapshot": 5 * 60,
    # "even just changing the maximum number of workers" takes 10-30 minutes:
    # https://blog.mechanicalrock.io/2024/08/12/deploying-mwaa-with-cloudformation-part1.html
    "update": 15 * 60,
    "rollback": 20 * 60,
    "maintenance": 30 * 60,
    "delete": 10 * 60,
    # How long GetEnvironment still answers DELETED; the service answers 404 at once.
    "deleted": 0.0,
}
"""Seconds of work at speed 1, by phase."""

PENDING_SECONDS = 72 * 3600.0
"""Seconds a CUSTOMER environment waits for its endpoints (CreateEnvironment)."""


@dataclass
class Clock:
    """Seconds since the epoch, as the emulated service sees them.

    ``speed`` divides the duration of work; 10 000 makes a 25-minute creation 150 ms.
    """

    speed: float = 10_000.0
    offset: float = 0.0
    stopped_at: float | None = None
    durations: dict[str, float] = field(default_factory=lambda: dict(DURATIONS))

    def now(self) -> float:
        """The emulated time."""
        return self.stopped_at if self.stopped_at is not None else time.time() + self.offset

    def work(self, phase: str) -> float:
        """Clock seconds that ``phase`` takes at the present speed."""
        return self.durations[phase] / self.speed

    def advance(self, seconds: float) -> None:
        """Move forward; the clock never runs backwards, as records would contradict it."""
        if seconds < 0:
            raise ValueError(f"the clock only moves forward; got {seconds} seconds")
        if self.stopped_at is not None:
            self.stopped_at += seconds
        else:
            self.offset += seconds

    def stop(self) -> None:
        """Freeze the clock: time passes only by ``advance``."""
        self.stopped_at = self.now()

    def start(self) -> None:
        """Let a stopped clock run on from where it stands."""
        if self.stopped_at is not None:
            self.offset = self.stopped_at - time.time()
            self.stopped_at = None
