"""Which DAGs run, and which of them ``mwaa pause`` stopped.

What was running is remembered in the environment's bucket before anything is paused, so that
whoever resumes need not be who paused, and a run that was killed loses nothing.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Final

from mwaa.service.airflow_objects import item_path
from mwaa.words import nearest
from ops.airflow.api import Airflow
from ops.airflow.record import RaceError, Remembered
from ops.errors import FailedError, RefusedError
from ops.target import Target

FOLDER: Final = "mwaa-pause/"
BUCKET_PERMISSIONS: Final = (
    "s3:ListBucket",
    "s3:GetObject",
    "s3:PutObject",
    "kms:GenerateDataKey",
    "kms:Decrypt",
)


def states(airflow: Airflow, *, all_known: bool = False) -> dict[str, bool]:
    """Every DAG that Airflow has now, and whether it is paused; ``all_known``: those, too, whose
    files it does not find or cannot import at the moment."""
    query = {"exclude_stale" if airflow.is_3 else "only_active": False} if all_known else {}
    found = airflow.pages("/dags", "dags", **query)
    return {str(one["dag_id"]): bool(one["is_paused"]) for one in found}


def chosen(known: Iterable[str], names: Iterable[str], where: str) -> list[str]:
    """The DAGs that ``names`` mean, all without a name; ``*`` stands for any characters.

    Raises ``RefusedError`` for a name that nothing in ``known`` has.
    """
    known = sorted(known)
    wanted = list(names)
    if not wanted:
        return known
    found: set[str] = set()
    for name in wanted:
        matches = [dag for dag in known if fnmatchcase(dag, name)]
        if not matches:
            near = nearest(name, known, most=3)
            meant = f"; did you mean {near}?" if near else ""
            raise RefusedError(f"no DAG {name} {where}{meant}")
        found.update(matches)
    return sorted(found)


def set_paused(
    airflow: Airflow, names: Iterable[str], known: Mapping[str, bool], *, paused: bool
) -> None:
    """Pause or resume DAGs.

    A name too long for a path is reached by a pattern, which also matches DAGs whose names hold it;
    raises ``RefusedError`` before anything is changed where one of those must stay as it is.
    """
    wanted = list(names)
    ways = {name: item_path("dags", name, is_3=airflow.is_3) for name in wanted}
    for name in (name for name, path in ways.items() if not path):
        others = [
            dag
            for dag, is_paused in known.items()
            if _matches(name, dag) and dag not in wanted and is_paused is not paused
        ]
        if others:
            raise RefusedError(
                f"the name of the DAG {name} is too long for a path of InvokeRestApi, and the "
                f"pattern that reaches it also matches {', '.join(others)}: name those, too, or "
                f"use `mwaa api PATCH /dags/{name} --session`"
            )

    def one(name: str) -> None:
        body = {"is_paused": paused}
        if ways[name]:
            # A DAG that is gone meanwhile needs nothing.
            airflow.send("PATCH", ways[name], body, accepts=(404,))
        else:
            airflow.send("PATCH", "/dags", body, dag_id_pattern=name)

    airflow.each(one, wanted)


def _matches(pattern: str, name: str) -> bool:
    """As SQL's ``ilike %pattern%`` does, in which ``_`` is any character."""
    import re

    expression = re.escape(pattern.lower()).replace("_", ".")
    return re.search(expression, name.lower()) is not None


@dataclass(frozen=True)
class Paused:
    """The DAGs that ``mwaa pause`` paused, and the version of the record."""

    dags: frozenset[str] = frozenset()
    version: str = ""


@dataclass(frozen=True)
class Memory:
    """The record in the bucket of one environment."""

    target: Target

    @cached_property
    def remembered(self) -> Remembered:
        """Where the names of the DAGs stand."""
        repair = (
            "restore its previous version, or delete it; `mwaa resume` then knows of no paused DAG"
        )
        return Remembered(self.target, FOLDER, "dags", repair)

    def read(self) -> Paused:
        """What was paused; ``RefusedError`` for a record that this version cannot read."""
        return Paused(*self.remembered.read(frozenset))

    def write(self, dags: Collection[str], previous: Paused) -> Paused:
        """Remember ``dags`` instead; nothing is written where that is no change."""
        if frozenset(dags) == previous.dags:
            return previous
        try:
            version = self.remembered.write(sorted(dags), previous.version)
        except RaceError:
            raise FailedError(
                f"another pause or resume of {self.target.name} ran at the same time: run this "
                "one again"
            ) from None
        return Paused(frozenset(dags), version)
