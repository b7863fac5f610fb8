"""A need of the execution role."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, need
from checks.permitted import permitted
from checks.sources import GUIDE
from mwaa.subject import Subject


class MayUseCustomerKey(Check):
    id = "mwaa-identity-may-use-customer-key"
    title = "The execution role may use the customer managed key through SQS and S3"
    severity = "mandatory"
    why = "Queue and bucket are encrypted with it: else tasks stay queued and DAGs unreadable."
    remedy = Remedy(
        setting="existingRoleArn: empty, to have the role made",
        command="aws iam put-role-policy ... (kms:Decrypt, DescribeKey, GenerateDataKey*, Encrypt"
        " on the key's ARN, kms:ViaService sqs and s3)",
    )
    source = GUIDE + "mwaa-create-role.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        if need(subject.environment.kms_key, "the KMS key") is not None:
            yield from permitted(subject, "key")
