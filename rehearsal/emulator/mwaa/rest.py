"""The little of Airflow's REST API that an idle environment can answer over InvokeRestApi.

https://docs.aws.amazon.com/mwaa/latest/userguide/access-mwaa-apache-airflow-rest-api.html
Health, version, and what was stored there before: variables, pools, connections, and roles of
Airflow 2. There is no scheduler behind it: DAGs are the files under the DAG prefix, and they never
run.
"""

from collections.abc import Mapping
from typing import Any

from mwaa.service.airflow_objects import KINDS
from mwaa.service.versions import major
from rehearsal.emulator.mwaa.environment import Environment
from rehearsal.emulator.mwaa.exceptions import RestApiClientError
from rehearsal.emulator.world import world


def answer(environment: Environment, request: Mapping[str, Any]) -> dict[str, Any]:
    """Status and document of one request; RestApiClientError for what Airflow would refuse."""
    method, body = request["Method"], request.get("Body")
    gone = {"roles"} if major(environment.config["AirflowVersion"]) >= 3 else set[str]()
    collections = KINDS.keys() - gone
    parts = [part for part in request["Path"].partition("?")[0].split("/") if part]
    match method, parts:
        case "GET", ["health"] | ["monitor", "health"]:
            return _ok(200, _health())
        case "GET", ["version"]:
            return _ok(200, {"version": environment.config["AirflowVersion"], "git_version": None})
        case "GET", ["dags"]:
            dags = _dags(environment)
            return _ok(200, {"dags": dags, "total_entries": len(dags)})
        case "GET", ["dags", "~", "dagRuns", "~", "taskInstances"]:
            return _ok(200, {"task_instances": [], "total_entries": 0})
        case _, [collection, *rest] if collection in collections and len(rest) <= 1:
            items = environment.airflow.items.setdefault(collection, {})
            return _stored(items, method, collection, rest, body)
    raise RestApiClientError(404, {"title": "Not Found", "status": 404, "detail": request["Path"]})


def _ok(status: int, document: Any) -> dict[str, Any]:
    return {"RestApiStatusCode": status, "RestApiResponse": document}


def _health() -> dict[str, Any]:
    return {
        "metadatabase": {"status": "healthy"},
        "scheduler": {"status": "healthy"},
        "triggerer": {"status": "healthy"},
        "dag_processor": {"status": "healthy"},
    }


def _dags(environment: Environment) -> list[dict[str, Any]]:
    s3 = world().accounts.client("s3", environment.account, environment.region)
    bucket = environment.config["SourceBucketArn"].rpartition(":::")[2]
    prefix = environment.config["DagS3Path"].rstrip("/") + "/"
    found = s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
    return [
        {"dag_id": item["Key"].rpartition("/")[2].removesuffix(".py"), "is_paused": True}
        for item in found
        if item["Key"].endswith(".py")
    ]


def _in_bulk(items: dict[str, Any], named: str, actions: Any) -> dict[str, Any]:
    """Airflow 3 creates many at once, and by it changes those that exist."""
    done: list[str] = []
    for action in actions:
        overwrites = action.get("action_on_existence") == "overwrite"
        for one in action["entities"]:
            if overwrites or one[named] not in items:
                items[one[named]] = dict(one)
                done.append(one[named])
    return {"create": {"success": done, "errors": []}}


def _stored(
    items: dict[str, Any], method: str, collection: str, rest: list[str], body: Any
) -> dict[str, Any]:
    named = KINDS[collection].key
    if not rest:
        if method == "GET":
            return _ok(200, {collection: list(items.values()), "total_entries": len(items)})
        if method == "POST":
            if not isinstance(body, dict) or not isinstance(body.get(named), str):
                raise RestApiClientError(400, {"status": 400, "detail": f"{named} is required"})
            if body[named] in items:
                raise RestApiClientError(409, {"status": 409, "detail": "already exists"})
            items[body[named]] = dict(body)
            return _ok(201, body)
        if method == "PATCH" and isinstance(body, dict) and "actions" in body:
            return _ok(200, _in_bulk(items, named, body["actions"]))
        raise RestApiClientError(405, {"status": 405, "detail": f"{method} is not allowed"})
    name = rest[0]
    if name not in items:
        raise RestApiClientError(404, {"status": 404, "detail": f"{name} not found"})
    if method == "GET":
        return _ok(200, items[name])
    if method == "DELETE":
        del items[name]
        return _ok(204, {})
    if method == "PATCH" and isinstance(body, dict):
        items[name] |= body
        return _ok(200, items[name])
    raise RestApiClientError(405, {"status": 405, "detail": f"{method} is not allowed"})
