"""Order of creation: log groups before the environment."""

from collections.abc import Iterator

from checks.check import PLAN, Check, Finding, Remedy, fail, need
from checks.lookups import short
from checks.sources import GUIDE
from mwaa.subject import Subject


class GroupsBeforeEnvironment(Check):
    id = "mwaa-logs-groups-before-environment"
    title = "The log groups are created before the environment"
    severity = "advisory"
    why = "MWAA makes what is missing, and the later create fails: ResourceAlreadyExists."
    remedy = Remedy(
        setting="adoptLogGroups: true, where they exist already",
        command="pulumi import aws:cloudwatch/logGroup:LogGroup NAME airflow-ENVIRONMENT-Task",
    )
    source = GUIDE + "monitoring-airflow.html"
    origins = PLAN

    def judge(self, subject: Subject) -> Iterator[Finding]:
        before = need(subject.environment.depends_on, "the order of creation")
        groups = need(subject.log_groups, "the log groups")
        if late := sorted(short(group.id) for group in groups if group.id not in before):
            yield fail(f"the environment does not wait for {', '.join(late)}")
