"""Reads an environment's Airflow into a document, without a secret in clear."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from mwaa.service.airflow_objects import BUILT_IN_ROLES, rights_of
from mwaa.words import counted
from ops.airflow.api import Airflow
from ops.airflow.dags import states
from ops.airflow.document import Document
from ops.airflow.kinds import CONNECTIONS, POOLS, VARIABLES, Item, count
from ops.airflow.secrecy import MASK, Secrecy
from ops.errors import FailedError

RUN_FIELDS = ("dag_id", "dag_run_id", "run_type", "state", "start_date", "end_date")


@dataclass
class Taken:
    """An export at work. ``keep`` puts a secret away and says where; without it, or where it says
    nothing, the secret is left out."""

    airflow: Airflow
    secrecy: Secrecy
    keep: Callable[[str, str], str] | None = None
    left_out: list[str] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)

    def document(self, days_of_runs: int = 0) -> Document:
        """Everything that the API gives."""
        target = self.airflow.target
        return Document(
            environment=target.name,
            airflow_version=str(target.description.get("AirflowVersion", "")),
            exported_at=datetime.now(UTC).isoformat(timespec="seconds"),
            variables=[self._variable(one) for one in _sorted(VARIABLES.read(self.airflow))],
            connections=[self._connection(one) for one in _sorted(CONNECTIONS.read(self.airflow))],
            pools=self._pools(),
            roles=self._part("roles", self._roles),
            users=self._part("users", self._users),
            dags=states(self.airflow),
            runs=self._runs(days_of_runs) if days_of_runs else [],
            left_out=sorted(self.left_out),
            not_exported=self.missing,
        )

    def _variable(self, item: Item) -> Item:
        key, value = str(item["key"]), str(item.get("value") or "")
        plain = VARIABLES.plain(item)
        # Airflow 2 gives none that was encrypted with another key.
        if "value" in plain and not self.secrecy.is_secret(key, value):
            return plain
        plain.pop("value", None)
        # What Airflow masked is not known here, and nowhere to be put.
        keeps = self.keep if value and MASK not in value else None
        if keeps and (where := keeps(f"variables/{key}", value)):
            return {**plain, "secret": where}
        self.left_out.append(f"variables.{key}")
        return {**plain, "secret": None}

    def _connection(self, item: Item) -> Item:
        name = str(item["connection_id"])
        plain = CONNECTIONS.plain(item)
        extra, hidden = self.secrecy.parted(item.get("extra"))
        absent = [*hidden, *item.get("unread", ())]
        # Airflow 2 never says whether there is a password; Airflow 3 masks one that there is.
        if item.get("password") or not self.airflow.is_3:
            absent.append("password")
        plain.pop("extra", None)
        if extra:
            plain["extra"] = json.dumps(extra, sort_keys=True)
        self.left_out += [f"connections.{name}.{one}" for one in absent]
        return {**plain, "left_out": sorted(absent)}

    def _pools(self) -> list[Item]:
        found = POOLS.read(self.airflow)
        if unlisted := count(self.airflow, POOLS) - len(found):
            self.missing["pools"] = (
                f"{counted(unlisted, 'pool')} without a limit of slots (-1), which the API of "
                "Airflow 2 cannot give"
            )
        return [POOLS.plain(one) for one in _sorted(found)]

    def _part(self, name: str, read: Callable[[], list[Item]]) -> list[Item]:
        if self.airflow.is_3:
            self.missing[name] = "version 2 of Airflow's API, which Airflow 3 serves, has none"
            return []
        try:
            return read()
        except FailedError as error:
            self.missing[name] = str(error)
            return []

    def _roles(self) -> list[Item]:
        return [
            {"name": one["name"], "actions": rights_of(one)}
            for one in self.airflow.pages("/roles", "roles")
            if one["name"] not in BUILT_IN_ROLES
        ]

    def _users(self) -> list[Item]:
        # Neither names nor addresses: who somebody is, the identity provider knows.
        return [
            {
                "username": one["username"],
                "roles": sorted(role["name"] for role in one.get("roles", [])),
            }
            for one in self.airflow.pages("/users", "users")
        ]

    def _runs(self, days: int) -> list[Item]:
        since = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
        when = "logical_date" if self.airflow.is_3 else "execution_date"
        found: list[Any] = list(
            self.airflow.pages("/dags/~/dagRuns", "dag_runs", start_date_gte=since)
        )
        # No configuration of a run: it may hold anything.
        return [
            {name: one.get(name) for name in RUN_FIELDS} | {"logical_date": one.get(when)}
            for one in found
        ]


def _sorted(items: dict[str, Item]) -> list[Item]:
    return [items[name] for name in sorted(items)]
