"""A need of the execution role with Airflow 3."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.permissions import missing_permissions
from policy.rules.rule import Finding, Fix, Rule
from policy.rules.sources import GUIDE


class MayListLogStreams(Rule):
    id = "mwaa-identity-may-list-log-streams"
    title = "With Airflow 3 the execution role may list log streams"
    enforcement = "advisory"
    severity = "medium"
    why = "Without it the UI shows no triggerer logs, and says nothing about it."
    fix = Fix(
        setting="existingRoleArn: empty, to have the role made",
        command="aws iam put-role-policy --role-name ROLE --policy-name mwaa"
        " --policy-document ROLE_POLICY (logs:DescribeLogStreams on log-group:airflow-NAME-*)",
    )
    source = GUIDE + "t-cloudwatch-cloudtrail-logs.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        return missing_permissions(platform, "log-streams")
