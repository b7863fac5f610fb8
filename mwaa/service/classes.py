"""The environment classes: what each may hold and how counts follow from it.

Sources (read 2026-11): https://docs.aws.amazon.com/mwaa/latest/userguide/environment-class.html
(capacity, sizes), https://docs.aws.amazon.com/mwaa/latest/API/API_CreateEnvironment.html (ranges),
https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-quotas.html (workers per environment).
"""

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
