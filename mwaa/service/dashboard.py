"""What a dashboard shows of an environment: how much it works first, then each alarm's metric.

Titles name what is measured, not what would be wrong: they are read on good days too. Metrics and
dimensions (read 2026-11-27), below https://docs.aws.amazon.com/mwaa/latest/userguide/:
access-metrics-cw.html (Airflow's), accessing-metrics-cw-container-queue-db.html (containers; each
sends one sample a minute, so that the number of samples is the number of containers).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mwaa.service.alarms import PERIOD_MINUTES, AlarmDefinition

_EXECUTOR: Final = (("Function", "Executor"),)
_PARSING: Final = (("Function", "DAG Processing"),)


@dataclass(frozen=True, kw_only=True)
class Series:
    """One line: a metric with the dimensions beside the environment's name, and its legend."""

    namespace: str
    metric: str
    dimensions: tuple[tuple[str, str], ...] = ()
    statistic: str
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A graph of some series; ``threshold`` and ``above`` are those of an alarm on them."""

    title: str
    series: tuple[Series, ...]
    minutes: int = PERIOD_MINUTES
    threshold: float | None = None
    above: bool = True


def _containers(cluster: str, label: str) -> Series:
    return Series(
        namespace="AWS/MWAA",
        metric="CPUUtilization",
        dimensions=(("Cluster", cluster),),
        statistic="SampleCount",
        label=label,
    )


def _airflow(
    metric: str, label: str, function: tuple[tuple[str, str], ...], statistic: str = "Maximum"
) -> Series:
    return Series(
        namespace="AmazonMWAA",
        metric=metric,
        dimensions=function,
        statistic=statistic,
        label=label,
    )


OVERVIEW: Final = (
    Chart(
        title="Containers",
        series=(
            _containers("BaseWorker", "workers"),
            _containers("AdditionalWorker", "additional workers"),
            _containers("WebServer", "web servers"),
        ),
        minutes=1,
    ),
    Chart(
        title="Tasks running and queued",
        series=(
            _airflow("RunningTasks", "running", _EXECUTOR),
            _airflow("QueuedTasks", "queued", _EXECUTOR),
        ),
    ),
    Chart(
        title="Time to parse all DAG files once (seconds)",
        series=(_airflow("TotalParseTime", "seconds", _PARSING),),
    ),
    Chart(
        title="DAG files and import errors",
        series=(
            _airflow("DagBagSize", "DAG files", _PARSING),
            _airflow("ImportErrors", "import errors", _PARSING),
        ),
    ),
)


def charts(alarms: Iterable[AlarmDefinition]) -> tuple[Chart, ...]:
    """All graphs in the order of the dashboard."""
    return (*OVERVIEW, *(_of(alarm) for alarm in alarms))


def _of(alarm: AlarmDefinition) -> Chart:
    series = Series(
        namespace=alarm.namespace,
        metric=alarm.metric,
        dimensions=alarm.dimensions,
        statistic=alarm.statistic,
    )
    return Chart(title=alarm.title, series=(series,), threshold=alarm.threshold, above=alarm.above)
