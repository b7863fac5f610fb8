"""The table of known defects: versions and days."""

from datetime import date, timedelta

import pytest

from mwaa.service.known_defects import DEFECTS, Defect, defects
from mwaa.service.versions import VERSIONS


def symptoms(version: str, day: date) -> list[str]:
    return [one.symptom for one in defects(version, day)]


def test_an_image_of_the_day_of_the_change_is_without_the_defect() -> None:
    for one in DEFECTS:
        version = next(v for v in VERSIONS if one.concerns(v))
        assert one.symptom not in symptoms(version, one.fixed)
        assert one.symptom in symptoms(version, one.fixed - timedelta(days=1))


@pytest.mark.parametrize(
    ("version", "word", "has_it"),
    [
        ("3.2.1", "disks", True),
        ("3.0.6", "disks", True),
        ("2.11.2", "disks", False),
        ("3.2.1", "CeleryWorkerHeartbeat", True),
        ("3.0.6", "CeleryWorkerHeartbeat", False),
        ("3.3.1", "jsdelivr", False),
        ("2.10.3", "default pool", True),
    ],
)
def test_a_defect_is_of_some_versions(version: str, word: str, has_it: bool) -> None:
    found = symptoms(version, date(2026, 5, 1))
    assert any(word in symptom for symptom in found) is has_it


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda one: one.source.rpartition("/")[2])
def test_every_defect_names_its_source_and_a_day_that_was(defect: Defect) -> None:
    assert defect.source.startswith("https://")
    assert defect.fixed <= date(2026, 11, 27)
    assert any(defect.concerns(version) for version in VERSIONS)
