"""A need of the execution role."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy
from checks.permitted import permitted
from checks.sources import GUIDE
from mwaa.subject import Subject


class MayPutMetrics(Check):
    id = "mwaa-identity-may-put-metrics"
    title = "The execution role may put CloudWatch metrics"
    severity = "mandatory"
    why = "Workers scale by these metrics, and alarms watch them."
    remedy = Remedy(
        setting="existingRoleArn: empty, to have the role made",
        command="aws iam put-role-policy ... (cloudwatch:PutMetricData on *)",
    )
    source = GUIDE + "mwaa-create-role.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        return permitted(subject, "put-metrics")
