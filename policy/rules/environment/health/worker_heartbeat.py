"""The workers' heartbeat."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.known_defects import HEARTBEAT
from policy.rules.facts.image import image_day, known_defects
from policy.rules.facts.metrics import latest
from policy.rules.rule import AFTERWARDS, LIVE, Finding, Fix, Rule, fail, unknown
from policy.rules.sources import GUIDE


class WorkerHeartbeat(Rule):
    id = "mwaa-environment-worker-heartbeat"
    title = "The workers send heartbeats"
    enforcement = "mandatory"
    severity = "high"
    why = "Without workers tasks stay queued."
    fix = Fix(
        command="aws logs tail airflow-NAME-Worker --since 1h (then: execution role, SQS and KMS)"
    )
    source = GUIDE + "accessing-metrics-cw.html"
    origins = LIVE
    stages = AFTERWARDS

    def judge(self, platform: Platform) -> Iterator[Finding]:
        beat = latest(platform, "CeleryWorkerHeartbeat")
        if beat is None or beat.value:
            return
        found = "no heartbeat of a worker in the last twenty minutes"
        if HEARTBEAT in known_defects(platform):
            day = image_day(platform)
            running = latest(platform, "RunningTasks")
            tasks = f", while {running.value:.0f} tasks run" if running and running.value else ""
            yield unknown(
                f"{found}{tasks}: an image of {day} or before sends none, and replaces healthy "
                f"workers ({HEARTBEAT.source}). Any update of the environment brings a newer image"
            )
        else:
            yield fail(found)
