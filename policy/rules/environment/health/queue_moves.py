"""Whether queued tasks are taken."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.metrics import latest
from policy.rules.rule import AFTERWARDS, LIVE, Finding, Fix, Rule, fail
from policy.rules.sources import GUIDE


class QueueMoves(Rule):
    id = "mwaa-environment-queue-moves"
    title = "Queued tasks are being run"
    enforcement = "advisory"
    severity = "medium"
    why = "Tasks that queue while none runs mean that workers cannot read the queue or its key."
    fix = Fix(
        setting="maxWorkers, or the rules on SQS, KMS and endpoints",
        command="aws logs tail airflow-NAME-Worker --since 1h",
    )
    source = GUIDE + "accessing-metrics-cw.html"
    origins = LIVE
    stages = AFTERWARDS

    def judge(self, platform: Platform) -> Iterator[Finding]:
        queued, running = latest(platform, "QueuedTasks"), latest(platform, "RunningTasks")
        if queued and running and (queued.value or 0) > 0 and not running.value:
            yield fail(f"{queued.value:.0f} tasks are queued and none runs")
