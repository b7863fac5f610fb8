"""The programs of examples/programs/ run, and the guide shows them as they are."""

import runpy
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pulumi
import pytest

import components

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "examples" / "programs"
ENVIRONMENT = "aws:mwaa/environment:Environment"


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The components by the name that a wheel gives them; tests/architecture installs one."""
    monkeypatch.setitem(sys.modules, "mwaa.components", components)


def run(build: Any, program: str) -> tuple[Any, dict[str, Any]]:
    """What a program registered, and what it exported."""
    exported: dict[str, Any] = {}

    def start() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pulumi, "export", exported.__setitem__)
            runpy.run_path(str(PROGRAMS / program / "__main__.py"), run_name="__main__")

    return build(start), exported


def test_the_whole_platform_is_one_component(build: Any) -> None:
    made, exported = run(build, "whole-platform")
    assert made.one("mwaa:components:Platform").name == "orders"
    assert made.one(ENVIRONMENT).inputs["webserverAccessMode"] == "PRIVATE_ONLY"
    assert len(made.of("aws:ec2/vpcEndpoint:VpcEndpoint")) == 5
    assert exported.keys() == {"webserverUrl", "bucket"}


def test_an_environment_in_ones_own_network_is_built_of_parts(
    build: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = {
        "mwaa:vpcId": "vpc-1",
        "mwaa:subnetIds": '["subnet-1", "subnet-2"]',
        "aws:region": "eu-west-1",
    }
    pulumi.runtime.set_all_config(values)
    try:
        made, exported = run(build, "own-network")
    finally:
        pulumi.runtime.set_all_config({})
    parts = Counter(r.type for r in made.resources if r.type.startswith("mwaa:components:"))
    assert parts == Counter(
        f"mwaa:components:{name}"
        for name in (
            *("AirflowEnvironment", "EnvironmentKey", "ExecutionRole"),
            *("LogGroups", "Network", "SourceBucket"),
        )
    )
    environment = made.one(ENVIRONMENT)
    assert environment.inputs["networkConfiguration"]["subnetIds"] == ["subnet-1", "subnet-2"]
    assert environment.inputs["maxWorkers"] == 5
    assert not made.of("awsx:ec2:Vpc")
    # What MWAA validates without being asked is there before it.
    groups = {r.urn for r in made.of("aws:cloudwatch/logGroup:LogGroup")}
    assert len(groups) == 5 and groups <= environment.depends_on
    assert exported.keys() == {"webserverUrl"}


@pytest.mark.parametrize("program", sorted(path.name for path in PROGRAMS.iterdir()))
def test_the_guide_shows_the_program_that_runs(program: str) -> None:
    guide = (ROOT / "docs" / "guides" / "components.md").read_text(encoding="utf-8")
    text = (PROGRAMS / program / "__main__.py").read_text(encoding="utf-8")
    assert f"```python\n{text}```" in guide
    assert f"(../../examples/programs/{program}/__main__.py)" in guide
