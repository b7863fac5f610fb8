"""CPU and memory of the components."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.rule import AFTERWARDS, LIVE, Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE

MOST_PERCENT = 85.0


class UtilisationModerate(Rule):
    id = "mwaa-environment-utilisation-moderate"
    title = "CPU and memory of every component stay below 85 percent"
    enforcement = "advisory"
    severity = "medium"
    why = "Above it containers are killed and tasks are lost without a message."
    fix = Fix(
        setting="environmentClass or maxWorkers",
        command="aws mwaa update-environment --name NAME --environment-class mw1.medium",
    )
    source = GUIDE + "accessing-metrics-cw-container-queue-db.html"
    origins = LIVE
    stages = AFTERWARDS

    def judge(self, platform: Platform) -> Iterator[Finding]:
        for metric in require(platform.metrics, "the metrics"):
            value = metric.value or 0.0
            if metric.name in ("CPUUtilization", "MemoryUtilization") and value > MOST_PERCENT:
                where = metric.dimensions.get("Cluster", "the environment")
                yield fail(f"{metric.name} of {where} is {value:.0f} percent")
