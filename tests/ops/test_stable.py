"""Impact and preflight say the same in the same order, however steps and files come in."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ops.artifacts import platform as files
from ops.commands.impact import impact
from policy.formats import as_json
from policy.rules.catalog import judge
from tests.fixtures.previews import ENVIRONMENT, GROUP, SUBNET, preview, step, update

STEPS = [
    update("maxWorkers", "environmentClass", "tags.team"),
    *(step(kind, "delete", name) for kind in (GROUP, SUBNET) for name in "abc"),
    *(step(GROUP, "create", name) for name in "de"),
    *(
        step(SUBNET, "update", name, detailedDiff={f"tags.{tag}": {} for tag in ("team", "stage")})
        for name in "fg"
    ),
    step(ENVIRONMENT, "delete", "other"),
]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_steps_changes_nothing(tmp_path: Path, seed: int) -> None:
    def said(steps: list[dict[str, Any]]) -> str:
        file = tmp_path / "plan.json"
        file.write_text(preview(*steps))
        return impact.foresee("", str(file), count_tasks=False).words()

    expected = said(STEPS)
    assert len(expected.splitlines()) > 10
    order = random.Random(seed)  # noqa: S311 - an order, no secret
    assert said(order.sample(STEPS, len(STEPS))) == expected


def test_the_order_of_a_folder_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "dags").mkdir()
    for name in ("types.py", "json.py", "boto3.py"):
        (tmp_path / "plugins" / name).write_text("")
    for name in "cab":
        (tmp_path / "dags" / f"{name}.py").write_text(
            f"from airflow.models import Variable\nx = Variable.get('{name}')\nimport airflow\n"
            'password = "hunter2hunter2"\n'
        )
    (tmp_path / "requirements.txt").write_text("pandas\nnumpy\n")

    def said() -> str:
        return as_json(judge(files.read(tmp_path, version="2.10.3", is_private=True)))

    expected = said()
    assert expected.count('"verdict": "fail"') > 3
    scandir, listdir = os.scandir, os.listdir

    @contextmanager
    def backwards(path: str) -> Iterator[list[os.DirEntry[str]]]:
        with scandir(path) as entries:
            yield sorted(entries, key=lambda one: one.name, reverse=True)

    monkeypatch.setattr(os, "scandir", backwards)
    monkeypatch.setattr(os, "listdir", lambda path: sorted(listdir(path), reverse=True))
    assert said() == expected
