"""The scheduler's heartbeat."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.metrics import latest
from policy.rules.rule import AFTERWARDS, LIVE, Finding, Fix, Rule, fail
from policy.rules.sources import GUIDE


class SchedulerHeartbeat(Rule):
    id = "mwaa-environment-scheduler-heartbeat"
    title = "The scheduler sends heartbeats"
    enforcement = "mandatory"
    severity = "high"
    why = "Without a scheduler nothing is queued, whatever the UI shows."
    fix = Fix(
        command="aws logs tail airflow-NAME-Scheduler --since 1h (then: execution role, endpoints)"
    )
    source = GUIDE + "accessing-metrics-cw.html"
    origins = LIVE
    stages = AFTERWARDS

    def judge(self, platform: Platform) -> Iterator[Finding]:
        beat = latest(platform, "SchedulerHeartbeat")
        if beat is not None and not beat.value:
            yield fail("no heartbeat of the scheduler in the last twenty minutes")
