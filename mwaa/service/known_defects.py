"""Known defects of MWAA's images by Airflow version: what one sees, since when, until when.

An environment keeps its image until it is created or updated; it then gets the newest of its
version, so what counts is the day of its last update. Days are those of the change in
https://github.com/aws/amazon-mwaa-docker-images (read 2026-11-27 at 9d2bebb); AWS rolls images out
some time later, which it does not publish.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from mwaa.service.versions import at_least

_PULL: Final = "https://github.com/aws/amazon-mwaa-docker-images/pull/"


@dataclass(frozen=True, kw_only=True)
class Defect:
    """One defect of the images from ``first`` to before ``last`` (Airflow versions, empty: open).

    ``fixed`` is the day of the change that ended it. ``symptom`` is what an operator sees.
    """

    symptom: str
    first: str
    last: str = ""
    fixed: date
    source: str

    def concerns(self, version: str) -> bool:
        """Whether images of this version had it."""
        return at_least(version, self.first) and not (self.last and at_least(version, self.last))


HEARTBEAT: Final = Defect(
    symptom="CeleryWorkerHeartbeat is not sent while tasks run, and healthy workers are replaced",
    first="3.2.0",
    fixed=date(2026, 5, 27),
    source=f"{_PULL}503",
)
DEFECTS: Final = (
    Defect(
        symptom="workers keep every task log on their disks until the environment stops working",
        first="3.0.6",
        fixed=date(2026, 8, 14),
        source=f"{_PULL}609",
    ),
    HEARTBEAT,
    Defect(
        symptom="an update of the version resets the default pool to 128 slots, whatever "
        "core.default_pool_task_slot_count says",
        first="2.9.2",
        fixed=date(2026, 8, 4),
        source=f"{_PULL}576",
    ),
    Defect(
        symptom="celery.extra_celery_config is dropped without a word",
        first="3.2.0",
        fixed=date(2026, 8, 4),
        source=f"{_PULL}572",
    ),
    Defect(
        symptom="code views of the web interface load an editor from cdn.jsdelivr.net, and stay "
        "empty where browsers may not",
        first="3.2.0",
        last="3.3.0",
        fixed=date(2026, 7, 8),
        source=f"{_PULL}540",
    ),
    Defect(
        symptom="with log level WARNING the output of pip and of the startup script is not logged",
        first="3.2.0",
        last="3.3.0",
        fixed=date(2026, 6, 29),
        source=f"{_PULL}531",
    ),
    Defect(
        symptom="tasks stay in state running while logs cannot be sent",
        first="2.9.2",
        fixed=date(2026, 5, 21),
        source=f"{_PULL}495",
    ),
    Defect(
        symptom="an option that names a class of plugins.zip (core.xcom_backend, say) fails the "
        "migration of the database, and with it creates and version upgrades",
        first="2.9.2",
        fixed=date(2025, 11, 3),
        source=f"{_PULL}360",
    ),
)


def defects(version: str, image_day: date) -> Iterator[Defect]:
    """The defects that an image of ``version``, taken on ``image_day``, has."""
    return (one for one in DEFECTS if one.concerns(version) and image_day < one.fixed)
