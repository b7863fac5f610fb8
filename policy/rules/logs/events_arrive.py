"""Whether anything is logged."""

from collections.abc import Iterator

from mwaa.model.platform import LogGroup, Platform
from mwaa.names import LOG_TYPES
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
BUSY = tuple(LOG_TYPES[module] for module in ("dag_processing", "scheduler", "worker"))
# The time of the last event comes late: "typically updates in less than an hour
# from ingestion, but in rare situations might take longer" (LogStream, read 2026-11).
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogStream.html
HOURS = 3


class EventsArrive(Rule):
    id = "mwaa-logs-events-arrive"
    title = "Scheduler, worker and DAG processing logged within the last three hours"
    enforcement = "advisory"
    severity = "medium"
    why = "Silence means that the role, the key or the way to CloudWatch Logs is broken."
    fix = Fix(command="mwaa logs --environment NAME --since 1d")
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
            if last is None or now - last > HOURS * 3600:
                yield fail(f"nothing in {name} for more than {HOURS} hours", group.id)

        return each(require(platform.log_groups, "the log groups"), one)
