"""Versioning of the bucket."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import bucket
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class VersioningEnabled(Rule):
    id = "mwaa-storage-versioning-enabled"
    title = "Versioning of the source bucket is enabled"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA refuses a bucket without it: it pins requirements and plugins by version."
    fix = Fix(
        setting="existingBucketName: empty, to have the bucket made",
        command="aws s3api put-bucket-versioning --bucket BUCKET"
        " --versioning-configuration Status=Enabled",
    )
    source = GUIDE + "mwaa-s3-bucket.html"
    frameworks = ("AWS FSBP S3.14",)

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = bucket(platform)
        status = require(found.versioning, "the bucket's versioning")
        if status != "Enabled":
            yield fail(f"versioning {status}", found.id)
