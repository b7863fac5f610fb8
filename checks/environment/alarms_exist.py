"""Alarms on what fails silently."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.sources import GUIDE
from mwaa.subject import Subject, known

WATCHED = ("SchedulerHeartbeat", "QueuedTasks")


class AlarmsExist(Check):
    id = "mwaa-environment-alarms-exist"
    title = "Alarms watch the scheduler's heartbeat and the queue"
    severity = "advisory"
    why = "A dead scheduler or a queue that nobody drains makes no noise of its own."
    remedy = Remedy(
        setting="alarms: true",
        command="aws cloudwatch put-metric-alarm --namespace AmazonMWAA"
        " --metric-name SchedulerHeartbeat ...",
    )
    source = GUIDE + "accessing-metrics-cw.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        alarms = need(subject.alarms, "the alarms")
        name = need(subject.environment.name, "the environment's name")
        ours = [
            alarm.metric
            for alarm in alarms
            if not known(alarm.dimensions)
            or not known(alarm.dimensions.get("Environment", ""))
            or alarm.dimensions.get("Environment") == name
        ]
        if missing := [metric for metric in WATCHED if metric not in ours]:
            yield fail(f"no alarm on {' and '.join(missing)}")
