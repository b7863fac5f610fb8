"""Facts of AWS and of Pulumi stand in one place, so that they cannot drift apart."""

from collections.abc import Iterator

import pytest

from mwaa.service.regions import REGIONS
from tests.architecture.tree import ROOMS, ROOT, constants, sources

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


def files() -> Iterator[tuple[str, frozenset[str | int]]]:
    """Every file of the product and its constants."""
    for path in sources(*ROOMS, "benchmarks"):
        yield path.relative_to(ROOT).as_posix(), constants(path)


@pytest.mark.parametrize(("fact", "home"), FACTS.items())
def test_a_fact_stands_once(fact: str | int, home: str) -> None:
    assert [path for path, told in files() if fact in told] == [home]


def test_there_is_one_list_of_regions() -> None:
    lists = [path for path, told in files() if len(told & set(REGIONS)) > 3]
    assert lists == ["mwaa/service/regions.py"]


def test_one_place_guesses_what_was_meant() -> None:
    wrong = [
        path.relative_to(ROOT).as_posix()
        for path in sources(*ROOMS, "benchmarks")
        if "difflib" in path.read_text(encoding="utf-8")
    ]
    assert wrong == ["mwaa/words.py"]
