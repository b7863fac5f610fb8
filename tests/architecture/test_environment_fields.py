"""A field of the environment that a reader forgets is named: the field would be its default, which
no test of a verdict can tell from a choice."""

import ast
from dataclasses import fields
from pathlib import Path

import pytest

from mwaa.model.platform import Environment
from mwaa.service.api_names import PROPERTIES
from tests.architecture.tree import ROOT, constants, parsed
from tests.fixtures.one_sided import LIVE_ONLY, PLAN_ONLY

PLANNED = "ops/commands/doctor/planned.py"
# Members that exist only once the artifacts are uploaded.
UPLOADED = {
    f"{artifact}S3{part}"
    for artifact in ("Requirements", "Plugins", "StartupScript")
    for part in ("Path", "ObjectVersion")
}


def read_fields(path: Path) -> set[str]:
    """The fields that a reader gives to the environment of the model."""
    calls = [
        node
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Environment"
    ]
    assert calls, path
    return {keyword.arg for call in calls for keyword in call.keywords if keyword.arg}


@pytest.mark.parametrize(
    ("reader", "others"),
    [("policy/plan/environment.py", LIVE_ONLY), ("ops/live/environment.py", PLAN_ONLY)],
)
def test_each_reader_reads_every_field_that_is_on_its_side(
    reader: str, others: dict[str, str]
) -> None:
    other_side = {name.removeprefix("environment.") for name in others}
    wanted = {field.name for field in fields(Environment)} - other_side
    assert not (forgotten := wanted - read_fields(ROOT / reader)), f"{reader}: read {forgotten}"


def test_the_doctor_knows_every_choice_before_the_create() -> None:
    forgotten = set(PROPERTIES.values()) - constants(ROOT / PLANNED) - UPLOADED
    assert not forgotten, f"{PLANNED}: describe {forgotten}"
