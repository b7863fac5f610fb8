"""A need of the execution role."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy
from checks.permitted import permitted
from checks.sources import GUIDE
from mwaa.subject import Subject


class MayReadBucket(Check):
    id = "mwaa-identity-may-read-bucket"
    title = "The execution role may read the source bucket"
    severity = "mandatory"
    why = "Else: Provided role does not have sufficient permissions for s3 location."
    remedy = Remedy(
        setting="existingRoleArn: empty, to have the role made",
        command="aws iam put-role-policy ... (s3:GetObject*, s3:GetBucket* and s3:List* on BUCKET)",
    )
    source = GUIDE + "mwaa-create-role.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        return permitted(subject, "source")
