"""One broken fact in the five log groups."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mwaa.subject import UNKNOWN, LogModule, Subject
from tests.changes import with_environment
from tests.checks.cases import Change, environment, law


def module(name: str, **changes: Any) -> Change:
    """One log module changed."""

    def change(subject: Subject) -> Subject:
        logging = subject.environment.logging
        assert isinstance(logging, Mapping)
        found: LogModule = replace(logging[name], **changes)
        return with_environment(subject, logging={**logging, name: found})

    return change


CASES = [
    *law(
        "mwaa-logs-all-five-enabled",
        fail=[module("task", enabled=False), module("dag_processing", enabled=False)],
        unknown=[module("worker", enabled=UNKNOWN), environment(logging=UNKNOWN)],
    ),
]
