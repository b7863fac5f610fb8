"""Whom the bucket's policy lets in."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.analysis.iam.public import fixes_caller, open_statements
from policy.rules.facts.resources import bucket
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import S3


class PolicyNotPublic(Rule):
    id = "mwaa-storage-policy-not-public"
    title = "The bucket's policy lets nobody in who is not named, itself or by a fixed condition"
    enforcement = "mandatory"
    severity = "critical"
    why = "Whoever may write there runs code with the execution role's rights."
    fix = Fix(
        setting="existingBucketName: empty, to have the bucket made",
        command="aws s3api get-bucket-policy-status --bucket BUCKET",
    )
    source = S3 + "access-control-block-public-access.html"
    frameworks = ("AWS FSBP S3.2", "AWS FSBP S3.3")

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = bucket(platform)
        for name in require(open_statements(found.policy, fixes_caller), "the bucket's policy"):
            yield fail(f"statement {name} of the bucket's policy lets everybody in", found.id)
