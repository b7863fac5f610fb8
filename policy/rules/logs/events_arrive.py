"""Whether anything is logged."""

from collections.abc import Iterator

from mwaa.model.platform import LogGroup, Platform
from policy.rules.facts.resources import short
from policy.rules.rule import (
    AFTERWARDS,
    LIVE,
    Finding,
    Fix,
    Rule,
    each,
    fail,
    require,
)
from policy.rules.sources import GUIDE

# These components write all the time; tasks and the web server only when they are used.
BUSY = ("DAGProcessing", "Scheduler", "Worker")
SECONDS = 60 * 60


class EventsArrive(Rule):
    id = "mwaa-logs-events-arrive"
    title = "Scheduler, worker and DAG processing logged within the last hour"
    enforcement = "advisory"
    severity = "medium"
    why = "Silence means that the role, the key or the way to CloudWatch Logs is broken."
    fix = Fix(command="aws logs tail airflow-NAME-Scheduler --since 1h")
    source = GUIDE + "t-cloudwatch-cloudtrail-logs.html"
    origins = LIVE
    stages = AFTERWARDS

    def judge(self, platform: Platform) -> Iterator[Finding]:
        if platform.environment.status != "AVAILABLE":
            return iter(())
        now = require(platform.account.now, "the time")

        def one(group: LogGroup) -> Iterator[Finding]:
            name = require(group.name, "a log group's name")
            if not name.endswith(BUSY):
                return
            last = require(group.last_event, f"the last event of {short(group.id)}")
            if last is None or now - last > SECONDS:
                yield fail(f"nothing in {name} for more than an hour", group.id)

        return each(require(platform.log_groups, "the log groups"), one)
