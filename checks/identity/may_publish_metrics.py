"""A need of the execution role."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy
from checks.permitted import permitted
from checks.sources import GUIDE
from mwaa.subject import Subject


class MayPublishMetrics(Check):
    id = "mwaa-identity-may-publish-metrics"
    title = "The execution role may publish the environment's health metrics"
    severity = "mandatory"
    why = "MWAA judges the environment's health by them (AWS's sample for customer keys lacks it)."
    remedy = Remedy(
        setting="existingRoleArn: empty, to have the role made",
        command="aws iam put-role-policy ... (airflow:PublishMetrics on the environment's ARN)",
    )
    source = GUIDE + "mwaa-create-role.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        return permitted(subject, "metrics")
