"""Brings an environment's Airflow to what a document says; nothing is ever deleted."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from mwaa.service.airflow_objects import BUILT_IN_ROLES, CONNECTION_ID, item_path, rights_of
from mwaa.service.airflow_objects import KINDS as MEMBERS
from ops.airflow.api import Airflow
from ops.airflow.dags import set_paused, states
from ops.airflow.document import Document
from ops.airflow.kinds import KINDS, NO_PATH, Item, Kind
from ops.airflow.secrecy import MASK, Secrecy

LOCKED: Final = (
    "its extra has other parts and holds secrets, which a change through the API would lose: "
    "change the extra in the web interface"
)
_FIRST_LEVEL: Final = re.compile(r"extra\.[^.[]+")


@dataclass
class Steps:
    """What an import does with one kind, by name. ``blocked`` has the reason of each."""

    new: list[Item] = field(default_factory=list)
    changed: list[Item] = field(default_factory=list)
    same: int = 0
    blocked: dict[str, str] = field(default_factory=dict)

    def without(self, refused: Mapping[str, str]) -> None:
        """What Airflow refused was not done."""
        self.blocked |= refused
        self.new = [item for item in self.new if name_of(item) not in refused]
        self.changed = [item for item in self.changed if name_of(item) not in refused]


def name_of(item: Item) -> str:
    """The name of an item of any part; never a value."""
    names = ("key", "connection_id", "name", "dag_id")
    return str(next((item[name] for name in names if name in item), "")) or str(
        item["old"]["username"]
    )


@dataclass(frozen=True)
class Brought:
    """An import at work: ``secret`` gives a value that the document only names, or None."""

    airflow: Airflow
    document: Document
    secret: Callable[[str], str | None]
    secrecy: Secrecy = field(default_factory=Secrecy)

    def plan(self, parts: frozenset[str], *, keeps: bool = False) -> dict[str, Steps]:
        """What would be done, kind by kind; ``keeps`` leaves alone what exists."""
        found = {kind.name: self._kind(kind, keeps) for kind in KINDS if kind.name in parts}
        if "roles" in parts:
            found["roles"] = self._roles(keeps)
        if "users" in parts:
            found["users"] = self._users(keeps)
        if "dags" in parts:
            found["dags"] = self._dags()
        return found

    def apply(self, steps: dict[str, Steps]) -> None:
        """Do it; a rerun after a kill continues, because what is done already is the same."""
        airflow = self.airflow
        for kind in KINDS:
            if one := steps.get(kind.name):
                one.without(kind.write(airflow, one.new, one.changed))
        if one := steps.get("roles"):
            refused = airflow.each_taken(self._create_role, one.new, name_of)
            one.without(refused | airflow.each_taken(self._change_role, one.changed, name_of))
        if one := steps.get("users"):
            one.without(airflow.each_taken(self._set_roles, one.changed, name_of))
        if one := steps.get("dags"):
            known = states(airflow)
            for paused in (True, False):
                names = [dag["dag_id"] for dag in one.changed if dag["is_paused"] is paused]
                set_paused(airflow, names, known, paused=paused)

    def _kind(self, kind: Kind, keeps: bool) -> Steps:
        there, steps = kind.read(self.airflow), Steps()
        for given in self.document.items(kind.name):
            name = str(given[kind.key])
            item, why = self._wanted(kind, given)
            old = there.get(name)
            if not why and old is None:
                why = _unmade(kind, item)
            if old is not None and not keeps and self._is_locked(item, old):
                steps.blocked[name] = LOCKED
                item = {member: value for member, value in item.items() if member != "extra"}
            if why:
                steps.blocked[name] = why
            elif old is None:
                steps.new.append(item)
            elif keeps or self._agrees(kind, item, old):
                steps.same += 1
            elif problem := kind.unreachable(self.airflow, item):
                steps.blocked[name] = problem
            else:
                steps.changed.append(self._change(kind, item, old))
        return steps

    def _wanted(self, kind: Kind, given: Item) -> tuple[Item, str]:
        """The item as the API takes it, or why it cannot be brought."""
        item = kind.body(self.airflow, kind.plain(given))
        if kind.name != "variables" or "value" in item:
            return item, ""
        where = given.get("secret")
        if not where:
            return item, "its value is not in the file: set it by hand"
        value = self.secret(str(where))
        if value is None:
            return item, f"Secrets Manager has no {where} in this account and region"
        return {**item, "value": value}, ""

    def _agrees(self, kind: Kind, item: Item, old: Item) -> bool:
        there = kind.plain(old)
        # What the document does not say, stays.
        if any(there.get(name) != item[name] for name in item if name not in {"extra", "value"}):
            return False
        if kind.name == "variables":
            # Where Airflow masks the value, nobody can say that it is the same.
            return _same_text(str(item["value"]), str(there.get("value", "")))
        return "extra" not in item or not self._other_extra(item, old)[0]

    def _other_extra(self, item: Item, old: Item) -> tuple[bool, tuple[str, ...]]:
        """Whether the parts that are no secrets differ, and the secret ones that are there."""
        mine, _ = self.secrecy.parted(item.get("extra"))
        current, hidden = self.secrecy.parted(old.get("extra"))
        return mine != current, hidden

    def _is_locked(self, item: Item, old: Item) -> bool:
        """Whether a change of the extra would lose secrets, which no file and no API gives."""
        if "extra" not in item:
            return False
        differs, hidden = self._other_extra(item, old)
        kept = self.airflow.is_3 and all(_FIRST_LEVEL.fullmatch(path) for path in hidden)
        return differs and bool(hidden) and not kept

    def _change(self, kind: Kind, item: Item, old: Item) -> Item:
        """``item`` for an object that exists: its secrets, which no file holds, stay."""
        if kind.name != "connections" or "extra" not in item:
            return item
        differs, hidden = self._other_extra(item, old)
        if not differs:
            return {member: value for member, value in item.items() if member != "extra"}
        # Airflow 3 keeps what it masked where the mask comes back.
        masked = dict.fromkeys((path.removeprefix("extra.") for path in hidden), MASK)
        return {**item, "extra": json.dumps(masked | json.loads(item["extra"]))}

    def _roles(self, keeps: bool) -> Steps:
        wanted = [one for one in self.document.roles if one["name"] not in BUILT_IN_ROLES]
        if self.airflow.is_3:
            why = "version 2 of Airflow's API takes no roles: make them in the web interface"
            return Steps(blocked={str(one["name"]): why for one in wanted})
        there = {str(one["name"]): one for one in self.airflow.pages("/roles", "roles")}
        steps = Steps()
        for one in wanted:
            body = {
                "name": one["name"],
                "actions": [
                    {"action": {"name": action}, "resource": {"name": resource}}
                    for action, resource in one["actions"]
                ],
            }
            old = there.get(one["name"])
            if old is None:
                steps.new.append(body)
            elif keeps or _rights(body) <= _rights(old):
                steps.same += 1
            elif not self._path("roles", one["name"]):
                steps.blocked[one["name"]] = NO_PATH
            else:
                steps.changed.append(body)
        return steps

    def _users(self, keeps: bool) -> Steps:
        if self.airflow.is_3:
            why = "version 2 of Airflow's API takes no users: a sign-in makes them"
            return Steps(blocked={str(one["username"]): why for one in self.document.users})
        there = {str(one["username"]): one for one in self.airflow.pages("/users", "users")}
        steps = Steps()
        for one in self.document.users:
            old = there.get(one["username"])
            if old is None:
                steps.blocked[one["username"]] = (
                    "no such user yet: the first sign-in makes it, then import again"
                )
            elif keeps or sorted(role["name"] for role in old["roles"]) == one["roles"]:
                steps.same += 1
            elif not self._path("users", one["username"]):
                steps.blocked[one["username"]] = NO_PATH
            else:
                steps.changed.append({"old": old, "roles": one["roles"]})
        return steps

    def _set_roles(self, step: Item) -> None:
        old, roles = step["old"], [{"name": name} for name in step["roles"]]
        path = self._path("users", old["username"])
        self.airflow.send("PATCH", path, {"roles": roles}, update_mask="roles")

    def _create_role(self, role: Item) -> None:
        self.airflow.send("POST", "/roles", role, accepts=(409,))

    def _change_role(self, role: Item) -> None:
        self.airflow.send("PATCH", self._path("roles", role["name"]), role)

    def _path(self, collection: str, name: str) -> str:
        return item_path(collection, name, is_3=self.airflow.is_3)

    def _dags(self) -> Steps:
        there, steps = states(self.airflow), Steps()
        for name, paused in sorted(self.document.dags.items()):
            if name not in there:
                steps.blocked[name] = "no such DAG here: bring it with `mwaa sync`, then again"
            elif there[name] is paused:
                steps.same += 1
            else:
                steps.changed.append({"dag_id": name, "is_paused": paused})
        return steps


def _unmade(kind: Kind, item: Item) -> str:
    """Why the API makes no such object; empty where it does."""
    if kind.name == "connections" and not CONNECTION_ID.fullmatch(item[kind.key]):
        return "the API takes letters, digits, _ . and - only: give it another name"
    missing = [name for name in MEMBERS[kind.name].required if name not in item]
    return f"it has no {', '.join(missing)}" if missing else ""


def _same_text(one: str, other: str) -> bool:
    """Equal as text or, because Airflow 3 writes JSON anew, as JSON; a mask is equal to nothing."""
    if MASK in other:
        return False
    if one == other:
        return True
    try:
        return bool(json.loads(one) == json.loads(other))
    except ValueError:
        return False


def _rights(role: Item) -> set[tuple[str, str]]:
    return {(action, resource) for action, resource in rights_of(role)}
