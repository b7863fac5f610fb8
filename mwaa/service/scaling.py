"""How many workers an environment runs.

Source: https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-autoscaling.html (read 2026-11):
queued and running tasks over the tasks of one worker are the workers needed; more are added up to
the maximum. When there has been no task for two minutes, all but the minimum are taken away. A
worker that is taken away finishes the tasks it has.
"""

from typing import Final

from mwaa.service.classes import EnvironmentClass

IDLE_SECONDS: Final = 120


def workers_wanted(
    environment_class: EnvironmentClass,
    *,
    fewest: int,
    most: int,
    workers: int,
    tasks_per_worker: int,
    queued: int,
    running: int,
    idle_seconds: float,
) -> int:
    """The number of workers from now on, where there are ``workers``.

    ``idle_seconds`` is how long ``queued`` and ``running`` have both been 0.
    """
    if not environment_class.scales:
        return 1
    tasks = queued + running
    if tasks == 0 and idle_seconds >= IDLE_SECONDS:
        return fewest
    needed = -(-tasks // tasks_per_worker)
    return max(fewest, min(most, max(workers, needed)))
