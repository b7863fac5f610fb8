"""What Airflow options may ask of an environment class, and what is beyond it.

Sources (read 2026-11-27), below https://docs.aws.amazon.com/mwaa/latest/userguide/:
best-practices-tuning.html (two threads for each vCPU of a scheduler, one of them its own),
environment-class.html (tasks of a worker), mwaa-autoscaling.html (workers are added by the class's
tasks per worker).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from mwaa.service.classes import EnvironmentClass

_PARSING: Final = ("scheduler.parsing_processes", "dag_processor.parsing_processes")
_POOL: Final = "core.default_pool_task_slot_count"
# AWS's own default lets half as many again wait; with twice as many most of them only wait.
_MOST_WAITING: Final = 2


def parsing_limit(environment_class: EnvironmentClass) -> int:
    """The most processes that parse DAGs beside a scheduler of this class."""
    return 2 * environment_class.scheduler.vcpu - 1


def beyond(
    options: Mapping[str, str], size: EnvironmentClass, *, workers: int, schedulers: int
) -> Iterator[tuple[str, str]]:
    """Each option whose value is beyond the class's capacity, and why.

    ``workers`` is the most there may be. A value that is no number is left to other rules.
    """
    tasks = _most_tasks(options.get("celery.worker_autoscale", ""))
    if tasks > size.tasks_per_worker:
        yield (
            "celery.worker_autoscale",
            f"up to {tasks} tasks share a worker's {size.worker.vcpu} vCPU and "
            f"{size.worker.memory_gib} GiB; {size.name} is made for {size.tasks_per_worker}, and "
            "workers are added by that number",
        )
    for key in _PARSING:
        if (processes := _number(options.get(key))) > (limit := parsing_limit(size)):
            yield (
                key,
                f"{processes} processes; AWS allows {limit} beside a scheduler of {size.name}",
            )
    capacity = workers * (tasks or size.tasks_per_worker)
    parallel = _number(options.get("core.parallelism"))
    if 0 < parallel * schedulers < capacity:
        yield (
            "core.parallelism",
            f"{parallel} for each of {schedulers} schedulers is less than the {capacity} tasks of "
            f"{workers} workers: some are paid for and never used",
        )
    for key, slots in (
        ("core.parallelism", parallel * schedulers),
        (_POOL, _number(options.get(_POOL))),
    ):
        if slots > _MOST_WAITING * capacity:
            yield (
                key,
                f"{slots} tasks at once are more than twice the {capacity} that {workers} workers "
                "run: the rest only waits in the queue",
            )


def _number(value: str | None) -> int:
    return int(value) if value and re.fullmatch(r"\d{1,6}", value.strip()) else 0


def _most_tasks(autoscale: str) -> int:
    return _number(autoscale.partition(",")[0])
