"""Resources keep their URNs: a stack that an earlier version brought up plans no replacement.

`urns.json` was written by 9b712f1, the last version of the old rooms, for ten sets of settings.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from components.platform import Platform, PlatformArgs
from mwaa.settings.load import Settings
from tests.components.conftest import Registered

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT / "tests" / "architecture" / "published" / "urns.json"
URNS: dict[str, Any] = json.loads(PUBLISHED.read_text(encoding="utf-8"))
BASE = {
    "environmentName": "orders",
    "airflowVersion": "2.10.3",
    "availabilityZones": '["eu-west-1b", "eu-west-1a"]',
}


@pytest.mark.parametrize("shape", URNS["shapes"])
def test_the_program_registers_the_urns_that_it_always_did(build: Any, shape: str) -> None:
    known = URNS["shapes"][shape]
    settings = Settings.load({**BASE, **known["settings"]}, region="eu-west-1", base=ROOT)
    made = build(lambda: Platform("mwaa", PlatformArgs(settings=settings)), egress=settings.egress)
    resources = {resource.urn: resource for resource in made.resources}

    def types(resource: Registered) -> str:
        parent = resources.get(resource.parent)
        return f"{types(parent)}${resource.type}" if parent else resource.type

    found = {f"{types(resource)}::{resource.name}" for resource in made.resources}
    assert len(found) == len(resources)
    lost = {*URNS["in every shape"], *known["more"]} - found
    assert not lost, "stacks that exist would delete these and make others: give them an alias"
