"""Access control lists of the bucket."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.lookups import bucket
from checks.sources import S3
from mwaa.subject import Subject


class AclsOff(Check):
    id = "mwaa-storage-acls-off"
    title = "Access control lists of the source bucket are off"
    severity = "advisory"
    why = "An object owned by its uploader is out of reach of the bucket's owner and of the role."
    remedy = Remedy(
        setting="existingBucketName: empty, to have the bucket made",
        command="aws s3api put-bucket-ownership-controls --bucket BUCKET"
        " --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'",
    )
    source = S3 + "about-object-ownership.html"
    frameworks = ("AWS FSBP S3.12",)

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = bucket(subject)
        ownership = need(found.ownership, "the bucket's object ownership")
        if ownership not in (None, "BucketOwnerEnforced"):
            yield fail(f"object ownership {ownership}", found.id)
