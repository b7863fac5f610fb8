"""What may be done with a version on a day."""

from datetime import date

import pytest

from mwaa.service.image import essential_pins
from mwaa.service.versions import VERSIONS, Standing, at_least, major, standing, supported

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("3.3.1", Standing.SUPPORTED),
        ("2.7.2", Standing.SUPPORTED),
        ("2.6.3", Standing.ENDED),
        ("1.10.12", Standing.ENDED),
        ("3.4.0", Standing.NEWER),
        ("4.0.0", Standing.NEWER),
        ("2.12.0", Standing.NEWER),
        ("2.11.3", Standing.NEWER),  # a later patch of a supported minor
        ("2.10.4", Standing.NEWER),
        ("2.6.4", Standing.NEVER),  # its minor has ended
        ("2.10.2", Standing.NEVER),  # skipped
        ("3.1.0", Standing.NEVER),
        ("1.10.15", Standing.NEVER),  # its major has ended
        ("0.9.0", Standing.NEVER),
    ],
)
def test_standing(version: str, expected: Standing) -> None:
    assert standing(version, TODAY) is expected


def test_a_version_is_ending_once_its_notice_runs() -> None:
    assert standing("2.6.3", date(2025, 6, 1)) is Standing.SUPPORTED
    assert standing("2.6.3", date(2025, 12, 1)) is Standing.ENDING
    assert standing("2.6.3", date(2025, 12, 30)) is Standing.ENDED


def test_supported_versions_are_newest_first_and_know_their_python() -> None:
    names = supported(TODAY)
    assert names[0] == "3.3.1"
    assert names.index("2.10.3") < names.index("2.9.2")
    assert all(VERSIONS[name].python in ("3.11", "3.12") for name in names)


# Versions that MWAA offers and whose images are older than the public ones.
WITHOUT_IMAGE = {"2.7.2", "2.8.1"}


def test_what_the_image_of_a_supported_version_pins_is_known() -> None:
    unknown = {name for name in supported(TODAY) if len(essential_pins(name)) == 1}
    assert unknown <= WITHOUT_IMAGE, "add their pins to _ESSENTIAL in mwaa/service/image.py"


def test_versions_compare_number_by_number() -> None:
    assert at_least("2.10.0", "2.9.2")
    assert not at_least("3.0.6", "3.2.0")
    assert major("2.10.3") == VERSIONS["2.10.3"].major == 2
