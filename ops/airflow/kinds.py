"""Connections, variables and pools: how both versions of Airflow's API read and write them."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from mwaa.service.airflow_objects import item_path
from mwaa.service.versions import at_least
from ops.airflow.api import Airflow, NotTakenError, UnlistedError

Item = dict[str, Any]
# InvokeRestApi ends after 10 seconds, in which a page of items is written.
BATCH: Final = 50
FAR: Final = 1_000_000
"""An offset behind every item: the page there is empty, and has the number of all."""
NO_PATH: Final = (
    "no path of Airflow's API leads to its name, which is too long or has a slash in it: change it "
    "in the web interface"
)


@dataclass(frozen=True)
class Kind:
    """One collection: its name, the member that names an item, and the fields that are carried."""

    name: str
    key: str
    fields: tuple[str, ...]
    overwrites: bool
    """Whether a create in bulk may overwrite: a connection's password must stay."""

    @property
    def path(self) -> str:
        """Where the collection stands."""
        return f"/{self.name}"

    def plain(self, item: Item) -> Item:
        """``item`` with the fields that are carried and say something."""
        return {name: item[name] for name in self.fields if item.get(name) not in (None, "")} | (
            # An empty value is one, too.
            {"value": ""} if self.name == "variables" and item.get("value") == "" else {}
        )

    def read(self, airflow: Airflow) -> dict[str, Item]:
        """Every item by its name, in the API's form."""
        try:
            items = list(airflow.pages(self.path, self.name))
        except UnlistedError:
            items = list(self._one_by_one(airflow))
        found = {str(one[self.key]): one for one in items}
        if self.name == "connections" and not airflow.is_3:
            _with_extra(airflow, found)
        return found

    def write(
        self, airflow: Airflow, new: Sequence[Item], changed: Sequence[Item]
    ) -> dict[str, str]:
        """Create and change items; what was done already is done again without harm. Returns the
        names that Airflow did not take, with its reasons."""
        create, patch = partial(self._create, airflow), partial(self._patch, airflow)
        if airflow.is_3:
            refused = self._in_bulk(airflow, [*new, *changed] if self.overwrites else new)
            if self.overwrites:
                return refused
        else:
            refused = airflow.each_taken(create, new, self._name)
        change = create if self.name == "variables" else patch
        return refused | airflow.each_taken(change, changed, self._name)

    def _name(self, item: Item) -> str:
        return str(item[self.key])

    def unreachable(self, airflow: Airflow, item: Item) -> str:
        """Why ``item`` cannot be changed where it exists; empty where it can."""
        if self.name == "variables" or (airflow.is_3 and self.overwrites):
            return ""
        if item_path(self.name, item[self.key], is_3=airflow.is_3):
            return ""
        return NO_PATH

    def _one_by_one(self, airflow: Airflow) -> Iterator[Item]:
        """The items that Airflow gives: one that it cannot give spoils a whole page."""
        for offset in range(count(airflow, self)):
            with suppress(UnlistedError):
                yield from airflow.page(self.path, limit=1, offset=offset).get(self.name, [])

    def _in_bulk(self, airflow: Airflow, items: Sequence[Item]) -> dict[str, str]:
        # One after the other: each is a transaction over many rows.
        refused: dict[str, str] = {}
        for at in range(0, len(items), BATCH):
            refused |= self._batch(airflow, items[at : at + BATCH])
        return refused

    def _batch(self, airflow: Airflow, items: Sequence[Item]) -> dict[str, str]:
        action = {
            "action": "create",
            "entities": items,
            "action_on_existence": "overwrite" if self.overwrites else "skip",
        }
        try:
            answer = airflow.send("PATCH", self.path, {"actions": [action]})
            done = (answer.document or {}).get("create") or {}
            if done.get("errors"):
                raise NotTakenError(f"Airflow did not take it: {done['errors'][0].get('error')}")
        except NotTakenError as error:
            if len(items) == 1:
                return {self._name(items[0]): str(error)}
            # One spoils the batch: the others are brought without it.
            alone = (self._batch(airflow, [item]) for item in items)
            return {name: why for one in alone for name, why in one.items()}
        return {}

    def _create(self, airflow: Airflow, item: Item) -> None:
        answer = airflow.send("POST", self.path, self.body(airflow, item), accepts=(409,))
        if answer.status == 409:
            # Made meanwhile, or by a request whose answer was lost.
            self._patch(airflow, item)

    def _patch(self, airflow: Airflow, item: Item) -> None:
        path = item_path(self.name, item[self.key], is_3=airflow.is_3)
        airflow.send("PATCH", path, self.body(airflow, item))

    def body(self, airflow: Airflow, item: Item) -> Item:
        """``item`` as the version of ``airflow`` takes it."""
        version = str(airflow.target.description.get("AirflowVersion", ""))
        if self.name == "pools" and not at_least(version, "2.8"):
            # https://airflow.apache.org/docs/apache-airflow/2.8.0/release_notes.html
            return {name: value for name, value in item.items() if name != "include_deferred"}
        return item


VARIABLES: Final = Kind("variables", "key", ("key", "value", "description"), overwrites=True)
POOLS: Final = Kind(
    "pools", "name", ("name", "slots", "description", "include_deferred"), overwrites=True
)
CONNECTIONS: Final = Kind(
    "connections",
    "connection_id",
    ("connection_id", "conn_type", "description", "host", "login", "schema", "port", "extra"),
    overwrites=False,
)
KINDS: Final = (VARIABLES, CONNECTIONS, POOLS)


def count(airflow: Airflow, kind: Kind) -> int:
    """How many items there are, those included that Airflow cannot give."""
    return int(airflow.page(kind.path, limit=1, offset=FAR)["total_entries"])


def _with_extra(airflow: Airflow, found: dict[str, Item]) -> None:
    """Version 1 gives a connection's extra only where that one connection is asked for."""

    def one(name: str) -> None:
        path = item_path("connections", name, is_3=airflow.is_3)
        if path:
            answer = airflow.send("GET", path, accepts=(404,))
            found[name] = {**found[name], "extra": (answer.document or {}).get("extra")}
        else:
            found[name] = {**found[name], "unread": ["extra"]}

    airflow.each(one, list(found))
