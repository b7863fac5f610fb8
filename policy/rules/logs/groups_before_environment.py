"""Order of creation: log groups before the environment."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import short
from policy.rules.rule import PLAN, Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class GroupsBeforeEnvironment(Rule):
    id = "mwaa-logs-groups-before-environment"
    title = "The log groups are created before the environment"
    enforcement = "advisory"
    severity = "low"
    why = "MWAA makes what is missing, and the later create fails: ResourceAlreadyExists."
    fix = Fix(
        setting="adoptLogGroups: true, where they exist already",
        command="pulumi import aws:cloudwatch/logGroup:LogGroup NAME airflow-ENVIRONMENT-Task",
    )
    source = GUIDE + "monitoring-airflow.html"
    origins = PLAN

    def judge(self, platform: Platform) -> Iterator[Finding]:
        before = require(platform.environment.depends_on, "the order of creation")
        groups = require(platform.log_groups, "the log groups")
        if late := sorted(short(group.id) for group in groups if group.id not in before):
            yield fail(f"the environment does not wait for {', '.join(late)}")
