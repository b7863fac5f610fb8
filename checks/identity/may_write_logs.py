"""A need of the execution role."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy
from checks.permitted import permitted
from checks.sources import GUIDE
from mwaa.subject import Subject


class MayWriteLogs(Check):
    id = "mwaa-identity-may-write-logs"
    title = "The execution role may write and read all five log groups"
    severity = "mandatory"
    why = "Else logs stay blank: Could not read remote logs from log_group."
    remedy = Remedy(
        setting="existingRoleArn: empty, to have the role made",
        command="aws iam put-role-policy ... (seven logs actions on log-group:airflow-NAME-*)",
    )
    source = GUIDE + "mwaa-create-role.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        return permitted(subject, "logs", "log-groups")
