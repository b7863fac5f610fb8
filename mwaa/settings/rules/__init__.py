"""What one setting demands of another. Each module judges one part of the platform."""

from collections.abc import Iterator
from datetime import date

from mwaa.settings.problems import Advice, Problem
from mwaa.settings.rules import (
    airflow_objects,
    environment,
    identity,
    monitoring,
    network,
    options,
    storage,
)
from mwaa.settings.values import Choices


def judge(settings: Choices, today: date) -> Iterator[Problem | Advice]:
    """Every objection to the settings, in the order of the stack file."""
    yield from environment.judge(settings, today)
    yield from options.judge(settings)
    yield from network.judge(settings)
    yield from storage.judge(settings)
    yield from identity.judge(settings)
    yield from airflow_objects.judge(settings)
    yield from monitoring.judge(settings)
