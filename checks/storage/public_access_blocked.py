"""The bucket's public-access block."""

from collections.abc import Iterator
from dataclasses import fields

from checks.check import Check, Finding, Remedy, each, fail, need
from checks.lookups import bucket
from checks.sources import GUIDE
from mwaa.subject import Subject


class PublicAccessBlocked(Check):
    id = "mwaa-storage-public-access-blocked"
    title = "All four public-access flags of the source bucket are on"
    severity = "mandatory"
    why = (
        "MWAA refuses a bucket without them, and DAGs in a public bucket are everyone's to change."
    )
    remedy = Remedy(
        command="aws s3api put-public-access-block --bucket BUCKET"
        " --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,"
        "BlockPublicPolicy=true,RestrictPublicBuckets=true"
    )
    source = GUIDE + "mwaa-s3-bucket.html"
    frameworks = ("AWS FSBP S3.8", "CIS AWS Foundations 2.1.4", "checkov CKV_AWS_53")

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = bucket(subject)
        block = need(found.public_access, "the bucket's public-access block")
        if block is None:
            yield fail("the bucket has no public-access block of its own", found.id)
            return

        def one(flag: str) -> Iterator[Finding]:
            if not need(getattr(block, flag), f"the bucket's flag {flag}"):
                yield fail(f"{flag} is off", found.id)

        yield from each([field.name for field in fields(block)], one)
