"""The guides' own commands, run in their order: an environment is replaced by a second one."""

from __future__ import annotations

import importlib
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from ops.airflow import vault
from ops.cli import app
from tests.ops.airflow.model import Model
from tests.ops.airflow.test_export_import import SECRET, filled
from tests.ops.airflow.wire import target

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

GUIDES = Path(__file__).parents[3] / "docs" / "guides"
MODULES = ("export.export", "import", "pause", "resume")
DAGS = {"ingest": False, "report": False, "stopped": True}


def commands(page: str, heading: str) -> list[list[str]]:
    """The words of each call of ``mwaa`` in the first block below a heading."""
    section = (GUIDES / page).read_text("utf-8").split(f"## {heading}\n", 1)[1]
    block = section.split("```\n", 2)[1]
    return [shlex.split(line)[1:] for line in block.splitlines() if line.startswith("mwaa ")]


@pytest.fixture(params=[1, 2], ids=["to-airflow-2", "to-airflow-3"])
def fleet(
    request: pytest.FixtureRequest,
    s3: S3Client,
    bucket: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[dict[str, Model]]:
    """The old environment and the new one, whose DAGs are there and paused."""
    old, new = filled(api=1), Model(api=request.param, dags=dict.fromkeys(DAGS, True))
    old.dags.clear()
    old.dags.update(DAGS)
    models = {"prod": old, "prod-new": new}
    secrets: dict[str, str] = {}

    def resolve(*, environment: str = "", stack: str = "", **_: Any) -> Any:
        return target(models[environment or stack], s3, bucket)

    for module in MODULES:
        monkeypatch.setattr(importlib.import_module(f"ops.commands.{module}"), "resolve", resolve)
    monkeypatch.setattr(vault.Vault, "put", lambda _, name, value: secrets.update({name: value}))
    monkeypatch.setattr(vault.Vault, "get", lambda _, name: secrets.get(name))
    monkeypatch.chdir(tmp_path)
    yield models


def run(words: list[str]) -> tuple[int, str]:
    done = CliRunner().invoke(app, words)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_a_second_environment_takes_over(fleet: dict[str, Model], tmp_path: Path) -> None:
    old, new = fleet["prod"], fleet["prod-new"]
    steps = commands("upgrade.md", "Over a second environment")
    assert [words[0] for words in steps] == ["export", "import", "import", "pause", "import"]
    for words in steps:
        code, said = run(words)
        # Roles and users: what the new Airflow does not take is named.
        assert code == 0 or (code == 1 and "not brought" in said), said
        if "--dry-run" in words:
            assert "region" not in new.stored["variables"], "a dry run changes nothing"
    assert SECRET not in (tmp_path / "prod.json").read_text()
    assert new.stored["variables"].keys() == old.stored["variables"].keys()
    assert new.stored["connections"].keys() == old.stored["connections"].keys()
    assert new.stored["pools"].keys() == old.stored["pools"].keys()
    assert new.dags == DAGS
    assert all(old.dags.values()), "two environments do not run the same DAGs"


def test_a_pause_is_taken_back(fleet: dict[str, Model]) -> None:
    for words in commands("operations.md", "Pause and resume"):
        code, said = run(words)
        assert code == 0, said
        assert words[0] != "pause" or all(fleet["prod"].dags.values())
    assert fleet["prod"].dags == DAGS


def test_the_commands_of_export_and_import_work(fleet: dict[str, Model]) -> None:
    for words in commands("operations.md", "Export and import"):
        code, said = run(words)
        assert code == 0 or "not brought" in said, said
    assert fleet["prod-new"].stored["pools"].keys() == fleet["prod"].stored["pools"].keys()
