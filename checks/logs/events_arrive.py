"""Whether anything is logged."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, each, fail, need
from checks.lookups import short
from checks.sources import GUIDE
from mwaa.subject import LogGroup, Subject

# These components write all the time; tasks and the web server only when they are used.
BUSY = ("DAGProcessing", "Scheduler", "Worker")
SECONDS = 60 * 60


class EventsArrive(Check):
    id = "mwaa-logs-events-arrive"
    title = "Scheduler, worker and DAG processing logged within the last hour"
    severity = "advisory"
    why = "Silence means that the role, the key or the way to CloudWatch Logs is broken."
    remedy = Remedy(command="aws logs tail airflow-NAME-Scheduler --since 1h")
    source = GUIDE + "t-cloudwatch-cloudtrail-logs.html"
    origins = LIVE

    def judge(self, subject: Subject) -> Iterator[Finding]:
        if subject.environment.status != "AVAILABLE":
            return iter(())
        now = need(subject.account.now, "the time")

        def one(group: LogGroup) -> Iterator[Finding]:
            name = need(group.name, "a log group's name")
            if not name.endswith(BUSY):
                return
            last = need(group.last_event, f"the last event of {short(group.id)}")
            if last is None or now - last > SECONDS:
                yield fail(f"nothing in {name} for more than an hour", group.id)

        return each(need(subject.log_groups, "the log groups"), one)
