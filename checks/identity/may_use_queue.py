"""A need of the execution role."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy
from checks.permitted import permitted
from checks.sources import GUIDE
from mwaa.subject import Subject


class MayUseQueue(Check):
    id = "mwaa-identity-may-use-queue"
    title = "The execution role may use the Celery queue in any account"
    severity = "mandatory"
    why = "The queue lives in an account of AWS; without these rights tasks stay queued for ever."
    remedy = Remedy(
        setting="existingRoleArn: empty, to have the role made",
        command="aws iam put-role-policy ..."
        " (six sqs actions on arn:aws:sqs:REGION:*:airflow-celery-*)",
    )
    source = GUIDE + "mwaa-create-role.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        return permitted(subject, "queue")
