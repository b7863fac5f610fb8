"""A need of the execution role without a key of one's own."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, need
from checks.permitted import permitted
from checks.sources import GUIDE
from mwaa.subject import Subject


class MayUseServiceKey(Check):
    id = "mwaa-identity-may-use-service-key"
    title = "With AWS's own key the execution role may use keys outside of the account through SQS"
    severity = "mandatory"
    why = (
        "AWS's key is in an account of AWS: a statement with Resource instead of NotResource fails."
    )
    remedy = Remedy(
        setting="encryption: customer-managed (better), or existingRoleArn: empty",
        command="aws iam put-role-policy ... (NotResource arn:aws:kms:*:ACCOUNT:key/*,"
        " kms:ViaService sqs)",
    )
    source = GUIDE + "mwaa-create-role.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        if need(subject.environment.kms_key, "the KMS key") is None:
            yield from permitted(subject, "key")
