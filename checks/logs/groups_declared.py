"""Whether the log groups are made in advance."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.lookups import log_modules
from checks.sources import GUIDE
from mwaa.naming import LOG_TYPES
from mwaa.subject import Subject


class GroupsDeclared(Check):
    id = "mwaa-logs-groups-declared"
    title = "Every log module that is on has a log group made for it"
    severity = "advisory"
    why = "The groups that MWAA makes never expire and have no key of yours."
    remedy = Remedy(
        setting="logRetentionDays and adoptLogGroups",
        command="aws logs create-log-group --log-group-name airflow-NAME-Task --kms-key-id KEY",
    )
    source = GUIDE + "monitoring-airflow.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        environment = need(subject.environment.name, "the environment's name")
        present = {need(group.name, "a name") for group in need(subject.log_groups, "log groups")}
        wanted = [
            f"airflow-{environment}-{LOG_TYPES[module]}"
            for module, facts in log_modules(subject).items()
            if facts.enabled is True
        ]
        if missing := [name for name in wanted if name not in present]:
            yield fail(f"no log group {', '.join(missing)}")
