"""What a destroy does to the bucket."""

from collections.abc import Iterator

from checks.check import PLAN, Check, Finding, Remedy, fail, need
from checks.lookups import bucket
from mwaa.subject import Subject


class NotDestroyedWithContents(Check):
    id = "mwaa-storage-not-destroyed-with-contents"
    title = "A destroy does not empty the source bucket"
    severity = "advisory"
    why = "With forceDestroy every version of every DAG goes with the bucket."
    remedy = Remedy(
        setting="forceDestroy: false",
        command="aws s3api put-bucket-versioning (versions cannot be had back once deleted)",
    )
    source = "https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/#forcedestroy_python"
    origins = PLAN

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = bucket(subject)
        if need(found.force_destroy, "forceDestroy"):
            yield fail("forceDestroy is on", found.id)
