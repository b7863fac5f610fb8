"""CloudWatch: a value that comes without a time is of now, by the emulated clock.

moto 5.2.5 takes the machine's clock. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
"""

from datetime import UTC, datetime
from typing import Any

from moto.cloudwatch.models import CloudWatchBackend

from rehearsal.emulator.patches.seam import around
from rehearsal.emulator.world import world


def apply() -> None:
    """Wrap the operation."""

    @around(CloudWatchBackend, "put_metric_data")
    def put(original: Any, backend: Any, namespace: str, metric_data: list[Any]) -> Any:
        # moto keeps times in UTC without a zone.
        now = datetime.fromtimestamp(world().clock.now(), UTC).replace(tzinfo=None)
        timed = [{**one, "Timestamp": one.get("Timestamp") or now} for one in metric_data]
        return original(backend, namespace, timed)
