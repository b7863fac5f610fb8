"""The bucket's public-access block."""

from collections.abc import Iterator
from dataclasses import fields

from mwaa.model.platform import Platform
from policy.rules.facts.resources import bucket
from policy.rules.rule import Finding, Fix, Rule, each, fail, require
from policy.rules.sources import GUIDE


class PublicAccessBlocked(Rule):
    id = "mwaa-storage-public-access-blocked"
    title = "All four public-access flags of the source bucket are on"
    enforcement = "mandatory"
    severity = "critical"
    why = (
        "MWAA refuses a bucket without them, and DAGs in a public bucket are everyone's to change."
    )
    fix = Fix(
        command="aws s3api put-public-access-block --bucket BUCKET"
        " --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,"
        "BlockPublicPolicy=true,RestrictPublicBuckets=true"
    )
    source = GUIDE + "mwaa-s3-bucket.html"
    frameworks = ("AWS FSBP S3.8", "CIS AWS Foundations 2.1.4", "checkov CKV_AWS_53")

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = bucket(platform)
        block = require(found.public_access, "the bucket's public-access block")
        if block is None:
            yield fail("the bucket has no public-access block of its own", found.id)
            return

        def one(flag: str) -> Iterator[Finding]:
            if not require(getattr(block, flag), f"the bucket's flag {flag}"):
                yield fail(f"{flag} is off", found.id)

        yield from each([field.name for field in fields(block)], one)
