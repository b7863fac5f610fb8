"""Which streams of which groups a person asked for: by component, or by task."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from mwaa.names import LOG_TYPES
from mwaa.service.log_streams import SETUP, task_prefix
from ops.errors import RefusedError


class Component(StrEnum):
    """``--component``: one of the five log groups, or what every container writes at its start."""

    DAG_PROCESSING = "dag-processing"
    REQUIREMENTS = "requirements"
    SCHEDULER = "scheduler"
    STARTUP = "startup"
    TASK = "task"
    WEBSERVER = "webserver"
    WORKER = "worker"


_STARTED = (Component.SCHEDULER, Component.WEBSERVER, Component.WORKER)
_TASK = re.compile(r"dag_id=([^/]+)/run_id=[^/]+/task_id=([^/]+)/")


@dataclass(frozen=True)
class Source:
    """A log group, and which of its streams: those of a prefix that ``keeps`` accepts."""

    group: str
    prefix: str = ""
    keeps: Callable[[str], bool] = lambda stream: True


def agreeing(components: Iterable[Component], task: str) -> None:
    """Raises ``RefusedError`` where a task is asked for, and a component that runs none."""
    others = ", ".join(one for one in components if one is not Component.TASK)
    if task and others:
        raise RefusedError(
            f"--task {task} and --component {others} exclude each other: a task writes into the "
            "task log alone. Leave one of them out"
        )


def sources(environment: str, components: Iterable[Component], task: str) -> tuple[Source, ...]:
    """Where to read; without a choice all five groups."""
    if task:
        return (_of_task(environment, task),)
    whole = tuple(one for one in Component if one.value not in SETUP)
    return tuple(_of_components(environment, tuple(dict.fromkeys(components)) or whole))


def component_of(group: str, stream: str) -> str:
    """What wrote a stream, as ``--component`` spells it."""
    for name, prefix in SETUP.items():
        if stream.startswith(prefix):
            return name
    suffix = group.rpartition("-")[2]
    module = next((module for module, one in LOG_TYPES.items() if one == suffix), suffix)
    return module.replace("_", "-")


def _group(environment: str, component: Component) -> str:
    return f"airflow-{environment}-{LOG_TYPES[component.replace('-', '_')]}"


def _of_components(environment: str, chosen: Iterable[Component]) -> Iterator[Source]:
    whole = [one for one in chosen if one.value not in SETUP]
    yield from (Source(_group(environment, one)) for one in whole)
    for one in chosen:
        if one.value in SETUP:
            prefix = SETUP[one.value]
            for started in _STARTED:
                if started not in whole:
                    yield _starting(_group(environment, started), prefix)


def _starting(group: str, prefix: str) -> Source:
    return Source(group, prefix, lambda stream: stream.startswith(prefix))


def _of_task(environment: str, task: str) -> Source:
    """The streams of ``DAG`` or ``DAG.TASK``; ids may hold dots themselves."""

    def keeps(stream: str) -> bool:
        found = _TASK.match(stream)
        return found is not None and task in (found[1], f"{found[1]}.{found[2]}")

    first = task.partition(".")[0]
    return Source(_group(environment, Component.TASK), task_prefix(first).rstrip("/"), keeps)
