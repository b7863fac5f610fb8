"""The engine's event log: one JSON object per line, the only machine-readable record of a run.

The engine writes it while it works, beside what it prints for people. Event types:
https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/events.go
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STACK_TYPE = "pulumi:pulumi:Stack"

# A rule that needs what is not built yet says so through the SDK, in these words.
UNDECIDED = "can't run policy"
CANCELLING = "received; cancelling"


@dataclass(frozen=True)
class AdvisoryFinding:
    """What a rule found that does not stop a run."""

    rule: str
    message: str

    @property
    def undecided(self) -> bool:
        """Whether the rule waits for something that exists only after the update."""
        return self.message.startswith(UNDECIDED)

    @property
    def found(self) -> str:
        """The finding in one line, without reasons and remedies."""
        lines = self.message.strip().splitlines() or [""]
        return next((x.removeprefix("found: ") for x in lines if x.startswith("found: ")), lines[0])


@dataclass(frozen=True)
class RunSummary:
    """What a run says of itself. `changes` counts resources by operation, `same` included."""

    changes: Mapping[str, int] = field(default_factory=dict)
    outputs_differ: bool = False
    advice: tuple[AdvisoryFinding, ...] = ()
    passed: int = 0
    """How many rules of the policy packs found nothing."""
    steps: tuple[Mapping[str, Any], ...] = ()
    """The engine's own record of each resource, in the order in which it came to them."""
    canceled: bool = False
    """Whether the user interrupted it. In a terminal the engine takes the key for itself."""

    @property
    def changed(self) -> int:
        """How many resources are not `same`; reads leave nothing to do."""
        return sum(n for op, n in self.changes.items() if op not in ("same", "read"))

    @property
    def has_work(self) -> bool:
        """Whether an update would change resources, or only what the stack exports."""
        return self.changed > 0 or self.outputs_differ


def read_summary(events: Path) -> RunSummary:
    """Read a log; a run that ended before it wrote one has an empty summary."""
    if not events.is_file():
        return RunSummary()
    return _summary(map(json.loads, events.read_text(encoding="utf-8").splitlines()))


def steps(events: Path) -> int:
    """How many resources a run has begun with so far; the log may still be written to."""
    try:
        return events.read_bytes().count(b'"resourcePreEvent"')
    except OSError:
        return 0


def _summary(events: Iterable[Mapping[str, Any]]) -> RunSummary:
    changes: dict[str, int] = {}
    differ, passed, canceled = False, 0, False
    advice: dict[AdvisoryFinding, None] = {}
    begun: list[Mapping[str, Any]] = []
    for event in events:
        if summary := event.get("summaryEvent"):
            changes = {str(op): int(n) for op, n in (summary["resourceChanges"] or {}).items()}
        elif begins := event.get("resourcePreEvent"):
            begun.append(begins["metadata"])
        elif done := event.get("resOutputsEvent"):
            facts = done["metadata"]
            if facts["type"] == STACK_TYPE:
                # A stack registers its outputs last: the last event is the one that counts.
                differ = _outputs(facts.get("old")) != _outputs(facts.get("new"))
        elif found := event.get("policyEvent"):
            if found["enforcementLevel"] == "advisory":
                advice[AdvisoryFinding(found["policyName"], found["message"])] = None
        elif judged := event.get("policyAnalyzeStackSummaryEvent"):
            passed += len(judged.get("passed") or ())
        elif printed := event.get("stdoutEvent"):
            canceled = canceled or CANCELLING in printed["message"]
    return RunSummary(changes, differ, tuple(advice), passed, tuple(begun), canceled)


def _outputs(state: Mapping[str, Any] | None) -> Any:
    return (state or {}).get("outputs") or {}
