"""A need of the execution role without a key of one's own."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.permissions import missing_permissions
from policy.rules.rule import Finding, Fix, Rule, require
from policy.rules.sources import GUIDE


class MayUseServiceKey(Rule):
    id = "mwaa-identity-may-use-service-key"
    title = "With AWS's own key the execution role may use keys outside of the account through SQS"
    enforcement = "mandatory"
    severity = "high"
    why = (
        "AWS's key is in an account of AWS: a statement with Resource instead of NotResource fails."
    )
    fix = Fix(
        setting="encryption: customer-managed (better), or existingRoleArn: empty",
        command="aws iam put-role-policy --role-name ROLE --policy-name mwaa"
        " --policy-document ROLE_POLICY (NotResource arn:aws:kms:*:ACCOUNT:key/*,"
        " kms:ViaService sqs)",
    )
    source = GUIDE + "mwaa-create-role.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        if require(platform.environment.kms_key, "the KMS key") is None:
            yield from missing_permissions(platform, "key")
