"""What CloudWatch measured of a living environment."""

from checks.check import need
from mwaa.subject import Metric, Subject


def latest(subject: Subject, name: str) -> Metric | None:
    """The newest datapoint of a metric; None before the environment has run and where the reader
    did not ask for it."""
    if subject.environment.status not in ("AVAILABLE", "UNAVAILABLE"):
        return None
    found = [metric for metric in need(subject.metrics, f"metric {name}") if metric.name == name]
    return max(found, key=lambda metric: metric.timestamp or 0.0, default=None)
