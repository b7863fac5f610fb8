"""The rule of a rule, read from the catalog: names, titles, facts and where it is judged."""

import inspect
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mwaa.model.platform import UNKNOWN, Environment, Platform
from policy.rules.catalog import FOLDER, SECTIONS, catalog
from policy.rules.rule import SEVERITIES, Finding, Rule
from tests.fixtures.platforms import no_internet

ROOT = Path(__file__).resolve().parents[3]
RULES = catalog()


def test_every_file_of_a_section_is_one_rule() -> None:
    files = {
        f"mwaa-{section}-{path.stem.replace('_', '-')}"
        for section in SECTIONS
        for path in (FOLDER / section).rglob("*.py")
        if path.stem != "__init__"
    }
    assert {rule.id for rule in RULES} == files
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_every_folder_is_a_section() -> None:
    folders = {path.parent.name for path in FOLDER.glob("*/__init__.py")}
    assert folders - {"facts"} == set(SECTIONS)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_facts_of_a_rule(rule: Rule) -> None:
    words = rule.id.split("-")[2:]
    assert type(rule).__name__.lower() == "".join(words), "class, file and id say the same"
    assert not re.match(r"(Ensure|Check|Verify)", rule.title), "a title states the compliant state"
    assert len(rule.title) <= 110 and not rule.title.endswith(".")
    assert rule.enforcement in ("mandatory", "advisory")
    assert rule.severity in SEVERITIES
    assert rule.stages
    assert rule.why.endswith(".") and rule.fix.command
    assert rule.source.startswith("https://")
    assert rule.origins


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_file_is_short(rule: Rule) -> None:
    path = Path(inspect.getfile(type(rule)))
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 90


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_an_environment_of_which_nothing_is_known_breaks_no_rule(rule: Rule) -> None:
    fields = {
        name: UNKNOWN for name in Environment.__dataclass_fields__ if name not in ("id", "status")
    }
    collections = {
        name: UNKNOWN
        for name in Platform.__dataclass_fields__
        if name not in ("origin", "environment", "account", "denied", "partial")
    }
    platform = Platform(origin="plan", environment=Environment(id="env", **fields), **collections)  # type: ignore[arg-type]
    for finding in rule.examine(platform):
        assert finding.verdict.value == "unknown", finding


def test_the_catalog_loads_quickly_and_without_pulumi_or_boto3() -> None:
    script = (
        "import sys, policy.rules.catalog as c; c.catalog();"
        "print(sorted({'pulumi', 'boto3', 'pydantic', 'grpc'} & set(sys.modules)))"
    )
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    assert time.perf_counter() - started < 10


def test_a_rule_that_breaks_does_not_judge_and_quotes_nothing() -> None:
    class Broken(Rule):
        def judge(self, platform: Platform) -> Iterator[Finding]:
            raise ValueError("a secret value")

    findings = Broken().examine(no_internet())
    assert [finding.verdict.value for finding in findings] == ["unknown"]
    assert "ValueError" in findings[0].found and "secret" not in findings[0].found
