"""A stack file that is right, as raw configuration, and ways to break one setting of it."""

import json
from collections.abc import Callable, Collection
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from mwaa.settings.load import Settings
from mwaa.settings.problems import Problem, SettingsError

TODAY = date(2026, 11, 23)

Load: TypeAlias = Callable[..., Settings]
Refused: TypeAlias = Callable[..., list[Problem]]


def raw(value: Any) -> str:
    """A value as the engine hands it to a program."""
    return value if isinstance(value, str) else json.dumps(value)


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Loads the valid stack with some settings changed (None: left out)."""

    def load_settings(
        *, region: str = "us-east-1", secrets: Collection[str] = (), **changes: Any
    ) -> Settings:
        stack: dict[str, Any] = {
            "environmentName": "orders",
            "airflowVersion": "2.10.3",
            "availabilityZones": [f"{region}a", f"{region}b"],
            "webserverClientCidrs": ["10.64.0.0/16"],
        }
        values = {key: raw(v) for key, v in (stack | changes).items() if v is not None}
        return Settings.load(values, region=region, base=tmp_path, secrets=secrets, today=TODAY)

    return load_settings


@pytest.fixture
def refused(load: Load) -> Refused:
    """The problems of the valid stack with some settings changed; it must have some."""

    def problems(**changes: Any) -> list[Problem]:
        with pytest.raises(SettingsError) as caught:
            load(**changes)
        return list(caught.value.problems)

    return problems
