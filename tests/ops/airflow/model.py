"""What Airflow's REST API answers, versions 1 (Airflow 2) and 2 (Airflow 3), from memory alone.

Written after the published descriptions and the routes of apache-airflow 2.10.3 and
apache-airflow-core 3.0.6 and 3.2.1 (read 2026-11-27): what exists, what conflicts, what is masked,
how a page is cut. A real Airflow is asked in ``tests/ops/airflow/test_real.py``.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

MOST = 100
MASK = "***"
# Part of the secrets masker's default names.
SENSITIVE = ("password", "secret", "token", "api_key", "apikey", "passwd", "private_key")
NAMED = {"variables": "key", "pools": "name", "connections": "connection_id", "roles": "name"}
HIDDEN = {"connections": {"password"}}


class RefusedByAirflowError(Exception):
    """Airflow answers with a status of 400 or above."""

    def __init__(self, status: int, detail: Any, **more: Any) -> None:
        super().__init__(str(detail))
        self.status = status
        self.document = {"status": status, "detail": detail, **more}


@dataclass
class Model:
    """The Airflow of one environment; ``api`` is 1 or 2."""

    api: int = 1
    dags: dict[str, bool] = field(default_factory=dict)
    not_taken: set[str] = field(default_factory=set)
    """Names of objects with something that Airflow does not take."""
    hidden: set[str] = field(default_factory=set)
    """Members of pools that this version does not have."""
    unparsed: set[str] = field(default_factory=set)
    """DAGs whose files Airflow does not find or cannot import now."""
    stored: dict[str, dict[str, dict[str, Any]]] = field(
        default_factory=lambda: {
            "variables": {},
            "connections": {},
            "pools": {"default_pool": {"name": "default_pool", "slots": 128}},
            "roles": {"Admin": {"name": "Admin", "actions": []}},
        }
    )
    users: list[dict[str, Any]] = field(default_factory=list)
    runs: list[dict[str, Any]] = field(default_factory=list)
    running: list[int] = field(default_factory=list)
    """The numbers of running tasks that the next looks find; then none."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    unwell: set[str] = field(default_factory=set)
    """Parts of Airflow that are not healthy."""

    def answer(self, request: dict[str, Any]) -> tuple[int, Any]:
        """Status and document of one InvokeRestApi request. Raises ``RefusedByAirflowError``."""
        method, path = request["Method"], request["Path"]
        body: Any = request.get("Body")
        query = request.get("QueryParameters") or {}
        self.asked.append((method, path))
        parts = [unquote(part) for part in path.split("/") if part]
        match method, parts:
            case "GET", ["health"] | ["monitor", "health"] if len(parts) == self.api:
                parts_of_airflow = ("metadatabase", "scheduler", "triggerer")
                status = {one: "healthy" for one in parts_of_airflow if one not in self.unwell}
                status |= dict.fromkeys(self.unwell, "unhealthy")
                found = {one: {"status": word} for one, word in status.items()}
                return 200, found | {"dag_processor": {"status": None}}
            case "GET", ["dags"]:
                flag = "only_active" if self.api == 1 else "exclude_stale"
                unseen = set() if query.get(flag) == "false" else self.unparsed
                dags = sorted(self.dags.items())
                items = [{"dag_id": n, "is_paused": p} for n, p in dags if n not in unseen]
                return 200, _page(items, "dags", query)
            case "PATCH", ["dags"]:
                return self._patch_dags(body, query)
            case "PATCH", ["dags", name]:
                if name not in self.dags:
                    raise RefusedByAirflowError(404, f"Dag with id: '{name}' not found")
                self.dags[name] = body["is_paused"]
                return 200, {"dag_id": name, **body}
            case "GET", ["dags", "~", "dagRuns", "~", "taskInstances"]:
                number = self.running.pop(0) if self.running else 0
                return 200, {"task_instances": [], "total_entries": number}
            case "GET", ["dags", "~", "dagRuns"]:
                return 200, _page(self.runs, "dag_runs", query)
            case "GET", ["users"] if self.api == 1:
                return 200, _page(self.users, "users", query)
            case "PATCH", ["users", name] if self.api == 1:
                for user in self.users:
                    if user["username"] == name:
                        user["roles"] = body["roles"]
                        return 200, user
                raise RefusedByAirflowError(404, "User not found")
            case _, [collection, *rest] if collection in NAMED:
                if collection == "roles" and self.api == 2:
                    raise RefusedByAirflowError(404, "Not Found")
                return self._stored(method, collection, rest, body, query)
        raise RefusedByAirflowError(404, "Not Found")

    def _patch_dags(self, body: Any, query: dict[str, Any]) -> tuple[int, Any]:
        pattern = str(query["dag_id_pattern"])
        expression = re.escape("" if pattern == "~" else pattern).replace("_", ".")
        found = [n for n in sorted(self.dags) if re.search(expression, n, re.IGNORECASE)]
        for name in found[: int(query.get("limit", MOST))]:
            self.dags[name] = body["is_paused"]
        return 200, {"dags": [], "total_entries": len(found)}

    def _stored(
        self, method: str, collection: str, rest: list[str], body: Any, query: dict[str, Any]
    ) -> tuple[int, Any]:
        items, named = self.stored[collection], NAMED[collection]
        if not rest:
            if method == "GET":
                at, many = int(query.get("offset", 0)), int(query.get("limit", MOST))
                self._given(collection, list(items.values())[at : at + many])
                shown = [self._shown(collection, one, in_list=True) for one in items.values()]
                return 200, _page(shown, collection, query)
            if method == "POST":
                # Airflow 2 overwrites a variable, and refuses everything else that exists.
                if body[named] in items and not (collection == "variables" and self.api == 1):
                    raise RefusedByAirflowError(409, "already exists")
                items[body[named]] = self._kept(collection, body)
                return 200 if self.api == 1 else 201, body
            if method == "PATCH" and self.api == 2:
                return 200, self._bulk(collection, body)
            raise RefusedByAirflowError(405, "Method Not Allowed")
        name = "/".join(rest)
        slashes = ("variables", "pools") if self.api == 2 else ("variables",)
        if name not in items or ("/" in name and collection not in slashes):
            raise RefusedByAirflowError(404, f"{name} not found")
        if method == "GET":
            self._given(collection, [items[name]])
            return 200, self._shown(collection, items[name], in_list=False)
        if method == "DELETE":
            del items[name]
            return 204, None
        if method == "PATCH":
            old = items[name]
            self._patchable(collection, name, body)
            items[name] = {**old, **self._kept(collection, body)}
            if collection == "connections" and self.api == 2 and body.get("extra"):
                # What was masked and comes back masked stays.
                given, there = json.loads(body["extra"]), json.loads(old.get("extra") or "{}")
                kept = {key: there[key] for key in given.keys() & there if given[key] == MASK}
                items[name]["extra"] = json.dumps(given | kept)
            if collection == "roles":
                # Rights are added; none is taken away (seen: 2.10.3).
                more = [one for one in body["actions"] if one not in old["actions"]]
                items[name]["actions"] = [*old["actions"], *more]
            return 200, body
        raise RefusedByAirflowError(405, "Method Not Allowed")

    def _given(self, collection: str, items: list[dict[str, Any]]) -> None:
        """Airflow 2 cannot say how many slots are open where there is no limit (seen: 2.10.3)."""
        if self.api == 1 and collection == "pools" and any(one["slots"] < 0 for one in items):
            raise RefusedByAirflowError(500, "Response body does not conform to specification")

    def _patchable(self, collection: str, name: str, body: dict[str, Any]) -> None:
        """What the real ones refuse in a change (seen: 2.10.3, 3.2.1)."""
        if collection == "pools" and self.api == 2:
            if name == "default_pool":
                raise RefusedByAirflowError(400, "Only slots and included_deferred can be modified")
            if missing := {"name", "slots", "include_deferred"} - body.keys():
                raise RefusedByAirflowError(422, f"missing {sorted(missing)}")
        never_null = {"variables": "description", "connections": "password"}.get(collection, "")
        if self.api == 1 and body.get(never_null, "") is None:
            raise RefusedByAirflowError(400, f"{never_null}: Field may not be null.")

    def _bulk(self, collection: str, body: Any) -> Any:
        items, named = self.stored[collection], NAMED[collection]
        result: dict[str, Any] = {}
        for action in body["actions"]:
            names = [one[named] for one in action["entities"]]
            there = [name for name in names if name in items]
            kind, errors = action["action"], []
            if kind == "create" and action.get("action_on_existence", "fail") == "fail" and there:
                errors = [{"error": f"{there} already exist", "status_code": 409}]
            else:
                for one in action["entities"]:
                    # What the request leaves out is emptied.
                    items[one[named]] = self._kept(collection, one)
            result[kind] = {"success": [] if errors else names, "errors": errors}
        return result

    def _kept(self, collection: str, body: dict[str, Any]) -> dict[str, Any]:
        if body.get(NAMED[collection]) in self.not_taken:
            where = {"loc": ["body", "value"], "msg": "not taken", "input": body}
            raise RefusedByAirflowError(*((422, [where]) if self.api == 2 else (400, "not taken")))
        allowed = {
            "variables": {"key", "value", "description"},
            "pools": {"name", "slots", "description", "include_deferred"},
            "connections": {"connection_id", "conn_type", "description", "host", "login"}
            | {"schema", "port", "password", "extra"},
            "roles": {"name", "actions"},
        }[collection]
        if strange := set(body) - allowed:
            raise RefusedByAirflowError(
                422 if self.api == 2 else 400, f"unknown fields {sorted(strange)}"
            )
        return dict(body)

    def _shown(self, collection: str, item: dict[str, Any], *, in_list: bool) -> dict[str, Any]:
        shown = dict(item)
        if collection == "connections":
            if self.api == 1:
                # Never the password, and in the collection no extra either.
                shown.pop("password", None)
                if in_list:
                    shown.pop("extra", None)
            elif shown.get("password"):
                shown["password"] = MASK
            if shown.get("extra"):
                shown["extra"] = json.dumps(_masked(json.loads(shown["extra"])))
        if collection == "variables" and self.api == 2:
            try:
                shown["value"] = json.dumps(_masked(json.loads(item["value"]), item["key"]))
            except ValueError:
                shown["value"] = _masked(item["value"], item["key"])
        if collection == "pools":
            shown = {"description": None, "include_deferred": False, "open_slots": 1, **shown}
            shown = {name: value for name, value in shown.items() if name not in self.hidden}
        return shown


def _masked(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _masked(inner, key) for key, inner in value.items()}
    return MASK if any(word in name.lower() for word in SENSITIVE) else value


def _page(items: list[dict[str, Any]], member: str, query: dict[str, Any]) -> dict[str, Any]:
    limit, offset = min(int(query.get("limit", MOST)), MOST), int(query.get("offset", 0))
    return {member: items[offset : offset + limit], "total_entries": len(items)}
