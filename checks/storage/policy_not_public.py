"""Whom the bucket's policy lets in."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.lookups import bucket
from checks.sources import S3
from mwaa.subject import Subject
from proofs.public import fixes_caller, open_statements


class PolicyNotPublic(Check):
    id = "mwaa-storage-policy-not-public"
    title = "The bucket's policy lets nobody in who is not named, itself or by a fixed condition"
    severity = "mandatory"
    why = "Whoever may write there runs code with the execution role's rights."
    remedy = Remedy(
        setting="existingBucketName: empty, to have the bucket made",
        command="aws s3api get-bucket-policy-status --bucket BUCKET",
    )
    source = S3 + "access-control-block-public-access.html"
    frameworks = ("AWS FSBP S3.2", "AWS FSBP S3.3")

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = bucket(subject)
        for name in need(open_statements(found.policy, fixes_caller), "the bucket's policy"):
            yield fail(f"statement {name} of the bucket's policy lets everybody in", found.id)
