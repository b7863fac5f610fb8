"""Whom the bucket's policy lets in."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need, undecided
from checks.lookups import bucket
from checks.sources import S3
from mwaa.subject import Subject, known
from proofs.iam_statements import statements


class PolicyNotPublic(Check):
    id = "mwaa-storage-policy-not-public"
    title = "The bucket's policy lets nobody in without a condition who is not named"
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
        for _, statement in statements(need(found.policy, "the bucket's policy") or {}):
            if not known(statement):
                undecided("a statement of the bucket's policy cannot be known yet")
            principal = statement.get("Principal")
            everyone = principal == "*" or principal == {"AWS": "*"} or "NotPrincipal" in statement
            if statement.get("Effect") == "Allow" and everyone and not statement.get("Condition"):
                yield fail("a statement of the bucket's policy lets everybody in", found.id)
