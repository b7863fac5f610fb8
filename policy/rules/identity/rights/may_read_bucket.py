"""A need of the execution role."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.permissions import missing_permissions
from policy.rules.rule import Finding, Fix, Rule
from policy.rules.sources import GUIDE


class MayReadBucket(Rule):
    id = "mwaa-identity-may-read-bucket"
    title = "The execution role may read the source bucket"
    enforcement = "mandatory"
    severity = "high"
    why = "Else: Provided role does not have sufficient permissions for s3 location."
    fix = Fix(
        setting="existingRoleArn: empty, to have the role made",
        command="aws iam put-role-policy --role-name ROLE --policy-name mwaa"
        " --policy-document ROLE_POLICY (s3:GetObject*, s3:GetBucket* and s3:List* on BUCKET)",
    )
    source = GUIDE + "mwaa-create-role.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        return missing_permissions(platform, "source")
