"""Facts of AWS and of Pulumi stand in one place, so that they cannot drift apart."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from mwaa.service.regions import REGIONS

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("mwaa", "components", "policy", "ops", "rehearsal", "benchmarks")

# A constant that tells the fact -> the one file that may hold it.
FACTS: dict[str | int, str] = {
    "DagProcessingLogs": "mwaa/service/api_names.py",
    "DAGProcessing": "mwaa/names.py",
    "us-gov-": "mwaa/names.py",
    "kms:RevokeGrant": "mwaa/service/iam_actions.py",
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9": "policy/plan/signatures.py",
    "4dabf18193072939515e22adb298388d": "policy/plan/signatures.py",
    443: "mwaa/service/ports.py",
    5432: "mwaa/service/ports.py",
}


def files() -> Iterator[tuple[str, set[str | int]]]:
    """Every file of the product and its constants."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            constants = {
                node.value
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant) and isinstance(node.value, str | int)
            }
            yield str(path.relative_to(ROOT)), constants


@pytest.mark.parametrize(("fact", "home"), FACTS.items())
def test_a_fact_stands_once(fact: str | int, home: str) -> None:
    assert [path for path, constants in files() if fact in constants] == [home]


def test_there_is_one_list_of_regions() -> None:
    lists = [path for path, constants in files() if len(constants & set(REGIONS)) > 3]
    assert lists == ["mwaa/service/regions.py"]


def test_one_place_guesses_what_was_meant() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if "difflib" in path.read_text(encoding="utf-8")
    ]
    assert wrong == ["mwaa/words.py"]
