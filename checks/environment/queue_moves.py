"""Whether queued tasks are taken."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, fail
from checks.measured import latest
from checks.sources import GUIDE
from mwaa.subject import Subject


class QueueMoves(Check):
    id = "mwaa-environment-queue-moves"
    title = "Queued tasks are being run"
    severity = "advisory"
    why = "Tasks that queue while none runs mean that workers cannot read the queue or its key."
    remedy = Remedy(
        setting="maxWorkers, or the checks on SQS, KMS and endpoints",
        command="aws logs tail airflow-NAME-Worker --since 1h",
    )
    source = GUIDE + "accessing-metrics-cw.html"
    origins = LIVE

    def judge(self, subject: Subject) -> Iterator[Finding]:
        queued, running = latest(subject, "QueuedTasks"), latest(subject, "RunningTasks")
        if queued and running and (queued.value or 0) > 0 and not running.value:
            yield fail(f"{queued.value:.0f} tasks are queued and none runs")
