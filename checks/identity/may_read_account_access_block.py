"""A need of the execution role."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy
from checks.permitted import permitted
from checks.sources import GUIDE
from mwaa.subject import Subject


class MayReadAccountAccessBlock(Check):
    id = "mwaa-identity-may-read-account-access-block"
    title = "The execution role may read the account's public-access block"
    severity = "mandatory"
    why = "MWAA verifies that the bucket is not public, and refuses what it cannot verify."
    remedy = Remedy(
        setting="existingRoleArn: empty, to have the role made",
        command="aws iam put-role-policy ... (s3:GetAccountPublicAccessBlock on *)",
    )
    source = GUIDE + "mwaa-create-role.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        return permitted(subject, "account-access-block")
