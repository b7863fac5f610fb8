"""A need of the execution role."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.permissions import missing_permissions
from policy.rules.rule import Finding, Fix, Rule
from policy.rules.sources import GUIDE


class MayReadAccountAccessBlock(Rule):
    id = "mwaa-identity-may-read-account-access-block"
    title = "The execution role may read the account's public-access block"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA verifies that the bucket is not public, and refuses what it cannot verify."
    fix = Fix(
        setting="existingRoleArn: empty, to have the role made",
        command="aws iam put-role-policy --role-name ROLE --policy-name mwaa"
        " --policy-document ROLE_POLICY (s3:GetAccountPublicAccessBlock on *)",
    )
    source = GUIDE + "mwaa-create-role.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        return missing_permissions(platform, "account-access-block")
