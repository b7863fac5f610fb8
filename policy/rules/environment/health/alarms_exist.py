"""Alarms on what fails silently."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from policy.rules.rule import AFTERWARDS, Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE

WATCHED = ("SchedulerHeartbeat", "QueuedTasks")


class AlarmsExist(Rule):
    id = "mwaa-environment-alarms-exist"
    title = "Alarms watch the scheduler's heartbeat and the queue"
    enforcement = "advisory"
    severity = "medium"
    why = "A dead scheduler or a queue that nobody drains makes no noise of its own."
    fix = Fix(
        setting="alarms: true",
        command="aws cloudwatch put-metric-alarm --namespace AmazonMWAA"
        " --metric-name SchedulerHeartbeat"
        " --dimensions Name=Environment,Value=NAME Name=Function,Value=Scheduler"
        " --cli-input-json file://alarm.json",
    )
    source = GUIDE + "accessing-metrics-cw.html"
    stages = AFTERWARDS

    def judge(self, platform: Platform) -> Iterator[Finding]:
        alarms = require(platform.alarms, "the alarms")
        name = require(platform.environment.name, "the environment's name")
        ours = [
            alarm.metric
            for alarm in alarms
            if not known(alarm.dimensions)
            or not known(alarm.dimensions.get("Environment", ""))
            or alarm.dimensions.get("Environment") == name
        ]
        if missing := [metric for metric in WATCHED if metric not in ours]:
            yield fail(f"no alarm on {' and '.join(missing)}")
