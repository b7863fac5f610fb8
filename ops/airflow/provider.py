"""Airflow's pools, variables, connections and roles as resources of Pulumi.

One dynamic provider for all of them: each is one object behind ``InvokeRestApi``, of Airflow 2 or
3. Only what the stack owns is touched. ``components/airflow_objects.py`` makes the resources.
https://www.pulumi.com/docs/iac/concepts/resources/dynamic-providers/ (read 2026-11-27)
"""

import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import Any, Final

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

from mwaa.service.airflow_objects import (
    BUILT_IN_ROLES,
    DEFAULT_POOL,
    EMPTY,
    KINDS,
    item_path,
    rights_of,
)
from ops import credentials
from ops.airflow.api import PERMISSIONS, Airflow
from ops.airflow.kinds import POOLS
from ops.airflow.secrecy import MASK, Secrecy
from ops.aws import AwsSession
from ops.errors import FailedError, RefusedError, VerbError, explain
from ops.follow import follow
from ops.target import CHANGING, USABLE, Target, find, session_of

_PLACE: Final = ("kind", "environment", "region")
# Airflow never gives this back.
_UNREADABLE: Final = "password"


# With the environment its database is gone, and all objects in it.
_GONE: Final = {"CREATE_FAILED", "DELETING", "DELETED"}
NO_PATH: Final = (
    "no path of Airflow's API leads to this name. InvokeRestApi takes 64 characters, and Airflow 2 "
    "no slash; give it another name"
)
NO_UNLIMITED: Final = (
    "the API of Airflow 2 gives no pool without a limit of slots, and no list that holds one; give "
    "it slots of 0 or more"
)
_FRESH_SECONDS: Final = 60
_settings: Final[dict[str, Any]] = {}
"""The settings of the AWS provider (``aws:``) of the one stack that this process serves."""


class AirflowProvider(ResourceProvider):
    """Creates, reads, updates and deletes one object. ``props`` name its place (``kind``,
    ``environment``, ``region``, ``profile``), whether it may exist already (``adopt``), and its
    members as Airflow's API calls them."""

    # The code holds no secret; the values are marked by the component.
    serialize_as_secret_always = False

    def configure(self, req: ConfigureRequest) -> None:
        """Asks AWS with the credentials of the stack's AWS provider; called where it serves."""
        found = {name: req.config.get(f"aws:{name}") for name in credentials.NAMES}
        _settings.update({f"aws:{name}": value for name, value in found.items() if value})
        # The SDK answers the engine with a traceback; a refusal needs no frames.
        sys.tracebacklimit = 0

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Refuses at preview what no Airflow would take."""
        of = KINDS[news["kind"]]
        known = {*_PLACE, "profile", "adopt", of.key, *of.members}
        failures = [
            CheckFailure(name, f"{news['kind']} have no {name}; known are {', '.join(of.members)}")
            for name in sorted(news.keys() - known)
            if not name.startswith("__")
        ]
        name = news.get(of.key)
        if isinstance(name, str) and not item_path(news["kind"], name, is_3=True):
            failures.append(CheckFailure(of.key, f"{name}: {NO_PATH}"))
        if news["kind"] == "roles" and name in BUILT_IN_ROLES:
            failures.append(
                CheckFailure(of.key, f"{name}: every Airflow has it; take another name")
            )
        return CheckResult(news, failures)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """What differs; another name or place is another object, and so is a role with a right
        less."""
        of = KINDS[_news["kind"]]
        replaces = [name for name in (*_PLACE, of.key) if _olds.get(name) != _news.get(name)]
        changes = [name for name in of.members if _olds.get(name) != _news.get(name)]
        if "actions" in changes and not _pairs(_olds["actions"]) <= _pairs(_news["actions"]):
            # Airflow adds rights to a role and takes none away.
            replaces.append("actions")
        return DiffResult(
            changes=bool(replaces or changes),
            replaces=replaces,
            stables=[of.key, *_PLACE],
            delete_before_replace=True,
        )

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Makes the object; one that exists is refused, or with ``adopt`` brought to this."""
        with _explained():
            airflow, kind = _airflow(props), str(props["kind"])
            name, path = str(props[KINDS[kind].key]), _path(airflow, props)
            # Airflow 2 would overwrite a variable without a word.
            exists = airflow.send("GET", path, accepts=(404,)).is_good
            if exists and not (props.get("adopt") or _stays(kind, name)):
                raise RefusedError(
                    f"{kind}: {name} exists in {airflow.target.name} and is not this stack's: give "
                    "it another name, delete it there, or set adopt to take it over"
                )
            if exists:
                _change(airflow, kind, path, _body(airflow, props))
            else:
                # 409: made by a request whose answer was lost.
                airflow.send("POST", f"/{kind}", _body(airflow, props), accepts=(409,))
            return CreateResult(f"{airflow.target.name}/{kind}/{name}", _outputs(props))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """The object as it is; what Airflow masks or never gives stays as it was."""
        of = KINDS[str(props["kind"])]
        with _explained():
            try:
                airflow = _airflow(props)
                answer = airflow.send("GET", _path(airflow, props), accepts=(404,))
            except GoneError:
                return ReadResult("", {})
        if not answer.is_good:
            return ReadResult("", {})
        found = {
            name: _current(name, props[name], answer.document.get(name))
            for name in of.members
            if name in props
        }
        return ReadResult(id_, {**_outputs(props), **found})

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Brings the members to what the program says, and empties those that it says no more."""
        kind = str(_news["kind"])
        emptied = {
            name: EMPTY[form]
            for name, form in KINDS[kind].members.items()
            if _olds.get(name) is not None and _news.get(name) is None
        }
        with _explained():
            airflow = _airflow(_news)
            _change(airflow, kind, _path(airflow, _news), _body(airflow, _news) | emptied)
        return UpdateResult(_outputs(_news))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Deletes the object. The default pool stays, because Airflow cannot be without it."""
        kind = str(_props["kind"])
        name = str(_props[KINDS[kind].key])
        if _stays(kind, name):
            return
        with _explained(), suppress(GoneError):
            airflow = _airflow(_props)
            airflow.send("DELETE", _path(airflow, _props), accepts=(404,))


class GoneError(RefusedError):
    """There is no such environment, and so nothing in it."""


def _path(airflow: Airflow, props: Mapping[str, Any]) -> str:
    """The path of an object; refused where none leads to it."""
    kind = str(props["kind"])
    name = str(props[KINDS[kind].key])
    path = item_path(kind, name, is_3=airflow.is_3)
    if not path:
        raise RefusedError(f"{kind}: {name}: {NO_PATH}")
    return path


def _change(airflow: Airflow, kind: str, path: str, body: dict[str, Any]) -> None:
    """Bring an object that exists to ``body``; the members that it leaves out stay."""
    if kind == "pools" and airflow.is_3:
        # Airflow 3 takes a part of a pool, and a default pool, in bulk only (seen: 3.2.1).
        there = airflow.send("GET", path).document
        for why in POOLS.write(airflow, [], [POOLS.plain(there) | body]).values():
            raise FailedError(why)
    else:
        airflow.send("PATCH", path, body)


def _stays(kind: str, name: str) -> bool:
    return (kind, name) == ("pools", DEFAULT_POOL)


@lru_cache(maxsize=32)
def _session(region: str, profile: str) -> AwsSession:
    return session_of(_settings, stack="", place=region, profile=profile)


@lru_cache(maxsize=32)
def _target(environment: str, region: str, profile: str, _now: int) -> Target:
    aws = _session(region, profile)
    found = find(aws.mwaa, environment)
    if found is not None and found.get("Status") in CHANGING - USABLE - _GONE:
        # Where the program does not wait for endpoints of the customer, nobody has yet.
        follow(aws.mwaa, environment)
        found = find(aws.mwaa, environment)
    if found is None or found.get("Status") in _GONE:
        raise GoneError(f"there is no environment {environment} in {aws.region_name}")
    target = Target(aws, environment, found)
    if target.status not in USABLE:
        raise RefusedError(
            f"{environment} is {target.status}, and its Airflow is needed: `mwaa doctor "
            f"--environment {environment}` finds the cause"
        )
    return target


def _at(environment: str, region: str, profile: str) -> Airflow:
    """The Airflow of an environment, which is looked at once a minute: its version may change
    between two objects."""
    now = int(time.monotonic() / _FRESH_SECONDS)
    return Airflow(_target(environment, region, profile, now))


def _airflow(props: Mapping[str, Any]) -> Airflow:
    """The Airflow of an object; ``GoneError`` where its environment is gone."""
    found = _at(
        str(props["environment"]), str(props.get("region", "")), str(props.get("profile", ""))
    )
    if props["kind"] == "roles" and found.is_3:
        raise RefusedError(
            f"{found.target.name} runs Airflow 3, whose API takes no roles: leave roles out"
        )
    return found


@contextmanager
def _explained() -> Iterator[None]:
    """What is no defect of this program is raised as a ``VerbError``, which says what to do."""
    try:
        yield
    except VerbError as error:
        raise type(error)(str(error)) from None
    except Exception as error:
        known = explain(error, PERMISSIONS)
        if known is None:
            raise
        raise known from None


def _outputs(props: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in props.items() if not name.startswith("__")}


def _body(airflow: Airflow, props: Mapping[str, Any]) -> dict[str, Any]:
    """The object as Airflow's API takes it."""
    if props["kind"] == "pools" and props.get("slots", 0) < 0 and not airflow.is_3:
        raise RefusedError(f"pools: {props['name']}: {NO_UNLIMITED}")
    of = KINDS[str(props["kind"])]
    body = {
        name: _whole(props[name])
        for name in (of.key, *of.members)
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
        pairs = rights_of({name: current})
        return known if _pairs(pairs) == _pairs(known) else pairs
    if name == "extra":
        same = Secrecy().parted(known)[0] == Secrecy().parted(current)[0]
        return known if same else current
    if name == "value" and isinstance(current, str):
        return known if MASK in current or _same(str(known), current) else current
    return current


def _pairs(actions: Any) -> set[tuple[str, ...]]:
    # At a preview they may not be known.
    return {tuple(pair) for pair in actions} if isinstance(actions, list) else set()


def _same(one: str, other: str) -> bool:
    try:
        return one == other or bool(json.loads(one) == json.loads(other))
    except ValueError:
        return False
