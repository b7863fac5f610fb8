"""What CloudWatch measured of a running environment."""

from mwaa.model.platform import Metric, Platform
from policy.rules.rule import require


def latest(platform: Platform, name: str) -> Metric | None:
    """The newest datapoint of a metric; None before the environment has run and where the reader
    did not ask for it."""
    if platform.environment.status not in ("AVAILABLE", "UNAVAILABLE"):
        return None
    found = [
        metric for metric in require(platform.metrics, f"metric {name}") if metric.name == name
    ]
    return max(found, key=lambda metric: metric.timestamp or 0.0, default=None)
