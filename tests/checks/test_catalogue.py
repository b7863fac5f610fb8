"""The rule of a check, read from the catalogue: names, titles, facts and where it is judged."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.catalogue import SECTIONS, catalogue
from checks.check import Check, Finding
from mwaa.subject import UNKNOWN, Environment, Subject
from tests.subjects import no_internet

ROOT = Path(__file__).resolve().parents[2]
CHECKS = catalogue()


def test_every_file_of_a_section_is_one_check() -> None:
    files = {
        f"mwaa-{path.parent.name}-{path.stem.replace('_', '-')}"
        for section in SECTIONS
        for path in (ROOT / "checks" / section).glob("*.py")
        if path.stem != "__init__"
    }
    assert {check.id for check in CHECKS} == files
    assert len({check.id for check in CHECKS}) == len(CHECKS)


def test_every_folder_is_a_section() -> None:
    folders = {path.parent.name for path in (ROOT / "checks").glob("*/__init__.py")}
    assert folders == set(SECTIONS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_facts_of_a_check(check: Check) -> None:
    words = check.id.split("-")[2:]
    assert type(check).__name__.lower() == "".join(words), "class, file and id say the same"
    assert not re.match(r"(Ensure|Check|Verify)", check.title), "a title states the compliant state"
    assert len(check.title) <= 110 and not check.title.endswith(".")
    assert check.severity in ("mandatory", "advisory")
    assert check.why.endswith(".") and check.remedy.command
    assert check.source.startswith("https://")
    assert check.origins


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_a_check_file_is_short(check: Check) -> None:
    path = ROOT / "checks" / check.section() / f"{check.id.split('-', 2)[2].replace('-', '_')}.py"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 90


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_an_environment_of_which_nothing_is_known_breaks_no_check(check: Check) -> None:
    fields = {
        name: UNKNOWN for name in Environment.__dataclass_fields__ if name not in ("id", "status")
    }
    collections = {
        name: UNKNOWN
        for name in Subject.__dataclass_fields__
        if name not in ("origin", "environment", "account", "denied", "partial")
    }
    subject = Subject(origin="plan", environment=Environment(id="env", **fields), **collections)  # type: ignore[arg-type]
    for finding in check.examine(subject):
        assert finding.verdict.value == "unknown", finding


def test_the_catalogue_loads_quickly_and_without_pulumi_or_boto3() -> None:
    script = (
        "import sys, checks.catalogue as c; c.catalogue();"
        "print(sorted({'pulumi', 'boto3', 'pydantic', 'grpc'} & set(sys.modules)))"
    )
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    assert time.perf_counter() - started < 10


def test_a_check_that_breaks_does_not_judge_and_quotes_nothing() -> None:
    class Broken(Check):
        def judge(self, subject: Subject) -> Iterator[Finding]:
            raise ValueError("a secret value")

    findings = Broken().examine(no_internet())
    assert [finding.verdict.value for finding in findings] == ["unknown"]
    assert "ValueError" in findings[0].found and "secret" not in findings[0].found
