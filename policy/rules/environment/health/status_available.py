"""The environment's status."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.rule import (
    AFTERWARDS,
    LIVE,
    Finding,
    Fix,
    Rule,
    fail,
    require,
    unknown,
)
from policy.rules.sources import GUIDE

ON_THE_WAY = (
    "CREATING",
    "CREATING_SNAPSHOT",
    "UPDATING",
    "MAINTENANCE",
    "ROLLING_BACK",
    "DELETING",
)
STUCK_SECONDS = 45 * 60


class StatusAvailable(Rule):
    id = "mwaa-environment-status-available"
    title = "The environment is AVAILABLE"
    enforcement = "mandatory"
    severity = "high"
    why = "Pulumi takes PENDING for created; only AVAILABLE runs DAGs."
    fix = Fix(command="aws mwaa get-environment --name NAME --query Environment.LastUpdate")
    source = GUIDE + "t-create-update-environment.html"
    origins = LIVE
    stages = AFTERWARDS

    def judge(self, platform: Platform) -> Iterator[Finding]:
        environment = platform.environment
        status = require(environment.status, "the environment's status")
        if status in (None, "AVAILABLE"):
            return
        if status == "PENDING":
            yield fail("PENDING: MWAA waits for the customer's database and web server endpoints")
            return
        if status not in ON_THE_WAY:
            yield fail(f"status {status}")
            return
        created, now = environment.created_at, platform.account.now
        age = now - created if isinstance(now, float) and isinstance(created, float) else 0.0
        if status == "CREATING" and age > STUCK_SECONDS:
            yield fail(f"CREATING for {age / 60:.0f} minutes; 20 to 30 are usual")
        else:
            yield unknown(f"status {status}: on its way, ask again later")
