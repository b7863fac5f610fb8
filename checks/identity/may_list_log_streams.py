"""A need of the execution role with Airflow 3."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy
from checks.permitted import permitted
from checks.sources import GUIDE
from mwaa.subject import Subject


class MayListLogStreams(Check):
    id = "mwaa-identity-may-list-log-streams"
    title = "With Airflow 3 the execution role may list log streams"
    severity = "advisory"
    why = "Without it the UI shows no triggerer logs, and says nothing about it."
    remedy = Remedy(
        setting="existingRoleArn: empty, to have the role made",
        command="aws iam put-role-policy ... (logs:DescribeLogStreams on log-group:airflow-NAME-*)",
    )
    source = GUIDE + "t-cloudwatch-cloudtrail-logs.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        return permitted(subject, "log-streams")
