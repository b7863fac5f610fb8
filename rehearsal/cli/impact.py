"""What the plan does to the running environment, as `mwaa impact` prints it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

IMPACT_SECONDS = 60


def lines(
    steps: Iterable[Mapping[str, Any]], root: Path, environment: Mapping[str, str]
) -> Iterator[str]:
    """The verb's own words for the steps of a preview's event log, one line each."""
    done = subprocess.run(
        [sys.executable, "-m", "ops", "impact", "--preview", "-"],
        input=json.dumps({"steps": [_step(one) for one in steps if one["op"] != "same"]}),
        capture_output=True,
        text=True,
        check=False,
        cwd=root,
        env=dict(environment),
        timeout=IMPACT_SECONDS,
    )
    # It ends with 1 when data would be lost; the lines say so, and the engine asks for two keys.
    yield from (done.stdout or done.stderr).splitlines()


def _step(one: Mapping[str, Any]) -> dict[str, Any]:
    """A step of the event log in the form that `pulumi preview --json` has."""
    return {
        "op": one["op"],
        "urn": one["urn"],
        "oldState": one.get("old"),
        "newState": one.get("new"),
        "replaceReasons": one.get("keys"),
        "diffReasons": one.get("diffs"),
        "detailedDiff": one.get("detailedDiff"),
    }
