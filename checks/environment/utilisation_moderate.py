"""CPU and memory of the components."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, fail, need
from checks.sources import GUIDE
from mwaa.subject import Subject

MOST_PERCENT = 85.0


class UtilisationModerate(Check):
    id = "mwaa-environment-utilisation-moderate"
    title = "CPU and memory of every component stay below 85 percent"
    severity = "advisory"
    why = "Above it containers are killed and tasks are lost without a message."
    remedy = Remedy(
        setting="environmentClass or maxWorkers",
        command="aws mwaa update-environment --name NAME --environment-class mw1.medium",
    )
    source = GUIDE + "accessing-metrics-cw-container-queue-db.html"
    origins = LIVE

    def judge(self, subject: Subject) -> Iterator[Finding]:
        for metric in need(subject.metrics, "the metrics"):
            value = metric.value or 0.0
            if metric.name in ("CPUUtilization", "MemoryUtilization") and value > MOST_PERCENT:
                where = metric.dimensions.get("Cluster", "the environment")
                yield fail(f"{metric.name} of {where} is {value:.0f} percent")
