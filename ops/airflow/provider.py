"""Airflow's pools, variables, connections and roles as resources of Pulumi.

One dynamic provider for all of them: each is one object behind ``InvokeRestApi``, of Airflow 2 or
3. Only what the stack owns is touched. ``components/airflow_objects.py`` makes the resources.
https://www.pulumi.com/docs/iac/concepts/resources/dynamic-providers/ (read 2026-11-27)
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

from ops.airflow.api import Airflow, item_path
from ops.airflow.secrecy import MASK, Secrecy
from ops.errors import RefusedError
from ops.target import USABLE, resolve

# Kind -> the member that names an object, and the members that may change.
KINDS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "variables": ("key", ("value", "description")),
    "pools": ("name", ("slots", "description", "include_deferred")),
    "connections": (
        "connection_id",
        ("conn_type", "description", "host", "login", "schema", "port", "password", "extra"),
    ),
    "roles": ("name", ("actions",)),
}
_PLACE: Final = ("kind", "environment", "region")
# Airflow never gives this back.
_UNREADABLE: Final = "password"


class AirflowProvider(ResourceProvider):
    """Creates, reads, updates and deletes one object. ``props`` name its place (``kind``,
    ``environment``, ``region``, ``profile``), whether it may exist already (``adopt``), and its
    members as Airflow's API calls them."""

    # The code holds no secret; the values are marked by the component.
    serialize_as_secret_always = False

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Refuses at preview what no Airflow would take."""
        key, members = KINDS[news["kind"]]
        known = {*_PLACE, "profile", "adopt", key, *members}
        failures = [
            CheckFailure(name, f"{news['kind']} have no {name}; known are {', '.join(members)}")
            for name in sorted(news.keys() - known)
            if not name.startswith("__")
        ]
        name = news.get(key)
        if isinstance(name, str) and not item_path(news["kind"], name):
            failures.append(
                CheckFailure(key, f"{name}: InvokeRestApi takes paths of 64 characters; shorten it")
            )
        return CheckResult(news, failures)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """What differs; another name or place is another object, and so is a role with a right
        less."""
        key, members = KINDS[_news["kind"]]
        replaces = [name for name in (*_PLACE, key) if _olds.get(name) != _news.get(name)]
        changes = [name for name in members if _olds.get(name) != _news.get(name)]
        if "actions" in changes and not _pairs(_olds["actions"]) <= _pairs(_news["actions"]):
            # Airflow adds rights to a role and takes none away.
            replaces.append("actions")
        return DiffResult(
            changes=bool(replaces or changes),
            replaces=replaces,
            stables=[key, *_PLACE],
            delete_before_replace=True,
        )

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Makes the object; one that exists is refused, or with ``adopt`` brought to this."""
        airflow, kind = _airflow(props), str(props["kind"])
        name = str(props[KINDS[kind][0]])
        path = item_path(kind, name)
        # Airflow 2 would overwrite a variable without a word.
        exists = airflow.send("GET", path, accepts=(404,)).is_good
        if exists and not props.get("adopt"):
            raise RefusedError(
                f"{kind}: {name} exists in {airflow.target.name} and is not this stack's: give it "
                "another name, delete it there, or set adopt to take it over"
            )
        if exists:
            airflow.send("PATCH", path, _body(props))
        else:
            # 409: made by a request whose answer was lost.
            airflow.send("POST", f"/{kind}", _body(props), accepts=(409,))
        return CreateResult(f"{airflow.target.name}/{kind}/{name}", _outputs(props))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """The object as it is; what Airflow masks or never gives stays as it was."""
        airflow, kind = _airflow(props), str(props["kind"])
        key, members = KINDS[kind]
        answer = airflow.send("GET", item_path(kind, str(props[key])), accepts=(404,))
        if not answer.is_good:
            return ReadResult("", {})
        current = answer.document
        found = {
            name: _current(name, props[name], current.get(name))
            for name in members
            if name in props
        }
        return ReadResult(id_, {**_outputs(props), **found})

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Brings the members to what the program says."""
        kind = str(_news["kind"])
        path = item_path(kind, str(_news[KINDS[kind][0]]))
        _airflow(_news).send("PATCH", path, _body(_news))
        return UpdateResult(_outputs(_news))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Deletes the object. The default pool stays, because Airflow cannot be without it."""
        kind = str(_props["kind"])
        name = str(_props[KINDS[kind][0]])
        if (kind, name) != ("pools", "default_pool"):
            _airflow(_props).send("DELETE", item_path(kind, name), accepts=(404,))


@lru_cache(maxsize=32)
def _at(environment: str, region: str, profile: str) -> Airflow:
    return Airflow(
        resolve(environment=environment, region=region, profile=profile, statuses=USABLE)
    )


def _airflow(props: Mapping[str, Any]) -> Airflow:
    found = _at(
        str(props["environment"]), str(props.get("region", "")), str(props.get("profile", ""))
    )
    if props["kind"] == "roles" and found.is_3:
        raise RefusedError(
            f"{found.target.name} runs Airflow 3, whose API takes no roles: leave roles out"
        )
    return found


def _outputs(props: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in props.items() if not name.startswith("__")}


def _body(props: Mapping[str, Any]) -> dict[str, Any]:
    """The object as Airflow's API takes it."""
    key, members = KINDS[str(props["kind"])]
    body = {
        name: _whole(props[name])
        for name in (key, *members)
        if name in props and props[name] is not None
    }
    if props["kind"] == "roles":
        body["actions"] = [
            {"action": {"name": action}, "resource": {"name": resource}}
            for action, resource in props.get("actions") or ()
        ]
    return body


def _whole(value: Any) -> Any:
    # The engine's numbers are all floating.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _current(name: str, known: Any, current: Any) -> Any:
    if name == _UNREADABLE:
        return known
    if name == "actions":
        pairs = sorted([one["action"]["name"], one["resource"]["name"]] for one in current or ())
        return known if pairs == sorted(list(pair) for pair in known) else pairs
    if name == "extra":
        same = Secrecy().parted(known)[0] == Secrecy().parted(current)[0]
        return known if same else current
    if name == "value" and isinstance(current, str):
        return known if MASK in current or _same(str(known), current) else current
    return current


def _pairs(actions: Any) -> set[tuple[str, ...]]:
    return {tuple(pair) for pair in actions or ()}


def _same(one: str, other: str) -> bool:
    try:
        return one == other or bool(json.loads(one) == json.loads(other))
    except ValueError:
        return False
