"""The pools over an upgrade: images had a defect that set the default pool's slots back.

What they were is written to the environment's bucket before the first step, so that a run that was
killed still knows it.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from ops.airflow.api import Airflow
from ops.airflow.kinds import POOLS, Item
from ops.airflow.record import BucketRecord, RaceError
from ops.errors import FailedError, RefusedError
from ops.target import Target

FORMAT: Final = 1
FOLDER: Final = "mwaa-upgrade/"


@dataclass(frozen=True)
class Pools:
    """The pools of one environment, as they were before an upgrade."""

    target: Target

    @cached_property
    def record(self) -> BucketRecord:
        """Outside the DAG path, so that Airflow never downloads it."""
        owner = self.target.description["Arn"].split(":")[4]
        key = f"{FOLDER}{self.target.name}.json"
        return BucketRecord(self.target.aws.s3, self.target.bucket, owner, key)

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
        living = POOLS.read(airflow)
        changed = [
            one
            for one in remembered
            if one["name"] in living and living[one["name"]].get("slots") != one["slots"]
        ]
        POOLS.write(airflow, [], changed)
        if remembered:
            self._write([], version)
        return [str(one["name"]) for one in changed]

    def _read(self) -> tuple[list[Item], str]:
        found = self.record.read()
        if found is None:
            return [], ""
        try:
            document: dict[str, Any] = json.loads(found[0])
            if document["format"] != FORMAT:
                raise ValueError
            return list(document["pools"]), found[1]
        except (ValueError, KeyError, TypeError):
            raise RefusedError(
                f"{self.record.uri} is not a record that this version reads: delete it, or "
                "restore its previous version"
            ) from None

    def _write(self, pools: list[Item], version: str) -> None:
        document = {"format": FORMAT, "environment": self.target.name, "pools": pools}
        try:
            self.record.write(document, version)
        except RaceError:
            raise FailedError(f"another upgrade of {self.target.name} runs: only one can") from None
