"""The emulator's own endpoints under ``/_emulator/``: health, requests, faults, clock, reset.

Answers are JSON. They are no part of AWS, and are not written to the request log.
"""

import json
import math
import os
import threading
from typing import Any, Protocol

from rehearsal.emulator.clock import Clock
from rehearsal.emulator.gateway import Gateway

ENDPOINTS = {
    "health": "GET: status, process id, whether all services are loaded",
    "requests": "GET: the request log, filtered by its fields and since=N; DELETE: forget it",
    "faults": "GET: rules in force; POST: add one; DELETE: remove all",
    "clock": "GET: time, speed, durations; POST: advance, stop, start, speed, durations",
    "environments": "GET: every environment; POST: make an event happen to one {name, event, ...}",
    "network": "GET: what the containers of environment=NAME cannot reach of its own, and why",
    "reset": "POST: empty all accounts",
}


class Application(Protocol):
    """The application that these endpoints look into and set."""

    clock: Clock
    gateway: Gateway
    lock: threading.RLock
    warmed: threading.Event

    def advance(self) -> None:
        """Let the service do the work that is due by now."""

    def obstacles(self, environment: str) -> dict[str, str]:
        """What of its own an environment's containers cannot reach, and why."""

    def reset(self) -> None:
        """Empty all accounts, the log and the faults."""


def answer(
    emulator: Application, method: str, path: str, query: dict[str, str], body: bytes
) -> tuple[int, Any]:
    """Status and JSON document for one control request; ValueError becomes a 400."""
    match method, path.strip("/"):
        case "GET", "health":
            return 200, {
                "status": "ok",
                "pid": os.getpid(),
                "warm": emulator.warmed.is_set(),
                "time": emulator.clock.now(),
            }
        case "GET", "requests":
            return 200, {"requests": emulator.gateway.journal.read(query)}
        case "DELETE", "requests":
            emulator.gateway.journal.clear()
            return 200, {}
        case "GET", "faults":
            return 200, {"faults": emulator.gateway.faults.read()}
        case "POST", "faults":
            emulator.gateway.faults.add(_document(body))
            return 200, {"faults": emulator.gateway.faults.read()}
        case "DELETE", "faults":
            emulator.gateway.faults.clear()
            return 200, {}
        case "GET", "clock":
            return 200, _clock(emulator)
        case "POST", "clock":
            _move(emulator, _document(body))
            return 200, _clock(emulator)
        case "GET", "environments":
            emulator.advance()
            from rehearsal.emulator.mwaa import models

            return 200, {"environments": [env.summary() for env in models.environments()]}
        case "POST", "environments":
            return 200, _event(emulator, _document(body))
        case "GET", "network":
            return 200, {"obstacles": emulator.obstacles(query.get("environment", ""))}
        case "POST", "reset":
            emulator.reset()
            return 200, {}
    if path.strip("/") in ENDPOINTS:
        return 405, {"error": f"{method} is not understood here", "allowed": ENDPOINTS}
    return 404, {"error": f"no control endpoint {path!r}", "allowed": ENDPOINTS}


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body or b"{}")
    except ValueError as problem:
        raise ValueError(f"the body is not JSON: {problem}") from None
    if not isinstance(document, dict):
        raise ValueError(f"the body is {type(document).__name__}; a JSON object is needed")
    return document


def _clock(emulator: Application) -> dict[str, Any]:
    clock = emulator.clock
    return {
        "now": clock.now(),
        "speed": clock.speed,
        "stopped": clock.stopped_at is not None,
        "durations": clock.durations,
    }


def _number(value: Any, name: str) -> float:
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    if not numeric or not math.isfinite(value):
        raise ValueError(f"{name} is {value!r}; a number is needed")
    return float(value)


def _move(emulator: Application, request: dict[str, Any]) -> None:
    """Apply ``request``: nothing of it when one part is wrong."""
    clock = emulator.clock
    allowed = {"advance", "stop", "start", "speed", "durations"}
    if set(request) - allowed:
        unknown = ", ".join(sorted(set(request) - allowed))
        raise ValueError(f"the clock does not understand {unknown}; allowed: {sorted(allowed)}")
    speed = _number(request.get("speed", clock.speed), "speed")
    seconds = _number(request.get("advance", 0), "advance")
    if speed <= 0 or seconds < 0:
        raise ValueError("speed must be above 0, and the clock only moves forward")
    durations = request.get("durations", {})
    if not isinstance(durations, dict) or set(durations) - set(clock.durations):
        raise ValueError(f"durations may hold {', '.join(clock.durations)}; got {durations!r}")
    changed = {name: _number(value, name) for name, value in durations.items()}
    if any(value < 0 for value in changed.values()):
        raise ValueError("a duration cannot be negative")
    with emulator.lock:
        clock.speed = speed
        clock.durations.update(changed)
        if request.get("stop"):
            clock.stop()
        if request.get("start"):
            clock.start()
        if seconds:
            emulator.advance()
            before = clock.now()
            clock.advance(seconds)
            from rehearsal.emulator.mwaa import lifecycle, models

            for environment in models.environments():
                lifecycle.pass_window(environment, before, clock.now())
            emulator.advance()


def _event(emulator: Application, request: dict[str, Any]) -> dict[str, Any]:
    emulator.advance()
    from rehearsal.emulator.mwaa import events, models

    named = [env for env in models.environments() if env.name == request.get("name")]
    if not named:
        raise ValueError(f"there is no environment {request.get('name')!r}")
    with emulator.lock:
        for env in named:
            events.occur(env, request)
    return {"environments": [env.summary() for env in named]}
