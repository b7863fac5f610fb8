"""Where the bucket is."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import bucket
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class SameRegion(Rule):
    id = "mwaa-storage-same-region"
    title = "The source bucket is in the environment's region"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA refuses a bucket of another region."
    fix = Fix(
        setting="existingBucketName: a bucket of aws:region",
        command="aws s3api get-bucket-location --bucket BUCKET",
    )
    source = GUIDE + "mwaa-s3-bucket.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = bucket(platform)
        there = require(found.region, "the bucket's region")
        here = require(platform.account.region, "the region")
        if there != here:
            yield fail(f"the bucket is in {there}, the environment in {here}", found.id)
