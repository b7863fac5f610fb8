"""Where the bucket is."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.lookups import bucket
from checks.sources import GUIDE
from mwaa.subject import Subject


class SameRegion(Check):
    id = "mwaa-storage-same-region"
    title = "The source bucket is in the environment's region"
    severity = "mandatory"
    why = "MWAA refuses a bucket of another region."
    remedy = Remedy(
        setting="existingBucketName: a bucket of aws:region",
        command="aws s3api get-bucket-location --bucket BUCKET",
    )
    source = GUIDE + "mwaa-s3-bucket.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = bucket(subject)
        there = need(found.region, "the bucket's region")
        here = need(subject.account.region, "the region")
        if there != here:
            yield fail(f"the bucket is in {there}, the environment in {here}", found.id)
