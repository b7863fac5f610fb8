"""Judges a saved plan outside of the engine, whose own JSON leaves the findings out.

``pulumi preview --json > plan.json`` writes resources without their dependencies, so references
between resources that do not exist yet stay unknown there; ``python -m policy.report STATE`` reads
a stack's state instead (``pulumi stack export``), which holds both.
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from checks.catalogue import Judgement, in_profile, judge
from checks.report import as_json, as_sarif, exit_code, text
from mwaa.subject import UNKNOWN
from policy.plan import read
from policy.resources import Resource

FORMATS = {"text": text, "json": as_json, "sarif": as_sarif}


def from_state(state: Mapping[str, Any]) -> tuple[Resource, ...]:
    """The resources of ``pulumi stack export``. Secrets in it are encrypted, and stay unread."""
    found = state.get("deployment", state).get("resources", [])
    return tuple(_resource(item) for item in found if not item.get("delete"))


def _resource(item: Mapping[str, Any]) -> Resource:
    outputs = dict(item.get("outputs", {}))
    if item.get("id"):
        outputs.setdefault("id", item["id"])
    timeouts = item.get("customTimeouts", {})
    return Resource(
        type=item["type"],
        name=item["urn"].rpartition("::")[2],
        urn=item["urn"],
        props={key: _clear(value) for key, value in outputs.items()},
        parent=item.get("parent", ""),
        dependencies=tuple(item.get("dependencies", ())),
        property_dependencies={
            key: tuple(urns or ()) for key, urns in item.get("propertyDependencies", {}).items()
        },
        protect=bool(item.get("protect")),
        # The state counts in nanoseconds.
        timeouts={key: value / 1e9 for key, value in timeouts.items() if value},
    )


def _clear(value: Any) -> Any:
    if isinstance(value, Mapping):
        if "4dabf18193072939515e22adb298388d" in value:
            return UNKNOWN
        return {key: _clear(item) for key, item in value.items()}
    return [_clear(item) for item in value] if isinstance(value, list) else value


def judgements(state: Mapping[str, Any], *, profile: str = "", now: float) -> list[Judgement]:
    """Every environment of a state, judged by the checks of a profile."""
    readings = read(from_state(state), now=now)
    return [j for r in readings for j in judge(r.subject, in_profile(profile))]


def main(arguments: Sequence[str]) -> int:
    """Print the report; 0 nothing wrong, 1 a mandatory failure, 2 a mandatory unknown."""
    parser = argparse.ArgumentParser(prog="python -m policy.report", description=__doc__)
    parser.add_argument("state", type=Path, help="the file that `pulumi stack export` wrote")
    parser.add_argument("--format", choices=FORMATS, default="text")
    parser.add_argument("--profile", default="", help="private or no-internet")
    options = parser.parse_args(arguments)
    try:
        state = json.loads(options.state.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        print(f"{options.state}: {problem}; write it with `pulumi stack export`", file=sys.stderr)
        return 2
    found = judgements(state, profile=options.profile, now=time.time())
    if not found:
        print(f"{options.state}: holds no aws:mwaa/environment:Environment", file=sys.stderr)
        return 2
    sys.stdout.write(FORMATS[options.format](found))
    return exit_code(found)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
