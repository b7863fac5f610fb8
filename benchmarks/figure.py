"""What a benchmark says: a number, its unit, and the bound it is held to."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of ``make bench``. ``bound`` is the most that is allowed; None where none is set."""

    name: str
    value: float
    unit: str
    bound: float | None = None
    note: str = ""

    @property
    def kept(self) -> bool:
        """Whether the value is within its bound."""
        return self.bound is None or self.value <= self.bound

    def document(self) -> dict[str, object]:
        """For JSON output."""
        return {**asdict(self), "kept": self.kept}


def timed(work: Callable[[], object]) -> float:
    """Seconds that ``work`` takes by the wall clock."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def side_by_side(
    first: Callable[[], object], second: Callable[[], object], *, runs: int
) -> tuple[float, Sequence[float], Sequence[float]]:
    """The median of ``first / second`` over pairs run in turn, and both lists of seconds.

    Pairs, because the speed of a shared machine drifts; one pair before them warms caches.
    """
    first(), second()
    pairs = [(timed(first), timed(second)) for _ in range(runs)]
    ratio = statistics.median(one / other for one, other in pairs)
    return ratio, [one for one, _ in pairs], [other for _, other in pairs]


def spread(seconds: Sequence[float]) -> str:
    """Median, and the range, in words."""
    return (
        f"{statistics.median(seconds):.2f} s median ({min(seconds):.2f} to {max(seconds):.2f}, "
        f"{len(seconds)} runs)"
    )
