"""The last create or update."""

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


class LastUpdateSucceeded(Rule):
    id = "mwaa-environment-last-update-succeeded"
    title = "The last create or update succeeded"
    enforcement = "mandatory"
    severity = "high"
    why = "A failed update is rolled back in silence: the environment runs what it ran before."
    fix = Fix(command="aws mwaa get-environment --name NAME --query Environment.LastUpdate")
    source = GUIDE + "t-create-update-environment.html"
    origins = LIVE
    stages = AFTERWARDS

    def judge(self, platform: Platform) -> Iterator[Finding]:
        update = require(platform.environment.last_update, "the last update")
        if update is None or update.status == "SUCCESS":
            return
        if update.status == "FAILED":
            yield fail(f"{update.error_code or 'FAILED'}: {update.error_message or 'no message'}")
        else:
            yield unknown(f"the last update is {update.status}")
