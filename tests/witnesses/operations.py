"""How far the operations that the live reader calls are witnessed."""

from __future__ import annotations

from collections.abc import Iterator

from ops.live.calls import CALLS
from tests.witnesses.iam.decisions import RECORDED
from tests.witnesses.readings import READINGS
from tests.witnesses.recordings import recordings


def operations() -> Iterator[str]:
    """Operations by the best witness that each has."""
    recorded = [call for call in CALLS if call in recordings()]
    model = [call for call in CALLS if call in READINGS and call not in recorded]
    nothing = [call for call in CALLS if call not in recorded and call not in model]
    yield (
        f"operations of ops/live: {len(CALLS)}, {len(recorded)} witnessed by a recording, "
        f"{len(model)} by the model alone, {len(nothing)} by nothing"
    )
    if not recorded:
        yield f"  no recordings: {RECORDED.name} is not beside the project"
    for title, calls in (("model", model), ("nothing", nothing)):
        if calls:
            yield f"  {title}: {', '.join(' '.join(call) for call in calls)}"
