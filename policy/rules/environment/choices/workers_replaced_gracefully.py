"""What an update does to running tasks."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.rule import PLAN, Finding, Fix, Rule, fail, require
from policy.rules.sources import API


class WorkersReplacedGracefully(Rule):
    id = "mwaa-environment-workers-replaced-gracefully"
    title = "An update waits for running tasks"
    enforcement = "advisory"
    severity = "medium"
    why = "FORCED stops workers under their tasks; GRACEFUL waits up to twelve hours for them."
    fix = Fix(
        setting="workerReplacementStrategy: GRACEFUL",
        command="aws mwaa update-environment --name NAME --worker-replacement-strategy GRACEFUL",
    )
    source = API + "API_UpdateEnvironment.html"
    # The API returns the strategy of the last update, which is history and not a setting.
    origins = PLAN

    def judge(self, platform: Platform) -> Iterator[Finding]:
        strategy = require(platform.environment.worker_replacement_strategy, "the strategy")
        if strategy == "FORCED":
            yield fail("worker replacement strategy FORCED")
