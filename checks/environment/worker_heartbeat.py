"""The workers' heartbeat."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, fail
from checks.measured import latest
from checks.sources import GUIDE
from mwaa.subject import Subject


class WorkerHeartbeat(Check):
    id = "mwaa-environment-worker-heartbeat"
    title = "The workers' hearts beat"
    severity = "mandatory"
    why = "Without workers tasks stay queued for ever."
    remedy = Remedy(
        command="aws logs tail airflow-NAME-Worker --since 1h (then: execution role, SQS and KMS)"
    )
    source = GUIDE + "accessing-metrics-cw.html"
    origins = LIVE

    def judge(self, subject: Subject) -> Iterator[Finding]:
        beat = latest(subject, "CeleryWorkerHeartbeat")
        if beat is not None and not beat.value:
            yield fail("no heartbeat of a worker in the last twenty minutes")
