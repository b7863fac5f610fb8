"""How long the engine waits."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.rule import PLAN, Finding, Fix, Rule, fail, require
from policy.rules.sources import API

CREATE_SECONDS = 60 * 60
GRACEFUL_SECONDS = 12 * 60 * 60


class TimeoutsFit(Rule):
    id = "mwaa-environment-timeouts-fit"
    title = "The engine waits as long as a create or a graceful update may take"
    enforcement = "advisory"
    severity = "high"
    why = "An engine that gives up first leaves a stack that knows less than the account."
    fix = Fix(
        setting="createTimeoutMinutes and updateTimeoutMinutes",
        command="aws mwaa get-environment --name NAME (then pulumi refresh)",
    )
    source = API + "API_UpdateEnvironment.html"
    origins = PLAN

    def judge(self, platform: Platform) -> Iterator[Finding]:
        timeouts = require(platform.environment.timeouts, "the timeouts")
        strategy = require(platform.environment.worker_replacement_strategy, "the strategy")
        # The provider's own defaults: 120 minutes for a create, 90 for an update.
        create = timeouts.get("create") or 120 * 60
        update = timeouts.get("update") or 90 * 60
        if create < CREATE_SECONDS:
            yield fail(f"a create may take {create / 60:.0f} minutes; it often takes 30, rarely 60")
        if strategy != "FORCED" and update < GRACEFUL_SECONDS:
            yield fail(f"an update may take {update / 3600:.1f} hours; GRACEFUL waits up to 12")
