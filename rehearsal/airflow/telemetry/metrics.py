"""What Airflow's processes send by StatsD, read into metrics of CloudWatch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rehearsal.airflow.telemetry.metric_names import UNITS, translate

_UNITS = {"c": "Count", "g": "Count", "ms": "Milliseconds"}


@dataclass(frozen=True)
class Metric:
    """One value, ready for PutMetricData; ``adds`` for a counter, whose values are summed."""

    name: str
    dimensions: tuple[tuple[str, str], ...]
    unit: str
    value: float
    adds: bool = False

    @property
    def series(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """What makes it one metric of CloudWatch."""
        return self.name, self.dimensions


def read(packet: str, passes: Callable[[str], bool] = lambda _: True) -> Iterable[Metric]:
    """The metrics of a StatsD packet: lines ``airflow.<name>:<value>|<kind>``. ``passes`` says of
    one of Airflow's names whether it is wanted."""
    for line in packet.splitlines():
        name, _, rest = line.rpartition(":")
        value, _, kind = rest.partition("|")
        name = name.partition("#")[0].partition(",")[0].removeprefix("airflow.")
        named = translate(name) if passes(name) else None
        kind = kind.partition("|")[0]
        if named is None or kind not in _UNITS:
            continue
        try:
            number = float(value)
        except ValueError:
            continue
        if kind == "c" and number == 0:
            continue  # Airflow begins every state of a task with a count of nothing
        unit = UNITS.get(named[0], _UNITS[kind])
        if kind == "ms" and unit == "Seconds":
            number /= 1000
        yield Metric(named[0], tuple(sorted(named[1].items())), unit, number, kind == "c")


def merged(metrics: Iterable[Metric]) -> list[Metric]:
    """One value per metric: counters are summed, of the others the last one counts."""
    found: dict[tuple[str, tuple[tuple[str, str], ...]], Metric] = {}
    for metric in metrics:
        before = found.get(metric.series)
        if metric.adds and before:
            total = before.value + metric.value
            metric = Metric(metric.name, metric.dimensions, metric.unit, total, True)
        found[metric.series] = metric
    return list(found.values())
