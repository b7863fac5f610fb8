"""The pools over an upgrade: images had a defect that set the default pool's slots back.

What they were is written to the environment's bucket before the first step, so that a run that was
killed still knows it.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ops.airflow.api import Airflow
from ops.airflow.kinds import POOLS, Item
from ops.airflow.record import RaceError, Remembered
from ops.errors import FailedError
from ops.target import Target

FOLDER: Final = "mwaa-upgrade/"


@dataclass(frozen=True)
class Pools:
    """The pools of one environment, as they were before an upgrade."""

    target: Target

    @cached_property
    def _remembered(self) -> Remembered:
        repair = "delete it, or restore its previous version"
        return Remembered(self.target, FOLDER, "pools", repair)

    def remember(self) -> None:
        """Write down the pools of now, unless an upgrade that was interrupted has done so."""
        remembered, version = self._read()
        if not remembered:
            found = POOLS.read(Airflow(self.target)).values()
            self._write([POOLS.plain(one) for one in found], version)

    def restore(self, target: Target) -> list[str]:
        """Set back what the upgrade changed; returns the names. ``target`` runs the new version."""
        remembered, version = self._read()
        airflow = Airflow(target)
        current = POOLS.read(airflow)
        changed = [
            one
            for one in remembered
            if one["name"] in current and current[one["name"]].get("slots") != one["slots"]
        ]
        for name, why in POOLS.write(airflow, [], changed).items():
            raise FailedError(f"the pool {name} could not be set back: {why}")
        if remembered:
            self._write([], version)
        return [str(one["name"]) for one in changed]

    def _read(self) -> tuple[list[Item], str]:
        return self._remembered.read(list)

    def _write(self, pools: list[Item], version: str) -> None:
        try:
            self._remembered.write(pools, version)
        except RaceError:
            raise FailedError(f"another upgrade of {self.target.name} runs: only one can") from None
