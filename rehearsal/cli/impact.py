"""What the plan does to the running environment, as `mwaa impact` prints it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rehearsal.cli.events import RunSummary

ENVIRONMENT = "aws:mwaa/environment:Environment"
IMPACT_SECONDS = 60


def lines(
    plan: RunSummary, root: Path, environment: Mapping[str, str], *, fails: bool = False
) -> Iterator[str]:
    """The verb's own words for a preview's event log, one line each.

    ``fails`` says that the preview ended because of a policy: its plan is whole all the same.
    """
    done = subprocess.run(
        [sys.executable, "-m", "ops", "impact", "--preview", "-"],
        input=json.dumps(_document(plan, fails=fails)),
        capture_output=True,
        text=True,
        check=False,
        cwd=root,
        env=dict(environment),
        timeout=IMPACT_SECONDS,
    )
    # It does not end with 0 when data would be lost; the lines say so, and the engine asks for two
    # keys.
    yield from (done.stdout or done.stderr).splitlines()


def _document(plan: RunSummary, *, fails: bool) -> dict[str, Any]:
    """What `pulumi preview --json` would print of it."""
    steps = [_step(one) for one in plan.steps if one["op"] != "same" or one["type"] == ENVIRONMENT]
    broken = [{"severity": "error", "message": "error: preview failed"}] if fails else []
    return {"steps": steps, "changeSummary": dict(plan.changes), "diagnostics": broken}


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
