"""A need of the execution role."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.permissions import missing_permissions
from policy.rules.rule import Finding, Fix, Rule, require
from policy.rules.sources import GUIDE


class MayUseCustomerKey(Rule):
    id = "mwaa-identity-may-use-customer-key"
    title = "The execution role may use the customer managed key through SQS and S3"
    enforcement = "mandatory"
    severity = "high"
    why = "Queue and bucket are encrypted with it: else tasks stay queued and DAGs unreadable."
    fix = Fix(
        setting="existingRoleArn: empty, to have the role made",
        command="aws iam put-role-policy --role-name ROLE --policy-name mwaa"
        " --policy-document ROLE_POLICY (kms:Decrypt, DescribeKey, GenerateDataKey*, Encrypt"
        " on the key's ARN, kms:ViaService sqs and s3)",
    )
    source = GUIDE + "mwaa-create-role.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        if require(platform.environment.kms_key, "the KMS key") is not None:
            yield from missing_permissions(platform, "key")
