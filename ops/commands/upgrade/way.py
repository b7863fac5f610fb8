"""Which steps lead from one Airflow version to another, and what each does.

Source (read 2026-11-27):
https://docs.aws.amazon.com/mwaa/latest/userguide/upgrading-environment.html
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from mwaa.service.versions import (
    BRIDGE,
    VERSIONS,
    Standing,
    bridge,
    in_place,
    major,
    numbers,
    standing,
    supported,
)
from ops.commands.impact.disruption import VERSION_MINUTES
from ops.errors import RefusedError


@dataclass(frozen=True)
class Step:
    """One update in place, from ``old`` to ``new``."""

    old: str
    new: str

    @property
    def minutes(self) -> tuple[int, int]:
        """The documented span."""
        return VERSION_MINUTES

    @property
    def python(self) -> tuple[str, str] | None:
        """The minors of Python before and after; None where they are equal or not known."""
        pair = tuple(
            one.python for name in (self.old, self.new) if (one := VERSIONS.get(name)) is not None
        )
        if len(pair) < 2 or None in pair or pair[0] == pair[1]:
            return None
        return str(pair[0]), str(pair[1])

    @property
    def is_major(self) -> bool:
        """Whether Airflow itself changes its major version."""
        return major(self.old) != major(self.new)

    def __str__(self) -> str:
        python = f"; Python {self.python[0]} to {self.python[1]}" if self.python else ""
        low, high = self.minutes
        return (
            f"{self.old} to {self.new}: a snapshot, then every component is replaced{python}. All "
            "running tasks are ended, whatever the worker replacement strategy; "
            f"{low} min to {high // 60} h, in which the environment cannot be used"
        )


def way(old: str, new: str, today: date | None = None) -> list[Step]:
    """The steps; empty where there is nothing to do.

    Raises ``RefusedError`` for a version that MWAA does not offer, and a way that it does not take.
    """
    day = today or datetime.now(UTC).date()
    if old == new:
        return []
    _offered(new, day)
    if in_place(old, new):
        return [Step(old, new)]
    if major(new) == major(old) + 1 and major(old) == major(bridge()):
        stone = bridge()
        return [Step(old, stone), Step(stone, new)]
    if major(new) < major(old):
        raise RefusedError(
            f"--to {new}: MWAA takes an environment back from {major(old)}.x to {BRIDGE}.x only. "
            f"Do: --to {bridge()}; or make a second environment with {new}, `mwaa export` here and "
            "`mwaa import` there"
        )
    if new not in VERSIONS:
        raise RefusedError(
            f"--to {new}: this catalog does not know it, and MWAA brings an environment to the "
            f"next major version only. Allowed: {', '.join(supported(day))}"
        )
    raise RefusedError(
        f"--to {new}: MWAA does not bring {old} there in place. Do: make a second environment "
        f"with {new}, `mwaa export` here and `mwaa import` there"
    )


def _offered(version: str, day: date) -> None:
    allowed = f"Allowed: {', '.join(supported(day))}"
    try:
        numbers(version)
    except ValueError:
        raise RefusedError(f"--to {version}: that is no version. {allowed}") from None
    if len(numbers(version)) != 3:
        whole = [one for one in supported(day) if f"{one}.".startswith(f"{version}.")]
        meant = f" (did you mean {' or '.join(whole)}?)" if whole else ""
        raise RefusedError(f"--to {version}: that is no whole version{meant}. {allowed}")
    found = standing(version, day)
    if found is Standing.ENDED:
        end = VERSIONS[version].end_of_support
        raise RefusedError(
            f"--to {version}: its support ended on {end}, and MWAA changes no environment to it. "
            f"{allowed}"
        )
    if found is Standing.NEVER:
        raise RefusedError(f"--to {version}: MWAA never offered it. {allowed}")
