"""The scheduler's heartbeat."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, fail
from checks.measured import latest
from checks.sources import GUIDE
from mwaa.subject import Subject


class SchedulerHeartbeat(Check):
    id = "mwaa-environment-scheduler-heartbeat"
    title = "The scheduler's heart beats"
    severity = "mandatory"
    why = "Without a scheduler nothing is queued, whatever the UI shows."
    remedy = Remedy(
        command="aws logs tail airflow-NAME-Scheduler --since 1h (then: execution role, endpoints)"
    )
    source = GUIDE + "accessing-metrics-cw.html"
    origins = LIVE

    def judge(self, subject: Subject) -> Iterator[Finding]:
        beat = latest(subject, "SchedulerHeartbeat")
        if beat is not None and not beat.value:
            yield fail("no heartbeat of the scheduler in the last twenty minutes")
