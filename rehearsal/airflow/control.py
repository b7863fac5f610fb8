"""What the supervisor asks of the emulated service beside AWS's own API."""

from __future__ import annotations

import json
import urllib.request
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode

from ops.target import find
from rehearsal.airflow.account import Account
from rehearsal.airflow.specification import Specification

TIMEOUT_SECONDS = 10

# A proxy in the environment must not be asked for the loopback.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def describe(account: Account, environment: str) -> Specification | None:
    """The environment as it is now, None when there is none of this name."""
    found = find(account.client("mwaa"), environment)
    return None if found is None else Specification(found, account.endpoint)


def attach(endpoint: str, environment: str, runtime: dict[str, str] | None) -> None:
    """Say that an Airflow runs behind the environment, or with None that it has ended."""
    event = {"name": environment, "event": "airflow", "runtime": runtime}
    _ask(f"{endpoint}/_emulator/environments", event)


def awaits(account: Account, environment: str) -> bool:
    """Whether the service waits for this Airflow to become what ``describe`` says."""
    found = _ask(f"{account.endpoint}/_emulator/environments")["environments"]
    mine = {"name": environment, "region": account.region}
    return any(one["awaits"] for one in found if mine.items() <= one.items())


def replaced(endpoint: str, environment: str, failure: str | None = None) -> None:
    """Say that this Airflow is what was awaited, or why it could not become it."""
    event = {"name": environment, "event": "replaced", "failure": failure}
    _ask(f"{endpoint}/_emulator/environments", event)


def now(endpoint: str) -> float:
    """The time of the emulated service, in seconds since the epoch."""
    return float(_ask(f"{endpoint}/_emulator/clock")["now"])


def reaches_database(endpoint: str, environment: str) -> bool:
    """Whether the environment's network leads its containers to the metadata database."""
    query = urlencode({"environment": environment})
    return "database" not in _ask(f"{endpoint}/_emulator/network?{query}")["obstacles"]


def health(address: str, is_airflow_3: bool) -> dict[str, str]:
    """Status by part, as Airflow's web server tells it; empty as long as it does not answer."""
    path = "/api/v2/monitor/health" if is_airflow_3 else "/health"
    try:
        found = _ask(f"http://{address}{path}")
    except (OSError, HTTPException, ValueError):
        return {}
    return {part: str(facts.get("status")) for part, facts in found.items()}


def _ask(url: str, document: dict[str, Any] | None = None) -> dict[str, Any]:
    body = json.dumps(document).encode() if document is not None else None
    with _opener.open(url, data=body, timeout=TIMEOUT_SECONDS) as answer:
        found: dict[str, Any] = json.load(answer)
    return found
