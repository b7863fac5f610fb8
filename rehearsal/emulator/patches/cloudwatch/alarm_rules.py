"""The state of a CloudWatch alarm, from the data points of its metric.

The rules, and tables of cases that the tests hold, are those of
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
(read 2026-11-27).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

State = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]

COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}

MORE_POINTS = 2
"""CloudWatch looks at more data points than it evaluates. AWS gives no number beside the five for
three of its example."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """When an alarm goes off: ``datapoints`` of the last ``periods`` values breach."""

    comparison: str
    threshold: float
    periods: int
    datapoints: int
    missing: str = "missing"

    @property
    def range(self) -> int:
        """How many periods are looked at."""
        return self.periods + MORE_POINTS

    def breaches(self, value: float) -> bool:
        return COMPARISONS[self.comparison](value, self.threshold)


def state_of(rule: Rule, points: Sequence[float | None], current: State) -> State:
    """The state after ``points``, one for each period of ``rule.range``, the oldest first."""
    found = [rule.breaches(point) for point in points if point is not None][-rule.periods :]
    lacking = rule.periods - len(found)
    breaching = sum(found)
    if rule.missing == "breaching":
        breaching += lacking
    if breaching >= rule.datapoints:
        return "ALARM"
    if not lacking or rule.missing in ("breaching", "notBreaching") or not all(found):
        return "OK"
    # All that is there breaches, and it is too little to say that it lasts.
    if rule.missing == "ignore":
        return current
    first = next((i for i, point in enumerate(points) if point is not None), len(points))
    return "ALARM" if len(points) - first >= rule.datapoints else "INSUFFICIENT_DATA"
