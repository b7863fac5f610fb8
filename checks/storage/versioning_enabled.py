"""Versioning of the bucket."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.lookups import bucket
from checks.sources import GUIDE
from mwaa.subject import Subject


class VersioningEnabled(Check):
    id = "mwaa-storage-versioning-enabled"
    title = "Versioning of the source bucket is enabled"
    severity = "mandatory"
    why = "MWAA refuses a bucket without it: it pins requirements and plugins by version."
    remedy = Remedy(
        setting="existingBucketName: empty, to have the bucket made",
        command="aws s3api put-bucket-versioning --bucket BUCKET"
        " --versioning-configuration Status=Enabled",
    )
    source = GUIDE + "mwaa-s3-bucket.html"
    frameworks = ("AWS FSBP S3.14",)

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = bucket(subject)
        status = need(found.versioning, "the bucket's versioning")
        if status != "Enabled":
            yield fail(f"versioning {status}", found.id)
