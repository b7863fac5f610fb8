"""The Airflow versions of MWAA: Python, availability and end of support.

The catalog is a snapshot. A version newer than all of it warns and passes, because the service
adds versions faster than any list; one that ended, or never was, fails.
Source (read 2026-11): https://docs.aws.amazon.com/mwaa/latest/userguide/airflow-versions.html
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final


@dataclass(frozen=True)
class AirflowVersion:
    """One version. ``end_of_support`` is None while AWS has announced no date.

    ``python`` is the minor of the image, which constraints and wheels must match; ``None`` where
    the version ended before this catalog began to record it. ``released`` is the day on which
    apache-airflow itself came out (read from the package index 2026-11-23).
    """

    version: str
    python: str | None
    available: date
    end_of_support: date | None = None
    released: date | None = None

    @property
    def major(self) -> int:
        return numbers(self.version)[0]


VERSIONS: Final[dict[str, AirflowVersion]] = {
    v.version: v
    for v in (
        AirflowVersion("3.3.1", "3.12", date(2026, 9, 1), released=date(2026, 8, 12)),
        AirflowVersion("3.2.1", "3.12", date(2026, 5, 19), released=date(2026, 4, 22)),
        AirflowVersion("3.0.6", "3.12", date(2025, 10, 1), released=date(2025, 8, 29)),
        AirflowVersion("2.11.2", "3.12", date(2026, 7, 23), released=date(2026, 3, 14)),
        AirflowVersion("2.11.0", "3.12", date(2026, 1, 7), released=date(2025, 5, 20)),
        AirflowVersion("2.10.3", "3.11", date(2024, 12, 18), released=date(2024, 11, 5)),
        AirflowVersion("2.10.1", "3.11", date(2024, 9, 26), released=date(2024, 9, 6)),
        AirflowVersion("2.9.2", "3.11", date(2024, 7, 9), released=date(2024, 6, 10)),
        AirflowVersion("2.8.1", "3.11", date(2024, 2, 23), released=date(2024, 1, 19)),
        AirflowVersion("2.7.2", "3.11", date(2023, 11, 6), released=date(2023, 10, 12)),
        AirflowVersion("2.6.3", None, date(2023, 8, 9), date(2025, 12, 30)),
        AirflowVersion("2.5.1", None, date(2023, 4, 11), date(2025, 12, 30)),
        AirflowVersion("2.4.3", None, date(2023, 1, 5), date(2025, 12, 30)),
        AirflowVersion("2.2.2", None, date(2022, 1, 27), date(2024, 6, 27)),
        AirflowVersion("2.0.2", None, date(2021, 5, 25), date(2024, 4, 29)),
        AirflowVersion("1.10.12", None, date(2020, 11, 24), date(2024, 2, 21)),
    )
}

NOTICE_DAYS: Final = 180
"""AWS announces an end of support at least this many days ahead."""


class Standing(Enum):
    """What may be done with a version."""

    SUPPORTED = "supported"
    ENDING = "ending"  # a date is announced and less than NOTICE_DAYS away
    ENDED = "ended"
    NEWER = "newer"  # newer than the catalog: may exist by now
    NEVER = "never"  # older than the newest, and not in the catalog


def numbers(version: str) -> tuple[int, ...]:
    """``2.10.3`` -> ``(2, 10, 3)``. Raises ValueError for anything but dotted numbers."""
    parts = version.split(".")
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise ValueError(version)  # int() takes more: spaces, signs, digits of other scripts
    return tuple(int(part) for part in parts)


def standing(version: str, today: date) -> Standing:
    """The standing of a dotted version on a day."""
    known = VERSIONS.get(version)
    if known is None:
        return Standing.NEWER if _may_be_new(version, today) else Standing.NEVER
    if known.end_of_support is None:
        return Standing.SUPPORTED
    left = (known.end_of_support - today).days
    if left <= 0:
        return Standing.ENDED
    return Standing.ENDING if left < NOTICE_DAYS else Standing.SUPPORTED


def _may_be_new(version: str, today: date) -> bool:
    """Whether an uncataloged version may have come out since: newer than its major's newest, or a
    later patch of a minor that is still supported (2.11.2 came after 3.2.1)."""
    wanted = numbers(version)
    if len(wanted) != 3:
        return False
    alive = [numbers(v) for v in supported(today)]
    same_minor = [v for v in alive if v[:2] == wanted[:2]]
    same_major = [v for v in alive if v[0] == wanted[0]]
    # A major or minor that has ended gets no more versions.
    return wanted > max(same_minor or same_major or alive)


def supported(today: date) -> tuple[str, ...]:
    """The versions that can be created on a day, newest first."""
    good = (Standing.SUPPORTED, Standing.ENDING)
    names = [v for v in VERSIONS if standing(v, today) in good]
    return tuple(sorted(names, key=numbers, reverse=True))


def major(version: str) -> int:
    return numbers(version)[0]


BRIDGE: Final = "2.11"
"""The minor of Airflow 2 from and to which MWAA changes the major version in place."""


def in_place(old: str, new: str) -> bool:
    """Whether MWAA changes ``old`` to ``new`` in place, keeping the metadata database.

    Minor versions go up and down; majors between 2.11.x and 3.x, in both directions. From 2.10 and
    older a major upgrade takes the step to the latest 2.11.x first. Source (read 2026-11-27):
    https://docs.aws.amazon.com/mwaa/latest/userguide/upgrading-environment.html
    """
    low, high = sorted((numbers(old), numbers(new)))
    if low[0] == high[0]:
        return True
    return low[:2] == numbers(BRIDGE) and high[0] == low[0] + 1


def bridge() -> str:
    """The newest version of ``BRIDGE`` in the catalogue."""
    return max((v for v in VERSIONS if v.startswith(f"{BRIDGE}.")), key=numbers)


def at_least(version: str, floor: str) -> bool:
    """Whether ``version`` is ``floor`` or newer, number by number."""
    return numbers(version) >= numbers(floor)
