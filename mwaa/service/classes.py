"""The environment classes: what each may hold and how counts follow from it.

Sources (read 2026-11): https://docs.aws.amazon.com/mwaa/latest/userguide/environment-class.html
(capacity, sizes), https://docs.aws.amazon.com/mwaa/latest/API/API_CreateEnvironment.html (ranges),
https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-quotas.html (workers per environment).
What options may ask of a class (read 2026-11-27), beside the first: best-practices-tuning.html (two
threads for each vCPU of a scheduler, one of them its own), mwaa-autoscaling.html (workers are added
by the class's tasks per worker).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

WORKER_QUOTA: Final = 25
"""Default quota "Workers per environment"; it can be raised, so more is a warning, not an error."""


@dataclass(frozen=True)
class Count:
    """The allowed counts of one component, ends included, and the service's default."""

    minimum: int
    maximum: int | None
    default: int

    def allows(self, count: int) -> bool:
        return self.minimum <= count and (self.maximum is None or count <= self.maximum)

    def __str__(self) -> str:
        if self.maximum is None:
            return f"{self.minimum} or more"
        if self.minimum == self.maximum:
            return f"exactly {self.minimum}"
        return f"{self.minimum} to {self.maximum}"


@dataclass(frozen=True)
class Size:
    """One container or database instance: virtual CPUs and memory in GiB."""

    vcpu: int
    memory_gib: int


@dataclass(frozen=True, kw_only=True)
class EnvironmentClass:
    """One class. ``workers.default`` is the default of MaxWorkers; MinWorkers defaults to 1.

    ``dags`` is the documented DAG capacity, ``tasks_per_worker`` the default concurrency. On
    ``mw1.micro`` one container is worker and scheduler.
    """

    name: str
    dags: int
    tasks_per_worker: int
    workers: Count = Count(1, None, 10)
    schedulers: Count = Count(2, 5, 2)
    webservers: Count = Count(2, 5, 2)
    webserver: Size
    worker: Size
    scheduler: Size
    database: Size

    @property
    def scales(self) -> bool:
        return self.workers.maximum != 1


_ONE: Final = Count(1, 1, 1)

CLASSES: Final[dict[str, EnvironmentClass]] = {
    c.name: c
    for c in (
        EnvironmentClass(
            name="mw1.micro",
            dags=25,
            tasks_per_worker=3,
            workers=_ONE,
            schedulers=_ONE,
            webservers=_ONE,
            webserver=Size(1, 3),
            worker=Size(1, 3),
            scheduler=Size(1, 3),
            database=Size(2, 4),
        ),
        EnvironmentClass(
            name="mw1.small",
            dags=50,
            tasks_per_worker=5,
            webserver=Size(1, 2),
            worker=Size(1, 2),
            scheduler=Size(1, 2),
            database=Size(2, 4),
        ),
        EnvironmentClass(
            name="mw1.medium",
            dags=250,
            tasks_per_worker=10,
            webserver=Size(1, 2),
            worker=Size(2, 4),
            scheduler=Size(2, 4),
            database=Size(2, 8),
        ),
        EnvironmentClass(
            name="mw1.large",
            dags=1000,
            tasks_per_worker=20,
            webserver=Size(2, 4),
            worker=Size(4, 8),
            scheduler=Size(4, 8),
            database=Size(2, 8),
        ),
        EnvironmentClass(
            name="mw1.xlarge",
            dags=2000,
            tasks_per_worker=40,
            webserver=Size(4, 12),
            worker=Size(8, 24),
            scheduler=Size(8, 24),
            database=Size(4, 32),
        ),
        EnvironmentClass(
            name="mw1.2xlarge",
            dags=4000,
            tasks_per_worker=80,
            webserver=Size(8, 24),
            worker=Size(16, 48),
            scheduler=Size(16, 48),
            database=Size(8, 64),
        ),
    )
}


@dataclass(frozen=True, kw_only=True)
class Sizing:
    """The five counts of an environment, none left open."""

    min_workers: int
    max_workers: int
    schedulers: int
    min_webservers: int
    max_webservers: int


def size(
    environment_class: EnvironmentClass,
    *,
    min_workers: int = 1,
    max_workers: int = 0,
    schedulers: int = 0,
    min_webservers: int = 0,
    max_webservers: int = 0,
) -> Sizing:
    """Fills open counts (0) from the class.

    An open maximum never falls below a given minimum, nor an open minimum above a given maximum:
    naming one end of a range must not make the other one wrong.
    """
    c = environment_class
    return Sizing(
        min_workers=min_workers,
        max_workers=max_workers or max(c.workers.default, min_workers),
        schedulers=schedulers or c.schedulers.default,
        min_webservers=min_webservers or min(c.webservers.default, max_webservers or 99),
        max_webservers=max_webservers or max(c.webservers.default, min_webservers),
    )


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


# https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-autoscaling.html (read 2026-11): queued and
# running tasks over the tasks of one worker are the workers needed; more are added up to the
# maximum. When there has been no task for two minutes, all but the minimum are taken away. A worker
# that is taken away finishes the tasks it has.
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
