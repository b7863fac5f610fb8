"""What an update does to running tasks."""

from collections.abc import Iterator

from checks.check import PLAN, Check, Finding, Remedy, fail, need
from checks.sources import API
from mwaa.subject import Subject


class WorkersReplacedGracefully(Check):
    id = "mwaa-environment-workers-replaced-gracefully"
    title = "An update waits for running tasks"
    severity = "advisory"
    why = "FORCED stops workers under their tasks; GRACEFUL waits up to twelve hours for them."
    remedy = Remedy(
        setting="workerReplacementStrategy: GRACEFUL",
        command="aws mwaa update-environment --name NAME --worker-replacement-strategy GRACEFUL",
    )
    source = API + "API_UpdateEnvironment.html"
    # The API tells the strategy of the last update, which is history and not a setting.
    origins = PLAN

    def judge(self, subject: Subject) -> Iterator[Finding]:
        strategy = need(subject.environment.worker_replacement_strategy, "the strategy")
        if strategy == "FORCED":
            yield fail("worker replacement strategy FORCED")
